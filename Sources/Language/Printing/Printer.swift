/// Values as text, within a budget.
public enum Printer {
    /// What `print` writes: a string as it is, a tensor and a table in lines, everything else as `repr`.
    public static func display(_ value: Value, budget: PrintBudget = PrintBudget()) -> String {
        if let text = value.asString { return text }
        if let lines = (value.object as? NativeObject)?.lines(budget) { return lines }
        if let table = TableText(value, budget: budget) { return table.text }
        return repr(value, budget: budget)
    }

    /// What `str` and `"{value}"` give: a string as it is, everything else on one line.
    public static func string(_ value: Value) -> String { value.asString ?? repr(value) }

    /// A value on one line as a script would write it: strings in quotes.
    public static func repr(_ value: Value, budget: PrintBudget = PrintBudget()) -> String {
        var writer = ValueWriter(budget: budget)
        writer.write(value)
        return writer.text
    }

    /// For messages: one short line.
    static func short(_ value: Value) -> String {
        repr(value, budget: PrintBudget(characters: 60, elements: 6, depth: 2, width: 10_000))
    }

    /// `9,980`
    static func count(_ number: Int) -> String { (try? Formatter.format(.int(number), ",")) ?? "\(number)" }
    /// For the calls of an error: a few characters; of an object its type and shape.
    static func brief(_ value: Value) -> String {
        switch value.object {
        case is FunctionObject, is NativeFunctionObject, is NamespaceObject, is NativeObject: withType(value)
        default: repr(value, budget: PrintBudget(characters: 40, elements: 3, depth: 2, width: 10_000))
        }
    }

    /// For messages: `Int 3`, `String "a"`, `nil`.
    static func withType(_ value: Value) -> String {
        switch value {
        case .null: return "nil"
        case .object(let object as FunctionObject): return "the Function `\(object.name)`"
        case .object(let object as NativeFunctionObject): return "the Function `\(object.function.name)`"
        case .object(let object as NamespaceObject): return "the namespace `\(object.name)`"
        case .object(let object as NativeObject): return "a " + object.typeName + shape(object)
        default: return "\(value.typeName) \(short(value))"
        }
    }

    /// A tensor's shape says more in a message than its values.
    private static func shape(_ object: NativeObject) -> String {
        guard object.memberNames.contains("shape"), let shape = try? object.member("shape") else { return "" }
        let sizes = shape.asList?.elements.map { short($0) } ?? []
        return " of shape (\(sizes.joined(separator: ", "))\(sizes.count == 1 ? "," : ""))"
    }

    /// The shortest digits that read back as the same number, as Python writes them.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let text = "\(value)"
        guard let exponent = text.firstIndex(of: "e") else { return text }
        let power = Int(text[text.index(after: exponent)...]) ?? 0
        let digits = text[..<exponent]
        if power >= 0, power < 16 {
            let sign = digits.hasPrefix("-") ? "-" : ""
            let significant = String(digits.filter { $0.isNumber })
            return sign + significant + String(repeating: "0", count: max(0, power + 1 - significant.count)) + ".0"
        }
        let mantissa = digits.hasSuffix(".0") ? digits.dropLast(2) : digits
        let size = abs(power) < 10 ? "0\(abs(power))" : "\(abs(power))"
        return "\(mantissa)e\(power < 0 ? "-" : "+")\(size)"
    }
}

/// Writes a value and stops when the budget is used up.
struct ValueWriter {
    var budget: PrintBudget
    private(set) var text = ""
    private var isFull = false
    /// Lists and records around the place.
    private var level = 0

    init(budget: PrintBudget) { self.budget = budget }

    private mutating func put(_ piece: String) {
        guard !isFull else { return }
        let count = piece.utf8.count
        if count <= budget.characters {
            text += piece
            budget.characters -= count
        } else {
            text +=
                piece.unicodeScalars.prefix(budget.characters).reduce(into: "") { $0.unicodeScalars.append($1) } + "..."
            budget.characters = 0
            isFull = true
        }
    }

    mutating func write(_ value: Value) {
        switch value {
        case .null: put("nil")
        case .bool(let bool): put(bool ? "true" : "false")
        case .int(let int): put(String(int))
        case .float(let double): put(Printer.number(double))
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ object: Object) {
        switch object {
        case let string as StringObject: put(text(of: string))
        case let list as ListObject: write(list)
        case let record as RecordObject: write(record)
        case let range as RangeObject:
            put(range.step == 1 ? "\(range.start)..\(range.end)" : "range(\(range.start), \(range.end), \(range.step))")
        case let function as FunctionObject: put("<fn \(function.signature)>")
        case let native as NativeFunctionObject: put("<fn \(native.function.name)>")
        case let namespace as NamespaceObject: put("<namespace \(namespace.name)>")
        case let native as NativeObject:
            var inner = budget
            put(native.describe(&inner))
        default: put("<\(object.typeName)>")
        }
    }

    /// In quotes; inside a list or record a long text is cut, with a count.
    private func text(of string: StringObject) -> String {
        guard level > 0, string.byteCount > Self.longText, string.count > Self.longText else {
            return ValueWriter.quoted(string.text, limit: budget.characters)
        }
        let end = string.offset(of: Self.longText)
        let beginning = string.withBytes { String(decoding: $0[..<end], as: UTF8.self) }
        let left = Printer.count(string.count - Self.longText)
        return ValueWriter.quoted(beginning, limit: .max) + "... \(left) more characters"
    }

    /// Characters shown of a text inside a list or record.
    private static let longText = 400

    private mutating func write(_ list: ListObject) {
        enclosed("[", "]", count: list.count) { writer, index in writer.write(list.elements[index]) }
    }

    private mutating func write(_ record: RecordObject) {
        enclosed("{", "}", count: record.count) { writer, index in
            let (key, value) = record.field(at: index)
            writer.put((ValueWriter.isName(key) ? key : ValueWriter.quoted(key, limit: 200)) + ": ")
            writer.write(value)
        }
    }

    /// Elements between brackets; too many are cut in the middle, with a count.
    private mutating func enclosed(
        _ open: String, _ close: String, count: Int, _ element: (inout ValueWriter, Int) -> Void
    ) {
        guard budget.depth > 0 || count == 0 else {
            return put("\(open)... \(Printer.count(count)) element\(count == 1 ? "" : "s") ...\(close)")
        }
        budget.depth -= 1
        level += 1
        put(open)
        let head = count <= budget.elements ? count : (budget.elements + 1) / 2
        let tail = count <= budget.elements ? 0 : budget.elements / 2
        for index in 0..<head where !isFull {
            if index > 0 { put(", ") }
            element(&self, index)
        }
        if head + tail < count { put(", ... \(Printer.count(count - head - tail)) more ...") }
        for index in (count - tail)..<count where !isFull {
            put(", ")
            element(&self, index)
        }
        put(close)
        budget.depth += 1
        level -= 1
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isWordStart else { return false }
        return text.utf8.allSatisfy(\.isWordPart)
    }

    static func quoted(_ text: String, limit: Int) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if result.utf8.count > limit { return result + "..." }
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "{": result += "\\{"
            default:
                if scalar.value < 32 || scalar.value == 127 {
                    result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
