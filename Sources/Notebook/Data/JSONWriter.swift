import Language

/// Writes values as JSON (RFC 8259).
struct JSONWriter {
    private var text = ""
    private let indent: Int?

    /// - Parameter indent: spaces a level, or nil for one line.
    /// - Throws: `RuntimeError` for a value that JSON has no form for: a function, NaN, a model.
    static func write(_ value: Value, indent: Int? = nil) throws -> String {
        var writer = JSONWriter(indent: indent)
        try writer.append(value, depth: 0)
        return writer.text
    }

    private init(indent: Int?) { self.indent = indent }

    private mutating func append(_ value: Value, depth: Int) throws {
        guard depth <= JSONReader.deepest else {
            throw RuntimeError("nested more than \(JSONReader.deepest) deep, or holds itself: JSON cannot be written", code: "E302")
        }
        switch value {
        case .null: text += "null"
        case .bool(let bool): text += bool ? "true" : "false"
        case .int(let int): text += String(int)
        case .float(let double):
            guard double.isFinite else { throw RuntimeError("JSON has no \(double)", code: "E302") }
            text += "\(double)"
        case .object(let object): try append(object, depth: depth)
        }
    }

    private mutating func append(_ object: Object, depth: Int) throws {
        switch object {
        case let string as StringObject: append(quoted: string.text)
        case let record as RecordObject:
            try append(items: record.pairs, brackets: ("{", "}"), depth: depth) { writer, pair in
                writer.append(quoted: pair.0)
                writer.text += writer.indent == nil ? ":" : ": "
                try writer.append(pair.1, depth: depth + 1)
            }
        default:
            guard let elements = try Value.object(object).iterated() else {
                throw RuntimeError("JSON has no form for a \(object.typeName)", code: "E302")
            }
            try append(items: elements, brackets: ("[", "]"), depth: depth) { try $0.append($1, depth: depth + 1) }
        }
    }

    private mutating func append<Item>(
        items: [Item], brackets: (String, String), depth: Int, _ body: (inout JSONWriter, Item) throws -> Void
    ) throws {
        text += brackets.0
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            newLine(depth + 1)
            try body(&self, item)
        }
        if !items.isEmpty { newLine(depth) }
        text += brackets.1
    }

    private mutating func newLine(_ depth: Int) {
        if let indent { text += "\n" + String(repeating: " ", count: indent * depth) }
    }

    private mutating func append(quoted string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
