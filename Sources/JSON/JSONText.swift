/// A JSON document that is being written, as bytes. Objects and arrays are closed by whoever opened them.
package struct JSONText {
    package var bytes: [UInt8] = []
    /// One member a line; otherwise no space at all.
    private let isIndented: Bool
    private var depth = 0
    /// Whether nothing stands yet in the innermost object or array.
    private var isEmpty = true

    package init(indented: Bool = false) { isIndented = indented }

    package mutating func null() { bytes += "null".utf8 }
    package mutating func bool(_ value: Bool) { bytes += (value ? "true" : "false").utf8 }
    package mutating func int(_ value: Int) { bytes += String(value).utf8 }
    /// The shortest digits that read back as the same number.
    /// - Parameter value: finite.
    package mutating func double(_ value: Double) { bytes += "\(value)".utf8 }

    package mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { text in
            var plain = 0
            for (place, byte) in text.enumerated() where JSONText.needsEscape[Int(byte)] {
                bytes.append(contentsOf: text[plain..<place])
                escape(byte)
                plain = place + 1
            }
            bytes.append(contentsOf: text[plain...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// `{` or `[`
    package mutating func open(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        depth += 1
        isEmpty = true
    }

    /// `}` or `]`
    package mutating func close(_ bracket: Unicode.Scalar) {
        depth -= 1
        if !isEmpty { startLine() }
        bytes.append(UInt8(ascii: bracket))
        isEmpty = false
    }

    /// What stands before every element, and before every name.
    package mutating func next() {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        startLine()
    }

    /// What stands before a member's value.
    package mutating func name(_ name: String) {
        next()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        if isIndented { bytes.append(UInt8(ascii: " ")) }
    }

    private mutating func startLine() {
        guard isIndented else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            bytes += ("u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
        default: bytes.append(byte)
        }
    }

    private static let needsEscape: [Bool] = (0..<256).map { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
}

extension JSONValue {
    /// The document as text; numbers that JSON cannot express become null.
    /// - Parameter indented: one member a line; otherwise no space at all.
    package func text(indented: Bool = false) -> String {
        var text = JSONText(indented: indented)
        write(to: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    package func write(to text: inout JSONText) {
        switch self {
        case .null: text.null()
        case .bool(let value): text.bool(value)
        case .int(let value): text.int(value)
        case .double(let value): if value.isFinite { text.double(value) } else { text.null() }
        case .string(let value): text.string(value)
        case .array(let elements):
            text.open("[")
            for element in elements {
                text.next()
                element.write(to: &text)
            }
            text.close("]")
        case .object(let members):
            text.open("{")
            for (name, value) in members {
                text.name(name)
                value.write(to: &text)
            }
            text.close("}")
        }
    }
}
