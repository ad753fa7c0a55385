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

    init(_ source: Source) {
        self.source = source
        bytes = source.bytes
    }

    /// All tokens; the last is `.end`.
    mutating func tokens() -> [Token] {
        var result: [Token] = []
        result.reserveCapacity(bytes.count / 4)
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
    private mutating func skipSpace() -> Bool {
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
        if let quote = quoteStart() { return string(quote) }
        if let token = curlyString() { return token }
        if byte.isDigit { return number() }
        if byte.isWordStart, !startsFullWidthSign { return word() }
        return symbol()
    }

    private mutating func word() -> Token {
        let start = offset
        while offset < bytes.count, bytes[offset].isWordPart, !(offset > start && startsFullWidthSign) { offset += 1 }
        return Token(kind: keyword(start), span: SourceSpan(start, offset))
    }

    private func keyword(_ start: Int) -> TokenKind {
        guard offset - start >= 2, offset - start <= 8 else { return .word }
        return TokenKind.keywords[String(decoding: bytes[start..<offset], as: UTF8.self)] ?? .word
    }

    private mutating func symbol() -> Token? {
        if let habit = habit() { return habit.token }
        if bytes[offset] < 128 {
            for symbol in TokenKind.symbols[Int(bytes[offset])] where startsHere(symbol.bytes) {
                offset += symbol.bytes.count
                return Token(kind: symbol.kind, span: SourceSpan(offset - symbol.bytes.count, offset))
            }
        }
        let span = SourceSpan(offset, offset + characterLength)
        offset = span.end
        report("E001", "`\(source.text(of: span))` has no meaning here", span)
        return nil
    }

    private func startsHere(_ symbol: [UInt8]) -> Bool {
        guard offset + symbol.count <= bytes.count else { return false }
        for index in 1..<max(1, symbol.count) where bytes[offset + index] != symbol[index] { return false }
        return true
    }

    /// The bytes of the character that stands here.
    var characterLength: Int {
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end - offset
    }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    /// Letters, the underscore, and the letters of other scripts, except the punctuation of U+2000 to U+2FFF.
    var isWordStart: Bool {
        (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z")) || self == UInt8(ascii: "_")
            || (self >= 0xC3 && self != 0xE2)
    }
    var isWordPart: Bool { isWordStart || isDigit || self & 0xC0 == 0x80 }
}
