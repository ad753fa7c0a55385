/// Cuts a source into tokens. It never fails: what it cannot read it reports and leaves out.
struct Lexer {
    let source: Source
    let bytes: [UInt8]
    var offset = 0
    var diagnostics: [Diagnostic] = []
    /// Whether the text ended inside a `"""string"""`: more lines may come.
    var endsInsideString = false
    /// Interpolations inside interpolations.
    var depth = 0
    /// See `mayRead(again:)`.
    var bytesReadAgain = 0

    init(_ source: Source) {
        self.source = source
        bytes = source.bytes
    }

    /// All tokens; the last is `.end`.
    mutating func tokens() -> [Token] {
        var result: [Token] = []
        result.reserveCapacity(bytes.count / 3)
        while true {
            let token = next()
            result.append(token)
            if token.kind == .end { return result }
        }
    }

    mutating func next() -> Token {
        while true {
            let startsLine = skipSpace()
            let start = offset
            guard start < bytes.count else {
                return Token(kind: .end, span: SourceSpan(start, start), startsLine: startsLine)
            }
            if var token = scan() {
                token.span = SourceSpan(start, offset)
                token.startsLine = startsLine
                return token
            }
        }
    }

    func peek(_ distance: Int = 0) -> UInt8 { offset + distance < bytes.count ? bytes[offset + distance] : 0 }

    mutating func report(_ code: String, _ message: String, _ span: SourceSpan, suggestion: String? = nil) {
        diagnostics.append(
            Diagnostic(code: code, message: message, source: source, span: span, suggestion: suggestion))
    }

    /// - Returns: whether there was a newline.
    mutating func skipSpace() -> Bool {
        var sawNewline = false
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\n"):
                sawNewline = true
                offset += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                offset += 1
            case UInt8(ascii: "#"):
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
            case 0xEF where peek(1) == 0xBB && peek(2) == 0xBF && offset == 0:
                offset += 3  // a byte order mark
            default:
                return sawNewline
            }
        }
        return sawNewline
    }

    /// - Returns: `nil` where what stands here is reported and skipped.
    private mutating func scan() -> Token? {
        let byte = bytes[offset]
        if byte.mayOpenString, let quote = quoteStart() { return string(quote) }
        if byte == 0xE2, let token = curlyString() { return token }
        if byte.isDigit { return number() }
        if byte.isWordStart, byte < 128 || !startsFullWidthSign { return word() }
        return symbol()
    }

    private mutating func word() -> Token {
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte < 128 ? byte.isWordPart : byte.isWordPart && !(offset > start && startsFullWidthSign) else { break }
            offset += 1
        }
        return Token(kind: keyword(start), span: SourceSpan(start, offset))
    }

    private func keyword(_ start: Int) -> TokenKind {
        guard bytes[start] < 128, offset - start <= 8 else { return .word }
        let length = offset - start
        for spelling in TokenKind.words[Int(bytes[start])] where spelling.length == length {
            if packed(start, length) == spelling.bytes { return spelling.kind }
        }
        return .word
    }

    /// Up to 8 bytes, the first one lowest.
    private func packed(_ start: Int, _ count: Int) -> UInt64 {
        var result: UInt64 = 0
        for index in 0..<count { result |= UInt64(bytes[start + index]) << UInt64(8 * index) }
        return result
    }

    private mutating func symbol() -> Token? {
        if let habit = habit() { return habit.token }
        if bytes[offset] < 128 {
            for sign in TokenKind.signs[Int(bytes[offset])]
            where offset + sign.length <= bytes.count && packed(offset, sign.length) == sign.bytes {
                offset += sign.length
                return Token(kind: sign.kind, span: SourceSpan(offset - sign.length, offset))
            }
        }
        let span = SourceSpan(offset, offset + characterLength)
        offset = span.end
        report("E001", "`\(source.text(of: span))` has no meaning here", span)
        return nil
    }

    /// The bytes of the character that stands here.
    var characterLength: Int {
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end - offset
    }
}

extension UInt8 {
    /// A quote, or the letter of a raw or formatted string before one.
    var mayOpenString: Bool {
        self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || self == UInt8(ascii: "r") || self == UInt8(ascii: "f")
    }
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    /// Letters, the underscore, and the letters of other scripts, except the punctuation of U+2000 to U+2FFF.
    var isWordStart: Bool {
        (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z")) || self == UInt8(ascii: "_")
            || (self >= 0xC3 && self != 0xE2)
    }
    var isWordPart: Bool { isWordStart || isDigit || self & 0xC0 == 0x80 }
}
