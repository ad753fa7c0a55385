extension JSONValue {
    /// The document as text; numbers that JSON cannot express become null.
    /// - Parameter indented: one member a line; otherwise no space at all.
    package func text(indented: Bool = false) -> String {
        var text = ""
        write(to: &text, indentation: indented ? 0 : nil)
        return text
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += "\(value)"
        case .double(let value): text += value.isFinite ? "\(value)" : "null"
        case .string(let value): JSONValue.writeString(value, to: &text)
        case .array(let elements):
            JSONValue.writeList("[", elements, "]", to: &text, indentation) { $0.write(to: &$1, indentation: $2) }
        case .object(let members):
            JSONValue.writeList("{", members.elements, "}", to: &text, indentation) {
                JSONValue.writeString($0.key, to: &$1)
                $1 += $2 == nil ? ":" : ": "
                $0.value.write(to: &$1, indentation: $2)
            }
        }
    }

    private static func writeList<Elements: Collection>(
        _ opening: String, _ elements: Elements, _ closing: String, to text: inout String, _ indentation: Int?,
        writeElement: (Elements.Element, inout String, Int?) -> Void
    ) {
        let inner = indentation.map { $0 + 2 }
        text += opening
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            startLine(inner, in: &text)
            writeElement(element, &text, inner)
        }
        if !elements.isEmpty { startLine(indentation, in: &text) }
        text += closing
    }

    private static func startLine(_ indentation: Int?, in text: inout String) {
        if let indentation { text += "\n" + String(repeating: " ", count: indentation) }
    }

    private static func writeString(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
