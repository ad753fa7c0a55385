/// What a piece of a source is, for whoever shows it in colour, matches its brackets or indents it.
public struct HighlightedSpan: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case keyword, number, string, comment, opening, closing, operation
        /// `true`, `false`, `nil`.
        case constant
        /// A name, and what it is used as: called, the name of an argument or of a field, or neither.
        case name, callee, label
    }

    public var kind: Kind
    public var span: SourceSpan
}

/// Cuts a text, also a half-typed one, into pieces to be shown in colour. By the lexer alone: nothing is parsed.
public struct Highlighter: Sendable {
    /// In the order of the text, without overlaps; white space belongs to none.
    public let spans: [HighlightedSpan]
    /// Whether the text ends inside a `"""string"""`.
    public let endsInsideString: Bool

    public init(_ text: String) {
        let source = Source(name: "", text: text)
        var lexer = Lexer(source)
        let tokens = lexer.tokens()
        endsInsideString = lexer.endsInsideString
        var pieces = Self.pieces(tokens, in: source.bytes)
        pieces += Self.comments(between: pieces, in: source.bytes)
        spans = pieces.sorted { $0.span.start < $1.span.start }
    }

    private static func pieces(_ tokens: [Token], in bytes: [UInt8]) -> [HighlightedSpan] {
        var result: [HighlightedSpan] = []
        var open: [TokenKind] = []
        for (index, token) in tokens.enumerated() where token.kind != .end {
            if case .template(let parts) = token.literal {
                result += string(token.span, parts, in: bytes)
                continue
            }
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            let kind = kind(of: token, before: next, in: open.last)
            if kind == .opening { open.append(token.kind) }
            if kind == .closing { _ = open.popLast() }
            result.append(HighlightedSpan(kind: kind, span: token.span))
        }
        return result
    }

    /// A string's text, with what is interpolated into it as code.
    private static func string(
        _ span: SourceSpan, _ parts: [TemplatePart], in bytes: [UInt8]
    ) -> [HighlightedSpan] {
        var result: [HighlightedSpan] = []
        var end = span.start
        for piece in pieces(interpolated(parts), in: bytes) where piece.span.start >= end {
            // Between two tokens of the code there are only spaces.
            if !isSpace(bytes[end..<piece.span.start]) {
                result.append(HighlightedSpan(kind: .string, span: SourceSpan(end, piece.span.start)))
            }
            result.append(piece)
            end = piece.span.end
        }
        if span.end > end { result.append(HighlightedSpan(kind: .string, span: SourceSpan(end, span.end))) }
        return result
    }

    private static func isSpace(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") }
    }

    private static func interpolated(_ parts: [TemplatePart]) -> [Token] {
        parts.flatMap { part in
            guard case .expression(let tokens, let format) = part else { return [Token]() }
            return tokens + interpolated(format ?? [])
        }
    }

    private static func kind(of token: Token, before next: Token?, in bracket: TokenKind?) -> HighlightedSpan.Kind {
        switch token.kind {
        case .integer, .float: return .number
        case .true, .false, .null: return .constant
        case .string: return .string
        case .leftParen, .leftBracket, .leftBrace: return .opening
        case .rightParen, .rightBracket, .rightBrace: return .closing
        case .word:
            guard let next, !next.startsLine else { return .name }
            if next.kind == .leftParen { return .callee }
            // In `xs[a:b]` it is a bound.
            return next.kind == .colon && (bracket == .leftParen || bracket == .leftBrace) ? .label : .name
        default: return token.kind.isWord ? .keyword : .operation
        }
    }

    /// What the lexer leaves out between tokens: comments, and characters without a meaning, which stay plain.
    private static func comments(between pieces: [HighlightedSpan], in bytes: [UInt8]) -> [HighlightedSpan] {
        var result: [HighlightedSpan] = []
        var offset = 0
        for next in pieces.map(\.span) + [SourceSpan(bytes.count, bytes.count)] {
            while offset < next.start {
                guard bytes[offset] == UInt8(ascii: "#") else {
                    offset += 1
                    continue
                }
                let end = bytes[offset..<next.start].firstIndex(of: UInt8(ascii: "\n")) ?? next.start
                result.append(HighlightedSpan(kind: .comment, span: SourceSpan(offset, end)))
                offset = end
            }
            offset = max(offset, next.end)
        }
        return result
    }

    /// The words of the language, sorted.
    public static let keywords: [String] = TokenKind.keywords.keys.sorted()
}
