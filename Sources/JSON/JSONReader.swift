extension JSONValue {
    /// Reads a JSON document (RFC 8259); an object with the same name twice is refused, as it means different things
    /// to different readers.
    /// - Parameter source: what messages call the document, such as its path.
    /// - Throws: `ModelError` that names the byte where the document stops being JSON.
    package init(parsing bytes: UnsafeRawBufferPointer, source: String) throws {
        var parser = JSONParser(bytes: bytes, source: source)
        self = try parser.document()
    }

    /// - Throws: `ModelError` as above.
    package init(parsing text: String, source: String) throws {
        var text = text
        self = try text.withUTF8 { try JSONValue(parsing: UnsafeRawBufferPointer($0), source: source) }
    }

    /// - Throws: `ModelError` when the file cannot be read or is not JSON.
    package init(path: String) throws {
        let file = try MappedFile(path: path)
        self = try file.withBytes(in: 0..<file.byteCount) { try JSONValue(parsing: $0, source: path) }
    }
}

private struct JSONParser {
    /// Deeper nesting than this is refused, so that a hostile file cannot exhaust the stack.
    static let nestingLimit = 64

    let bytes: UnsafeRawBufferPointer
    let source: String
    var offset = 0

    mutating func document() throws -> JSONValue {
        let value = try value(nesting: 0)
        skipWhitespace()
        guard offset == bytes.count else { throw failure("there is more after the end of the document") }
        return value
    }

    private mutating func value(nesting: Int) throws -> JSONValue {
        guard nesting < JSONParser.nestingLimit else {
            throw failure("it nests more than \(JSONParser.nestingLimit) deep")
        }
        skipWhitespace()
        switch peek {
        case UInt8(ascii: "{"): return try object(nesting: nesting)
        case UInt8(ascii: "["): return try array(nesting: nesting)
        case UInt8(ascii: "\""): return try .string(string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(nesting: Int) throws -> JSONValue {
        offset += 1
        var members: [String: JSONValue] = [:]
        if skip("}") { return .object(members) }
        repeat {
            skipWhitespace()
            guard peek == UInt8(ascii: "\"") else { throw failure("a member's name is missing") }
            let name = try string()
            guard skip(":") else { throw failure("there is no ':' after \(quoted(name))") }
            guard try members.updateValue(value(nesting: nesting + 1), forKey: name) == nil else {
                throw failure("an object has \(quoted(name)) twice")
            }
        } while skip(",")
        guard skip("}") else { throw failure("an object does not end") }
        return .object(members)
    }

    private mutating func array(nesting: Int) throws -> JSONValue {
        offset += 1
        var elements: [JSONValue] = []
        if skip("]") { return .array(elements) }
        repeat { try elements.append(value(nesting: nesting + 1)) } while skip(",")
        guard skip("]") else { throw failure("a list does not end") }
        return .array(elements)
    }

    private mutating func number() throws -> JSONValue {
        let start = offset
        while let byte = peek, isNumberByte(byte) { offset += 1 }
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), as: UTF8.self)
        // Swift would also read "+1" and "0x1p4", which are not JSON; the allowed bytes leave only the plus sign.
        guard text.first != "+", text.last != "." else { throw failure("a value is missing or wrong") }
        if let int = Int(text) { return .int(int) }
        guard let double = Double(text) else { throw failure("a value is missing or wrong") }
        return .double(double)
    }

    private func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        for i in 0..<word.utf8CodeUnitCount {
            guard peek == word.utf8Start[i] else { throw failure("a value is missing or wrong") }
            offset += 1
        }
        return value
    }

    // MARK: Text

    private mutating func string() throws -> String {
        offset += 1
        let start = offset
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
        if peek == UInt8(ascii: "\"") {  // the common case: nothing to replace
            offset += 1
            return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<offset - 1]), as: UTF8.self)
        }
        var text = [UInt8](bytes[start..<offset])
        while let byte = peek {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(to: &text)
            case 0..<0x20: throw failure("a text holds a control character")
            default: text.append(byte)
            }
        }
        throw failure("a text does not end")
    }

    private mutating func escape(to text: inout [UInt8]) throws {
        guard let byte = peek else { throw failure("a text does not end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"): try text.append(contentsOf: String(unicodeEscape()).utf8)
        default: throw failure("a text holds an unknown escape")
        }
    }

    /// The scalar of `\uXXXX`, whose second half may follow as another escape; half a pair becomes U+FFFD.
    private mutating func unicodeEscape() throws -> Unicode.Scalar {
        let first = try fourHexDigits()
        guard 0xD800..<0xDC00 ~= first, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let rewind = offset
        offset += 2
        let second = try fourHexDigits()
        guard 0xDC00..<0xE000 ~= second else {
            offset = rewind
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("a \\u escape has fewer than four digits")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    // MARK: Movement

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipWhitespace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private func failure(_ what: String) -> ModelError {
        .damaged(source, "it is not valid JSON at byte \(offset): \(what)")
    }
}
