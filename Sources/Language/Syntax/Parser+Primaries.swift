/// What an expression can begin with.
extension Parser {
    mutating func prefix() throws -> Expression {
        let token = current
        switch token.kind {
        case .integer, .float, .string, .true, .false, .null: return try literal()
        case .word: return peek() == .arrow ? try arrowFunction() : try name()
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
            let operand = try expression(.negation)
            switch operand.kind {
            case .int, .float: return operand
            default: return Expression(.plus(operand), span(from: token.span.start))
            }
        case .not:
            advance()
            return Expression(.unary(.not, try expression(.not)), span(from: token.span.start))
        case .if: return try conditional()
        case .for: return try forLoop()
        case .while: return try whileLoop()
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
        if let sign = operatorBefore, token.startsLine || token.kind == .end || Self.closers.contains(token.kind) {
            return fail("E012", "expected an expression after `\(sign.kind.rawValue)`", sign.span)
        }
        if Self.closers.contains(token.kind) {
            guard let last = opened.last, last.kind != .leftBrace else {
                return fail("E012", "`\(token.kind.rawValue)` closes nothing", token.span, suggestion: "leave it out")
            }
            return fail(
                "E012", "expected an expression before `\(token.kind.rawValue)`", token.span,
                marks: [mark(last.span, "opened here")])
        }
        if let last = opened.last, !newlinesEndStatements, token.kind == .end || leavesBracket(last) {
            return unclosed(last, closing(last))
        }
        let hints: [TokenKind: String] = [
            .doubleSlash: "a comment begins with `#`", .at: "there are no decorators", .else: "`else` follows a `}`",
            .star: "there is no unpacking: write the elements, or `xs + ys`",
            .range: "a range has a start and an end, `0..n`; there is no unpacking with `...`",
            .in: "write `for x in xs { }`",
            .doubleStar: "there is no unpacking of records", .catch: "`catch` follows the block of `try`",
            .as: "`as` names an import", .assign: "write `==` to compare",
            .dot: peek() == .integer ? "write `0.\(source.text(of: next.span))`" : "a value stands before `.`",
        ]
        let isNamed = token.kind.isWord && peek() == .assign
        return fail(
            "E012", "expected an expression, found \(describe(token))", token.span,
            suggestion: isNamed
                ? "`\(token.kind.rawValue)` is a word of the language: choose another name" : hints[token.kind])
    }

    private static let closers: Set<TokenKind> = [.rightBrace, .rightParen, .rightBracket]

    /// The operator or `=` just before, which has no right side.
    private var operatorBefore: Token? {
        guard position > 0 else { return nil }
        let token = tokens[position - 1]
        let rule = InfixRule.of(token.kind)
        let isOperator = token.kind == .assign || InfixRule.augmented(token.kind) != nil
            || rule.map { $0.precedence < .postfix } ?? false
        return isOperator ? token : nil
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
        guard let result = try? parser.expression() else { return Expression(.null, inner[0].span) }
        if parser.kind != .end {
            parser.report(
                "E012", "did not expect \(parser.describe(parser.current)) here", parser.current.span,
                suggestion: parser.afterExpression ?? "`\\{` is a brace")
        }
        return result
    }

    private mutating func name() throws -> Expression {
        if peek() == .word || peek() == .colon, !next.startsLine, source.text(of: current.span) == "lambda" {
            return try lambda()
        }
        let identifier = identifier()
        return Expression(.name(identifier.name), identifier.span)
    }

    private var next: Token { tokens[min(position + 1, tokens.count - 1)] }

    /// Python's `lambda x, y: x + y`.
    private mutating func lambda() throws -> Expression {
        let start = advance().span
        var parameters: [ParameterSyntax] = []
        while kind == .word {
            parameters.append(ParameterSyntax(name: identifier(), defaultValue: nil))
            if !take(.comma) { break }
        }
        report("E012", "there is no `lambda`", start, suggestion: "write `x -> x + 1` or `(a, b) -> a + b`")
        try expect(.colon, "after the parameters")
        let body = try expression()
        let literal = FunctionLiteral(
            name: nil, parameters: parameters, body: body, span: span(from: start.start))
        return Expression(.function(literal), literal.span)
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
        return try bracketed(opened) { parser in
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
            try parser.expect(.rightParen, "", opened: opened)
            let span = parser.span(from: opened.span.start)
            // The checker reports those that are no targets.
            return isTuple ? Expression(.tuple(items), span) : items[0]
        }
    }
}
