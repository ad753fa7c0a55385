/// What an expression can begin with.
extension Parser {
    mutating func prefix() throws -> Expression {
        let token = current
        switch token.kind {
        case .integer, .float, .string, .true, .false, .null: return try literal()
        case .word: return peek() == .arrow ? try arrowFunction() : name()
        case .leftParen: return try arrowFollows() ? arrowFunction() : parenthesis()
        case .leftBracket: return try list()
        case .leftBrace: return try startsRecord() ? record() : block("here")
        case .minus:
            advance()
            if case .beyondLargest = current.literal {
                advance()
                return Expression(.int(.min), span(from: token.span.start))
            }
            let operand = try expression(.negation)
            return Expression(negated(operand), span(from: token.span.start))
        case .plus:
            advance()
            return try expression(.negation)
        case .not:
            advance()
            return Expression(.unary(.not, try expression(.not)), span(from: token.span.start))
        case .if: return try conditional()
        case .for: return try forLoop()
        case .while:
            advance()
            let condition = try header()
            return Expression(.whileLoop(condition, body: try block("to begin the loop")), span(from: token.span.start))
        case .fn:
            advance()
            return Expression(
                .function(try functionRest(name: nil, start: token.span.start)), span(from: token.span.start))
        case .try: return try tryCatch()
        case .noGrad:
            advance()
            return Expression(.noGrad(try block("after `no_grad`")), span(from: token.span.start))
        case .return: return try returnExpression()
        case .break:
            advance()
            return Expression(.breakLoop, token.span)
        case .continue:
            advance()
            return Expression(.continueLoop, token.span)
        default: throw unexpected(token)
        }
    }

    private mutating func unexpected(_ token: Token) -> Failure {
        if token.kind == .rightBrace || token.kind == .rightParen || token.kind == .rightBracket {
            return fail("E012", "`\(token.kind.rawValue)` closes nothing", token.span)
        }
        return fail("E012", "expected an expression, found \(describe(token))", token.span)
    }

    private mutating func literal() throws -> Expression {
        let token = advance()
        switch (token.kind, token.literal) {
        case (.true, _): return Expression(.bool(true), token.span)
        case (.false, _): return Expression(.bool(false), token.span)
        case (_, .int(let value)): return Expression(.int(value), token.span)
        case (_, .beyondLargest):
            report("E003", Lexer.tooLarge, token.span, suggestion: Lexer.writeAsFloat)
            return Expression(.int(0), token.span)
        case (_, .float(let value)): return Expression(.float(value), token.span)
        case (_, .template(let parts)):
            let pieces = try self.pieces(parts)
            if pieces.isEmpty { return Expression(.string(""), token.span) }
            if pieces.count == 1, case .text(let text) = pieces[0] { return Expression(.string(text), token.span) }
            return Expression(.template(pieces), token.span)
        default: return Expression(.null, token.span)
        }
    }

    private mutating func pieces(_ parts: [TemplatePart]) throws -> [Piece] {
        if parts.count > Limits.parts {
            throw fail(
                "E015", "this string has too many parts: at most \(Limits.parts) are allowed",
                tokens[position - 1].span)
        }
        return try parts.map { part in
            switch part {
            case .text(let text): return .text(text)
            case .expression(let tokens, let format):
                return .value(try interpolated(tokens), format: try format.map { try pieces($0) })
            }
        }
    }

    /// The expression between the braces of a string, which has tokens of its own.
    private mutating func interpolated(_ inner: [Token]) throws -> Expression {
        if inner.count == 1 {
            throw fail(
                "E006", "there is nothing between these braces", inner[0].span, suggestion: "write `\\{` for a brace")
        }
        var parser = Parser(source: source, tokens: inner)
        parser.depth = depth
        parser.newlinesEndStatements = false
        defer { diagnostics += parser.diagnostics }
        let result = try parser.expression()
        guard parser.kind == .end else {
            throw parser.fail("E012", "did not expect \(parser.describe(parser.current)) here", parser.current.span)
        }
        return result
    }

    private mutating func name() -> Expression {
        let identifier = identifier()
        return Expression(.name(identifier.name), identifier.span)
    }

    private func negated(_ operand: Expression) -> Expression.Kind {
        switch operand.kind {
        case .int(let value): .int(0 &- value)
        case .float(let value): .float(-value)
        default: .unary(.negate, operand)
        }
    }

    private mutating func parenthesis() throws -> Expression {
        let opened = advance()
        return try withNewlines(false) { parser in
            if parser.kind == .rightParen {
                throw parser.fail("E012", "there is nothing between these parentheses", opened.span)
            }
            var items = [try parser.expression()]
            var isTuple = false
            while parser.take(.comma) {
                isTuple = true
                if parser.kind == .rightParen { break }
                items.append(try parser.expression())
            }
            try parser.expectClosing(.rightParen, "", opened)
            let span = parser.span(from: opened.span.start)
            // The checker reports those that are no targets.
            return isTuple ? Expression(.tuple(items), span) : items[0]
        }
    }

    private mutating func list() throws -> Expression {
        let opened = advance()
        return try withNewlines(false) { parser in
            var items: [Expression] = []
            while parser.kind != .rightBracket {
                items.append(try parser.expression())
                if items.count == 1, parser.kind == .for { return try parser.comprehension(items[0], opened) }
                if !parser.take(.comma) { break }
            }
            try parser.expectClosing(.rightBracket, "or `,` after an element", opened)
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
        try expectClosing(.rightBracket, "to end the list", opened)
        return Expression(.comprehension(Comprehension(body: body, clauses: clauses)), span(from: opened.span.start))
    }

    /// `{}`, `{name: ...}` and `{"name": ...}` are records; everything else in braces is a block.
    private func startsRecord() -> Bool {
        peek() == .rightBrace || ((peek().isWord || peek() == .string) && peek(2) == .colon)
    }

    private mutating func record() throws -> Expression {
        let opened = advance()
        return try withNewlines(false) { parser in
            var fields: [Field] = []
            var keys: Set<String> = []
            while parser.kind != .rightBrace {
                let field = try parser.field()
                guard fields.count < Limits.parts else {
                    throw parser.fail(
                        "E015", "this record is too long: at most \(Limits.parts) fields can be written",
                        field.keySpan, suggestion: "add more with `r[name] = value`")
                }
                if !keys.insert(field.key).inserted {
                    parser.report("E023", "the field `\(field.key)` is given twice", field.keySpan)
                }
                fields.append(field)
                if !parser.take(.comma) { break }
            }
            try parser.expectClosing(.rightBrace, "or `,` after a field", opened)
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
                suggestion: "a name or a string")
        }
        advance()
        try expect(.colon, "after the field's name")
        return Field(key: key, keySpan: token.span, value: try expression())
    }
}
