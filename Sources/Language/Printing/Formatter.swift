import Glibc

/// Values by Python's format specifications.
package enum Formatter {
    package static func format(_ value: Value, _ text: String) throws -> String {
        let specification = try FormatSpecification(text)
        switch value {
        case .int(let int): return try format(int, specification)
        case .float(let double): return try format(double, specification)
        default:
            if let number = try (value.object as? NativeObject)?.number(), specification.type != "s" {
                return try format(number, text)
            }
            return try format(shown: value, specification)
        }
    }

    /// Whatever is no number is written as `str` writes it, and formatted as a text.
    private static func format(shown value: Value, _ specification: FormatSpecification) throws -> String {
        let isText = specification.type == nil || specification.type == "s"
        let isPlain = specification.sign == nil && specification.grouping == nil && !specification.isAlternate
            && !specification.dropsNegativeZero
        guard isText, isPlain, specification.align != "=" else { throw specification.invalid(for: value) }
        let text = Printer.string(value)
        var cut = text
        if let precision = specification.precision {
            cut = ""
            cut.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(precision))
        }
        return specification.padded(cut, align: specification.align ?? "<", fill: specification.fill)
    }

    // MARK: - Numbers

    private static func format(_ int: Int, _ specification: FormatSpecification) throws -> String {
        let radix: Int
        switch specification.type {
        case nil, "d", "n": radix = 10
        case "b": radix = 2
        case "o": radix = 8
        case "x", "X": radix = 16
        case "e", "E", "f", "F", "g", "G", "%": return try format(Double(int), specification)
        default: throw specification.invalid(for: .int(int))
        }
        let isGroupable = specification.grouping == nil || specification.type != "n"
        let isAllowed = specification.precision == nil && !specification.dropsNegativeZero && isGroupable
            && (radix == 10 || specification.grouping != ",")
        guard isAllowed else { throw specification.invalid(for: .int(int)) }
        let digits = String(int.magnitude, radix: radix, uppercase: specification.type == "X")
        var prefix = specification.prefix(isNegative: int < 0)
        if specification.isAlternate, radix != 10, let type = specification.type { prefix += "0\(type)" }
        return assembled(prefix, digits, "", specification, groupSize: radix == 10 ? 3 : 4)
    }

    private static func format(_ double: Double, _ specification: FormatSpecification) throws -> String {
        let type = specification.type ?? " "
        let isAllowed = " eEfFgGn%".contains(type) && (specification.grouping == nil || type != "n")
        guard isAllowed else { throw specification.invalid(for: .float(double)) }
        let body = written(double.magnitude, specification)
        let isZero = !body.prefix { !"eE".contains($0) }.contains { ("1"..."9").contains($0) }
        let isNegative = double.sign == .minus && !double.isNaN
            && !(specification.dropsNegativeZero && double.isFinite && isZero)
        let whole = body.prefix { $0.isASCII && $0.isNumber }
        return assembled(
            specification.prefix(isNegative: isNegative), String(whole), String(body.dropFirst(whole.count)),
            specification, groupSize: 3)
    }

    /// The digits of a number that is not negative.
    private static func written(_ value: Double, _ specification: FormatSpecification) -> String {
        guard value.isFinite else {
            let name = Printer.number(value)
            if "EFG".contains(specification.type ?? " ") { return name.uppercased() }
            return specification.type == "%" ? name + "%" : name
        }
        let isAlternate = specification.isAlternate
        switch specification.type {
        case nil:
            guard let precision = specification.precision else { return Printer.number(value) }
            return general(value, max(1, precision), isAlternate)
        case "%": return print(value * 100, "f", specification.precision ?? 6, isAlternate) + "%"
        case "n": return print(value, "g", specification.precision ?? 6, isAlternate)
        case let type?: return print(value, type, specification.precision ?? 6, isAlternate)
        }
    }

    /// Python's format with a precision and no type: like `g`, but there is a digit behind the point, and one digit
    /// less before the exponent takes over.
    private static func general(_ value: Double, _ precision: Int, _ isAlternate: Bool) -> String {
        let exponent = print(value, "e", precision - 1, isAlternate)
        let power = exponent.split(separator: "e").last.flatMap { Int($0) } ?? 0
        if power >= precision - 1 || power < -4 {
            return isAlternate ? exponent : shortened(exponent)
        }
        let text = print(value, "g", precision, isAlternate)
        return text.contains(".") ? text : text + ".0"
    }

    /// `1.50e+02` without the zeros that say nothing: `1.5e+02`.
    private static func shortened(_ text: String) -> String {
        let parts = text.split(separator: "e")
        guard parts.count == 2, parts[0].contains(".") else { return text }
        var digits = parts[0]
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return "\(digits)e\(parts[1])"
    }

    /// What C's printf gives.
    private static func print(_ value: Double, _ type: Character, _ precision: Int, _ isAlternate: Bool) -> String {
        let capacity = 400 + precision
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
            _ = withVaList([CInt(clamping: precision), value]) {
                vsnprintf(buffer.baseAddress, capacity, isAlternate ? "%#.*\(type)" : "%.*\(type)", $0)
            }
            return String(cString: buffer.baseAddress!)
        }
    }

    // MARK: - Signs, groups and padding

    private static func assembled(
        _ prefix: String, _ digits: String, _ rest: String, _ specification: FormatSpecification, groupSize: Int
    ) -> String {
        let align = specification.align ?? (specification.padsWithZeros ? "=" : ">")
        let room = specification.width - prefix.count - rest.count
        let isZeroFilled = align == "=" && specification.fill == "0"
        let whole = grouped(digits, specification.grouping, every: groupSize, width: isZeroFilled ? room : 0)
        guard align == "=" else {
            return specification.padded(prefix + whole + rest, align: align, fill: specification.fill)
        }
        let missing = max(0, room - whole.count)
        return prefix + String(repeating: specification.fill, count: missing) + whole + rest
    }

    /// Digits with a mark after every few, and zeros before them where a width asks for more.
    private static func grouped(_ digits: String, _ mark: Character?, every size: Int, width: Int) -> String {
        guard let mark, digits.first?.isHexDigit == true else { return digits }
        var result: [Character] = []
        for (index, digit) in digits.reversed().enumerated() {
            if index > 0, index % size == 0 { result.append(mark) }
            result.append(digit)
        }
        var count = digits.count
        while result.count < width {
            if count % size == 0 { result.append(mark) }
            result.append("0")
            count += 1
        }
        return String(result.reversed())
    }
}
