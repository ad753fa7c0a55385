/// A stretch of source with a meaning of its own, for colours on a page or in a terminal.
public struct SyntaxHighlight: Equatable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// `fn`, `if`, `and`.
        case keyword
        /// `true`, `false`, `nil`.
        case constant
        case number, string, comment
        /// A name that is called or defined as a function.
        case function
        /// The name of an argument or of a record's field.
        case label
    }

    public var kind: Kind
    /// UTF-8 offsets in the text.
    public var span: SourceSpan

    public init(_ kind: Kind, _ span: SourceSpan) {
        self.kind = kind
        self.span = span
    }

    /// The highlights of a text, in its order, none over another. Any text has some, with errors or without.
    public static func highlights(in text: String) -> [SyntaxHighlight] {
        let source = Source(name: "", text: text)
        var lexer = Lexer(source)
        var painter = SyntaxPainter(bytes: source.bytes)
        painter.paint(lexer.tokens(), from: 0)
        return painter.highlights
    }
}

private struct SyntaxPainter {
    let bytes: [UInt8]
    var highlights: [SyntaxHighlight] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter start: where the text of the tokens begins; the last token ends it.
    mutating func paint(_ tokens: [Token], from start: Int) {
        var end = start
        var brackets: [TokenKind] = []
        for (index, token) in tokens.enumerated() {
            paintComments(end, token.span.start)
            end = token.span.end
            switch token.kind {
            case .leftParen, .leftBracket, .leftBrace: brackets.append(token.kind)
            case .rightParen, .rightBracket, .rightBrace: _ = brackets.popLast()
            case .string: paintString(token)
            case .integer, .float: add(.number, token.span.start, token.span.end)
            case .true, .false, .null: add(.constant, token.span.start, token.span.end)
            case .word:
                let next = index + 1 < tokens.count ? tokens[index + 1] : token
                if next.kind == .leftParen, !next.startsLine {
                    add(.function, token.span.start, token.span.end)
                } else if next.kind == .colon, let bracket = brackets.last, bracket != .leftBracket {
                    add(.label, token.span.start, token.span.end)
                }
            default:
                if TokenKind.keywords[token.kind.rawValue] != nil { add(.keyword, token.span.start, token.span.end) }
            }
        }
    }

    /// Between two tokens stand blanks, comments and what the lexer could not read.
    private mutating func paintComments(_ start: Int, _ end: Int) {
        var offset = start
        while offset < end {
            guard bytes[offset] == UInt8(ascii: "#") else {
                offset += 1
                continue
            }
            let last = bytes[offset..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
            add(.comment, offset, last)
            offset = last
        }
    }

    /// The text of a string, and between its pieces what stands in braces.
    private mutating func paintString(_ token: Token) {
        guard case .template(let parts) = token.literal else { return }
        var start = token.span.start
        for tokens in SyntaxPainter.interpolations(parts) {
            guard let first = tokens.first, let last = tokens.last, first.span.start >= start else { continue }
            add(.string, start, first.span.start)
            paint(tokens, from: first.span.start)
            start = last.span.start
        }
        add(.string, start, token.span.end)
    }

    private static func interpolations(_ parts: [TemplatePart]) -> [[Token]] {
        parts.flatMap { part -> [[Token]] in
            guard case .expression(let tokens, let format) = part else { return [] }
            return [tokens] + interpolations(format ?? [])
        }
    }

    private mutating func add(_ kind: SyntaxHighlight.Kind, _ start: Int, _ end: Int) {
        if start < end { highlights.append(SyntaxHighlight(kind, SourceSpan(start, end))) }
    }
}
