/// Lists, comprehensions and records.
extension Parser {
    mutating func list() throws -> Expression {
        let opened = advance()
        return try bracketed(opened) { parser in
            var items: [Expression] = []
            while parser.kind != .rightBracket {
                if let opened = parser.leftBracket { throw parser.unclosed(opened, .rightBracket) }
                items.append(try parser.expression())
                if items.count == 1, parser.kind == .for { return try parser.comprehension(items[0], opened) }
                if !parser.take(.comma) { break }
            }
            try parser.expect(.rightBracket, "", opened: opened)
            return Expression(.list(items), parser.span(from: opened.span.start))
        }
    }

    private mutating func comprehension(_ body: Expression, _ opened: Token) throws -> Expression {
        var clauses: [Comprehension.Clause] = []
        while true {
            guard clauses.count <= Limits.clauses else {
                throw fail(
                    "E015", "this list has too many `for` and `if`: at most \(Limits.clauses) are allowed", current.span)
            }
            if take(.for) {
                let target = try loopTarget()
                try expect(.in, "after the name")
                clauses.append(.iterate(target, try expression()))
            } else if take(.if) {
                clauses.append(.filter(try expression()))
            } else {
                break
            }
        }
        try expect(.rightBracket, "", opened: opened)
        return Expression(.comprehension(Comprehension(body: body, clauses: clauses)), span(from: opened.span.start))
    }

    /// `{}`, `{name: ...}` and `{"name": ...}` are records; everything else in braces is a block.
    /// `{a = 1, b = 2}` where a value is wanted is read as a record too, whose `=` are reported.
    mutating func startsRecord() -> Bool {
        if peek() == .rightBrace { return true }
        guard peek().isWord || [.string, .integer, .float].contains(peek()) else { return false }
        return peek(2) == .colon || (peek(2) == .assign && isValueOfFields())
    }

    /// Whether the brace that stands here, with `name =` behind it, is a value, and holds no statements: nothing but
    /// commas between its parts.
    private mutating func isValueOfFields() -> Bool {
        let before: Set<TokenKind> = [.assign, .leftParen, .comma, .leftBracket, .colon, .return]
        guard position > 0, before.contains(tokens[position - 1].kind), let close = matchingBracket(at: position) else {
            return false
        }
        var depth = 0
        for index in position + 1..<close {
            switch tokens[index].kind {
            case .leftParen, .leftBracket, .leftBrace: depth += 1
            case .rightParen, .rightBracket, .rightBrace: depth -= 1
            case .semicolon: if depth == 0 { return false }
            default:
                let startsStatement = tokens[index].startsLine && index > position + 1 && tokens[index - 1].kind != .comma
                if depth == 0, startsStatement { return false }
            }
        }
        return true
    }

    mutating func record() throws -> Expression {
        let opened = advance()
        return try bracketed(opened) { parser in
            var fields: [Field] = []
            var spans: [String: SourceSpan] = [:]
            while parser.kind != .rightBrace {
                if let opened = parser.leftBracket { throw parser.unclosed(opened, .rightBrace) }
                let field = try parser.field()
                guard fields.count < Limits.parts else {
                    throw parser.fail(
                        "E015", "this record is too long: at most \(Limits.parts) fields can be written",
                        field.keySpan, suggestion: "add more with `r[name] = value`")
                }
                if let first = spans[field.key] {
                    parser.report(
                        "E023", "the field `\(field.key)` is given twice", field.keySpan,
                        marks: [parser.mark(first, "first given here")])
                } else {
                    spans[field.key] = field.keySpan
                }
                fields.append(field)
                if !parser.take(.comma) { break }
            }
            try parser.expect(.rightBrace, "", opened: opened)
            return Expression(.record(fields), parser.span(from: opened.span.start))
        }
    }

    private mutating func field() throws -> Field {
        let token = current
        var key = source.text(of: token.span)
        if kind == .string {
            guard case .template(let parts) = token.literal, parts.count <= 1 else {
                throw fail(
                    "E024", "a field's name must be a plain string", token.span,
                    suggestion: "set it with `r[name] = value`")
            }
            key = ""
            if case .text(let text)? = parts.first { key = text }
            if case .expression? = parts.first {
                throw fail(
                    "E024", "a field's name must be a plain string", token.span,
                    suggestion: "set it with `r[name] = value`")
            }
        } else if !kind.isWord {
            throw fail(
                "E024", "expected a field's name, found \(describe(token))", token.span,
                suggestion: "write a name or a string, such as `name:`")
        }
        advance()
        if kind == .assign {
            report(
                "E010", "a field and its value stand with `:` between them", current.span,
                suggestion: "write `\(source.text(of: token.span)): ...`")
            advance()
        } else {
            try expect(.colon, "after the field's name")
        }
        return Field(key: key, keySpan: token.span, value: try expression())
    }
}
