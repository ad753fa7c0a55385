import Language

/// Reads JSON (RFC 8259) into values. Foundation's readers lose the order of an object's fields, and records are ordered; they
/// also name no line and column.
struct JSONReader {
    /// Deeper nesting is refused, as a hostile file could overflow the stack.
    static let deepest = 512

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private let name: String
    private let firstLine: Int

    /// - Parameters:
    ///   - name: the file's name, for errors.
    ///   - firstLine: the number of the text's first line in that file.
    init(_ text: String, name: String, firstLine: Int = 1) {
        bytes = Array(text.utf8)
        self.name = name
        self.firstLine = firstLine
    }

    /// The one value that the text holds.
    /// - Throws: `RuntimeError` with line and column.
    static func read(_ text: String, name: String, firstLine: Int = 1) throws -> Value {
        var reader = JSONReader(text, name: name, firstLine: firstLine)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == reader.bytes.count else { throw reader.error("there is more after the value") }
        return value
    }

    private mutating func value() throws -> Value {
        skipSpace()
        guard let byte = peek else { throw error("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { reader in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("a value cannot start with `\(Character(Unicode.Scalar(byte)))`")
        }
    }

    private mutating func nested(_ body: (inout JSONReader) throws -> Value) throws -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw error("nested more than \(Self.deepest) deep") }
        position += 1
        return try body(&self)
    }

    private mutating func object() throws -> Value {
        var fields: [(String, Value)] = []
        skipSpace()
        if take("}") { return .object(RecordObject()) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw error("a field's name in quotes should be here") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw error("`:` should follow the name \"\(key)\"") }
            fields.append((key, try value()))
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("`,` or `}` should be here") }
        return .object(RecordObject(fields))
    }

    private mutating func array() throws -> Value {
        var elements: [Value] = []
        skipSpace()
        if take("]") { return .list([]) }
        repeat {
            elements.append(try value())
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("`,` or `]` should be here") }
        return .list(elements)
    }

    private mutating func string() throws -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw error("the string is not UTF-8") }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: Array(String(try escape()).utf8))
            case 0..<0x20: throw error("a control character in a string must be written as \\u00XX")
            default: text.append(byte)
            }
        }
        throw error("the string has no end")
    }

    private mutating func escape() throws -> Character {
        guard let byte = peek else { throw error("the string has no end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
        case UInt8(ascii: "u"): return Character(try scalar())
        default: throw error("`\\\(Character(Unicode.Scalar(byte)))` is not an escape")
        }
    }

    /// The four digits after `\u`, and the second half of a surrogate pair. A lone half becomes U+FFFD.
    private mutating func scalar() throws -> Unicode.Scalar {
        let high = try hexadecimal()
        guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
        let start = position
        if take("\\"), take("u") {
            let low = try hexadecimal()
            if (0xDC00..<0xE000).contains(low) {
                return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
            }
        }
        position = start
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard position + 4 <= bytes.count,
            let number = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error("four hexadecimal digits should follow \\u") }
        position += 4
        return number
    }

    private mutating func number() throws -> Value {
        let start = position
        while let byte = peek, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let isPlain = digits.first?.isNumber == true && !(digits.count > 1 && digits.first == "0" && digits.dropFirst().first!.isNumber)
        if isPlain, digits.allSatisfy(\.isNumber), let int = Int(text) { return .int(int) }
        guard isPlain, !text.hasSuffix("."), let double = Double(text) else {
            position = start
            throw error("`\(text)` is not a number")
        }
        return .float(double)
    }

    private mutating func word(_ text: String, _ value: Value) throws -> Value {
        guard bytes[position...].starts(with: text.utf8) else { throw error("`\(text)` should be here") }
        position += text.utf8.count
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func error(_ reason: String) -> RuntimeError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count(where: { $0 == 0x0A }) + firstLine
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return RuntimeError("\(name):\(line):\(column): not JSON: \(reason)", code: "E301")
    }
}
