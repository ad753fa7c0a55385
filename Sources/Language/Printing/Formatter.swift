import Glibc

/// Python's format specifications: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
enum Formatter {
    struct Specification {
        var fill: Character = " "
        var align: Character?
        var sign: Character = "-"
        var isAlternate = false
        var padsWithZeros = false
        var width = 0
        var grouping: Character?
        var precision: Int?
        var type: Character?
    }

    static func format(_ value: Value, _ text: String) throws -> String {
        let specification = try parse(text)
        var isNumber = true
        let body: String
        switch value {
        case .int(let int): body = try format(int, specification, text)
        case .float(let double): body = try format(double, specification, text)
        case .bool where specification.type != nil && specification.type != "s": throw invalid(text, for: value)
        default:
            guard specification.type == nil || specification.type == "s" else { throw invalid(text, for: value) }
            isNumber = false
            let shown = Printer.display(value)
            body = specification.precision.map { String(shown.prefix($0)) } ?? shown
        }
        return pad(body, specification, isNumber: isNumber)
    }

    private static func parse(_ text: String) throws -> Specification {
        var result = Specification()
        var rest = Substring(text)
        let aligns: Set<Character> = ["<", ">", "^", "="]
        if let second = rest.dropFirst().first, aligns.contains(second) {
            result.fill = rest.removeFirst()
            result.align = rest.removeFirst()
        } else if let first = rest.first, aligns.contains(first) {
            result.align = rest.removeFirst()
        }
        if let first = rest.first, "+- ".contains(first) { result.sign = rest.removeFirst() }
        if rest.first == "#" {
            result.isAlternate = true
            rest.removeFirst()
        }
        if rest.first == "0" {
            rest.removeFirst()
            if result.align == nil { result.padsWithZeros = true }
        }
        result.width = try number(&rest, text) ?? 0
        if let first = rest.first, ",_".contains(first) { result.grouping = rest.removeFirst() }
        if rest.first == "." {
            rest.removeFirst()
            guard let precision = try number(&rest, text) else { throw malformed(text) }
            result.precision = precision
        }
        if let first = rest.first, "bcdeEfFgGnosxX%".contains(first) { result.type = rest.removeFirst() }
        guard rest.isEmpty else { throw malformed(text) }
        return result
    }

    private static func number(_ rest: inout Substring, _ text: String) throws -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        rest.removeFirst(digits.count)
        guard let number = Int(digits), number <= 10_000 else {
            throw RuntimeError(
                "the width or precision in the format `\(text)` is too large: at most 10000", code: "E214")
        }
        return number
    }

    private static func malformed(_ text: String) -> RuntimeError {
        RuntimeError("`\(text)` is not a format", code: "E214", suggestion: "such as `.3f`, `>8`, `,`, `.1%`")
    }

    private static func invalid(_ text: String, for value: Value) -> RuntimeError {
        RuntimeError("the format `\(text)` does not suit \(Printer.withType(value))", code: "E214")
    }

    // MARK: - Numbers

    private static func format(_ int: Int, _ specification: Specification, _ text: String) throws -> String {
        let radix: Int
        switch specification.type {
        case nil, "d", "n": radix = 10
        case "b": radix = 2
        case "o": radix = 8
        case "x", "X": radix = 16
        case "c":
            guard let code = UInt32(exactly: int), let scalar = UnicodeScalar(code) else {
                throw invalid(text, for: .int(int))
            }
            return String(scalar)
        case "e", "E", "f", "F", "g", "G", "%": return try format(Double(int), specification, text)
        default: throw invalid(text, for: .int(int))
        }
        guard specification.precision == nil else { throw invalid(text, for: .int(int)) }
        var digits = String(int.magnitude, radix: radix, uppercase: specification.type == "X")
        digits = grouped(digits, specification, every: radix == 10 ? 3 : 4)
        if specification.isAlternate, radix != 10 { digits = "0\(specification.type!)" + digits }
        return sign(int < 0, specification) + digits
    }

    private static func format(_ double: Double, _ specification: Specification, _ text: String) throws -> String {
        let prefix = sign(double.sign == .minus && !double.isNaN, specification)
        let magnitude = double.magnitude
        guard magnitude.isFinite else {
            let name = Printer.number(magnitude)
            return prefix + ("EFG".contains(specification.type ?? "f") ? name.uppercased() : name)
                + (specification.type == "%" ? "%" : "")
        }
        var body: String
        switch specification.type {
        case nil:
            body = specification.precision.map { general(magnitude, $0) } ?? Printer.number(magnitude)
        case "%": body = print(magnitude * 100, "f", specification.precision ?? 6) + "%"
        case "n": body = print(magnitude, "g", specification.precision ?? 6)
        case let type? where "eEfFgG".contains(type): body = print(magnitude, type, specification.precision ?? 6)
        default: throw invalid(text, for: .float(double))
        }
        if specification.grouping != nil {
            let whole = body.prefix { $0.isNumber }
            body = grouped(String(whole), specification, every: 3) + body.dropFirst(whole.count)
        }
        return prefix + body
    }

    /// Python's format without a type: like `g`, but with a digit after the point.
    private static func general(_ value: Double, _ precision: Int) -> String {
        let text = print(value, "g", precision)
        return text.contains(".") || text.contains("e") ? text : text + ".0"
    }

    /// What C's printf gives.
    private static func print(_ value: Double, _ type: Character, _ precision: Int) -> String {
        let capacity = 400 + precision
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
            _ = withVaList([CInt(clamping: precision), value]) {
                vsnprintf(buffer.baseAddress, capacity, "%.*\(type)", $0)
            }
            return String(cString: buffer.baseAddress!)
        }
    }

    private static func sign(_ isNegative: Bool, _ specification: Specification) -> String {
        isNegative ? "-" : specification.sign == "-" ? "" : String(specification.sign)
    }

    private static func grouped(_ digits: String, _ specification: Specification, every size: Int) -> String {
        guard let mark = specification.grouping else { return digits }
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % size == 0 { result.append(mark) }
            result.append(digit)
        }
        return result
    }

    private static func pad(_ body: String, _ specification: Specification, isNumber: Bool) -> String {
        let missing = specification.width - body.unicodeScalars.count
        guard missing > 0 else { return body }
        let zeros = specification.padsWithZeros && isNumber
        let fill = String(repeating: zeros ? "0" : specification.fill, count: missing)
        switch specification.align ?? (zeros ? "=" : isNumber ? ">" : "<") {
        case "<": return body + fill
        case "^":
            let left = fill.prefix(missing / 2)
            return left + body + fill.dropFirst(missing / 2)
        case "=":
            let signs = body.prefix { "+- ".contains($0) }
            return signs + fill + body.dropFirst(signs.count)
        default: return fill + body
        }
    }
}
