extension JSONValue {
    /// Deeper nesting than this is refused, so that a hostile file cannot exhaust the stack.
    package static let nestingLimit = 512

    /// Reads a JSON document (RFC 8259); an object with the same name twice is refused, as it means different things
    /// to different readers.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.document()
    }

    package init(parsing text: String) throws(JSONError) {
        var text = text
        let result = text.withUTF8 { bytes in
            Result { () throws(JSONError) in try JSONValue(parsing: UnsafeRawBufferPointer(bytes)) }
        }
        self = try result.get()
    }
}

/// Reads one document: a value, and nothing after it.
struct JSONReader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(nesting: 0)
        skipWhitespace()
        guard offset == bytes.count else { throw failure("there is more after the value") }
        return value
    }

    private mutating func value(nesting: Int) throws(JSONError) -> JSONValue {
        skipWhitespace()
        guard let byte = peek else { throw failure("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return try object(nesting: nesting + 1)
        case UInt8(ascii: "["): return try array(nesting: nesting + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("a value cannot start with `\(character)`")
        }
    }

    private mutating func object(nesting: Int) throws(JSONError) -> JSONValue {
        try open(nesting)
        var members = JSONObject()
        if skip("}") { return .object(members) }
        repeat {
            skipWhitespace()
            guard peek == UInt8(ascii: "\"") else { throw failure("a field's name in quotes should be here") }
            let name = try string()
            guard skip(":") else { throw failure("`:` should follow the name \"\(name)\"") }
            guard members.updateValue(try value(nesting: nesting), forKey: name) == nil else {
                throw failure("the object has the name \"\(name)\" twice")
            }
        } while skip(",")
        guard skip("}") else { throw failure("`,` or `}` should be here") }
        return .object(members)
    }

    private mutating func array(nesting: Int) throws(JSONError) -> JSONValue {
        try open(nesting)
        var elements: [JSONValue] = []
        if skip("]") { return .array(elements) }
        repeat { elements.append(try value(nesting: nesting)) } while skip(",")
        guard skip("]") else { throw failure("`,` or `]` should be here") }
        return .array(elements)
    }

    private mutating func open(_ nesting: Int) throws(JSONError) {
        guard nesting <= JSONValue.nestingLimit else {
            throw failure("the document nests more than \(JSONValue.nestingLimit) deep")
        }
        offset += 1
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[offset...].starts(with: word.utf8) else { throw failure("`\(word)` should be here") }
        offset += word.utf8.count
        return value
    }

    // MARK: Movement

    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func skipWhitespace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    /// Passes over white space, and the character if it comes next.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    // MARK: Errors

    /// The character that comes next.
    var character: Character {
        String(decoding: bytes[offset..<min(offset + 16, bytes.count)], as: UTF8.self).first ?? "\u{FFFD}"
    }

    func failure(_ reason: String) -> JSONError {
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Bytes that go on with a character (0b10xxxxxx) do not count.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return JSONError(line: before.count { $0 == 0x0A } + 1, column: column, reason: reason)
    }
}
