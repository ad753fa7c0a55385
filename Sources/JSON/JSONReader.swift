extension JSONValue {
    /// Deeper nesting than this is refused, so that a hostile file cannot exhaust the stack.
    package static let nestingLimit = JSONScanner.nestingLimit

    /// Reads a JSON document (RFC 8259); an object with the same name twice is refused, as it means different things
    /// to different readers.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var reader = JSONReader(bytes, JSONValueBuilder())
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
@usableFromInline
package struct JSONReader<Builder: JSONBuilder> {
    @usableFromInline
    var scanner: JSONScanner
    /// Goes on to the next document of the same kind, where there are several.
    @usableFromInline
    package var builder: Builder

    /// - Parameter whole: what the bytes are, for errors: "text" or "line".
    @inlinable
    package init(_ bytes: UnsafeRawBufferPointer, _ builder: Builder, whole: String = "text") {
        scanner = JSONScanner(bytes: bytes, whole: whole)
        self.builder = builder
    }

    @inlinable
    package mutating func document() throws(JSONError) -> Builder.Value {
        let value = try value(nesting: 0)
        scanner.skipWhitespace()
        guard scanner.isAtEnd else { throw scanner.expected("the end of the \(scanner.whole)") }
        return value
    }

    @inlinable
    mutating func value(nesting: Int) throws(JSONError) -> Builder.Value {
        scanner.skipWhitespace()
        switch scanner.peek {
        case UInt8(ascii: "{"): return try object(nesting: nesting + 1)
        case UInt8(ascii: "["): return try array(nesting: nesting + 1)
        case UInt8(ascii: "\""): return Builder.string(try scanner.string())
        case UInt8(ascii: "t"):
            try scanner.word("true")
            return Builder.bool(true)
        case UInt8(ascii: "f"):
            try scanner.word("false")
            return Builder.bool(false)
        case UInt8(ascii: "n"):
            try scanner.word("null")
            return Builder.null()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw scanner.expected("a value")
        }
    }

    @inlinable
    mutating func number() throws(JSONError) -> Builder.Value {
        let start = scanner.offset
        switch try scanner.number() {
        case .int(let int): return Builder.int(int)
        case .double(let double): return Builder.double(double)
        case .largeInteger(let double):
            guard let value = Builder.largeInteger(double) else { throw scanner.tooLargeInteger(from: start) }
            return value
        }
    }

    @inlinable
    mutating func object(nesting: Int) throws(JSONError) -> Builder.Value {
        try open(nesting)
        var members = builder.members(nesting: nesting)
        if scanner.skip("}") { return builder.object(members, nesting: nesting) }
        repeat {
            scanner.skipWhitespace()
            guard scanner.peek == UInt8(ascii: "\"") else { throw scanner.expected("a field's name in quotes") }
            let start = scanner.offset
            let name = try scanner.string()
            guard scanner.skip(":") else { throw scanner.expected("`:` after the name \"\(name)\"") }
            let value = try value(nesting: nesting)
            guard builder.add(value, named: name, to: &members) else {
                throw scanner.failure("the object has the name \"\(name)\" twice", at: start)
            }
        } while scanner.skip(",")
        guard scanner.skip("}") else { throw scanner.expected("`,` or `}`") }
        return builder.object(members, nesting: nesting)
    }

    @inlinable
    mutating func array(nesting: Int) throws(JSONError) -> Builder.Value {
        try open(nesting)
        var elements: [Builder.Value] = []
        if scanner.skip("]") { return Builder.array(elements) }
        do throws(JSONError) {
            repeat { elements.append(try value(nesting: nesting)) } while scanner.skip(",")
        } catch {
            Builder.abandon(elements)
            throw error
        }
        guard scanner.skip("]") else { throw scanner.expected("`,` or `]`") }
        return Builder.array(elements)
    }

    @inlinable
    mutating func open(_ nesting: Int) throws(JSONError) {
        guard nesting <= JSONScanner.nestingLimit else {
            throw scanner.failure("nested more than \(JSONScanner.nestingLimit) deep", at: scanner.offset)
        }
        guard !Builder.shouldStop else { throw scanner.failure("stopped", at: scanner.offset) }
        scanner.offset += 1
    }
}
