/// Functions with an arrow, conditions, loops, errors.
extension Parser {
    /// Whether the parentheses that open here end before `->`.
    mutating func arrowFollows() -> Bool {
        guard let close = matchingBracket(at: position) else { return false }
        return close + 1 < tokens.count && tokens[close + 1].kind == .arrow
    }

    /// Where the bracket that stands at a position is closed, by whatever bracket. All are found at the first question:
    /// to look for each alone would take a walk to the end of a text in which none is closed.
    mutating func matchingBracket(at position: Int) -> Int? {
        if closings.isEmpty {
            closings = [Int32](repeating: -1, count: tokens.count)
            var open: [Int] = []
            for index in tokens.indices {
                switch tokens[index].kind {
                case .leftParen, .leftBracket, .leftBrace: open.append(index)
                case .rightParen, .rightBracket, .rightBrace: if let start = open.popLast() { closings[start] = Int32(clamping: index) }
                default: break
                }
            }
        }
        return closings[position] < 0 ? nil : Int(closings[position])
    }

    /// `x -> body` or `(a, b) -> body`
    mutating func arrowFunction() throws -> Expression {
        let start = current.span.start
        let parameters = kind == .word
            ? [ParameterSyntax(name: identifier(), defaultValue: nil)]
            : try parameterList()
        try expect(.arrow, "after the parameters")
        let body = try expression()
        let literal = FunctionLiteral(name: nil, parameters: parameters, body: body, span: span(from: start))
        return Expression(.function(literal), literal.span)
    }

    /// A condition or an iterable: what stands between a keyword and `{`.
    mutating func header() throws -> Expression {
        try withNewlines(true) { try $0.expression() }
    }

    mutating func conditional() throws -> Expression {
        let start = current.span
        let (condition, body) = try conditionAndBlock("after the condition")
        var otherwise: Expression?
        if readElif() {
            otherwise = try nested { try $0.conditional() }
        } else if kind == .else {
            let line = advance().span.start
            otherwise = kind == .if ? try nested { try $0.conditional() } : try block("after `else`", header: line)
        }
        return Expression(.conditional(condition, then: body, otherwise: otherwise), span(from: start.start))
    }

    /// What `if` and `while` have in common. `=` in place of `==` and a missing condition are reported and repaired.
    private mutating func conditionAndBlock(_ context: String) throws -> (Expression, Expression) {
        let word = advance()
        var condition = try header()
        if kind == .assign {
            report(
                "E010", "expected `{` \(context), found `=`", current.span,
                label: "`=` binds a name", suggestion: "write `==` to compare")
            if case .name(let name) = condition.kind { uncertainNames.insert(name) }
            advance()
            let right = try header()
            let span = SourceSpan(condition.span.start, right.span.end)
            condition = Expression(.comparison(condition, [(.order(.equal), right)]), span)
        }
        if case .block = condition.kind, kind != .leftBrace {
            report("E012", "the condition is missing", word.span, suggestion: "write `\(word.kind.rawValue) c { ... }`")
            return (Expression(.bool(true), word.span), condition)
        }
        return (condition, try block(context, header: word.span.start))
    }

    mutating func forLoop() throws -> Expression {
        let start = advance().span.start
        let hasParen = kind == .leftParen && peek() == .word
        if peek(hasParen ? 2 : 1) == .assign, hasParen || kind == .word { return try countingLoop(start) }
        let isWrapped = hasParen && peek(2) == .in
        if isWrapped {
            report(
                "E012", "there are no parentheses around what a loop goes through", current.span,
                suggestion: "write `for \(source.text(of: tokens[position + 1].span)) in ... { }`")
            advance()
        }
        let target = try loopTarget()
        try expect(.in, "after the name")
        let iterable = try header()
        if isWrapped { _ = take(.rightParen) }
        let body = try block("to begin the loop", header: start)
        return Expression(.forLoop(target, in: iterable, body: body), span(from: start))
    }

    /// `for i = 0; i < n; i++ { }` of other languages.
    private mutating func countingLoop(_ start: Int) throws -> Expression {
        let name = tokens[kind == .word ? position : position + 1].span
        let message = "a loop goes through a range or a list"
        let hint = "write `for \(source.text(of: name)) in 0..n { }`"
        let head = current.span
        uncertainNames.insert(source.text(of: name))
        while kind != .leftBrace, kind != .end, !current.startsLine { advance() }
        guard kind == .leftBrace else { throw fail("E012", message, head, suggestion: hint) }
        report("E012", message, head, suggestion: hint)
        return Expression(.whileLoop(Expression(.bool(true), head), body: try block("to begin the loop")), span(from: start))
    }

    mutating func whileLoop() throws -> Expression {
        let start = current.span.start
        let (condition, body) = try conditionAndBlock("to begin the loop")
        return Expression(.whileLoop(condition, body: body), span(from: start))
    }

    /// `x`, `(i, x)`, `[i, x]` or `i, x`
    mutating func loopTarget() throws -> Target {
        let start = current.span.start
        var targets = [try loopName()]
        while take(.comma) { targets.append(try loopName()) }
        return targets.count == 1 ? targets[0] : .tuple(targets, span(from: start))
    }

    private mutating func loopName() throws -> Target {
        guard kind == .leftParen || kind == .leftBracket else { return .name(try word("after `for`")) }
        let opened = advance()
        let close = closing(opened)
        return try bracketed(opened) { parser in
            var targets: [Target] = []
            while parser.kind != close {
                targets.append(try parser.nested { try $0.loopName() })
                if !parser.take(.comma) { break }
            }
            try parser.expect(close, "after the names", opened: opened)
            return .tuple(targets, parser.span(from: opened.span.start))
        }
    }

    mutating func tryCatch() throws -> Expression {
        let word = advance().span
        let start = word.start
        let body = try block("after `try`", header: start)
        let line = current.span.start
        if kind == .word, ["except", "rescue"].contains(source.text(of: current.span)),
            let habit = Habits.statement(source.text(of: current.span))
        {
            report("E012", habit.message, current.span, suggestion: habit.suggestion)
            advance()
            // `except Error as err:`
            while kind == .word, peek() == .word || peek() == .as { advance() }
            if kind == .as { advance() }
        } else {
            guard take(.catch) else {
                isAtNextStatement = current.startsLine
                throw fail(
                    "E010", "expected `catch` after the block of `try`, found \(describe(current))", word,
                    suggestion: "write `try { } catch err { }`")
            }
        }
        let name = try caughtName()
        let handler = try block("after `catch`", header: line)
        return Expression(.tryCatch(body, name: name, handler: handler), span(from: start))
    }

    private mutating func caughtName() throws -> Identifier? {
        guard kind == .leftParen, peek() == .word, peek(2) == .rightParen else {
            return kind == .word ? identifier() : nil
        }
        report("E012", "the name after `catch` has no brackets", current.span, suggestion: "write `catch err { }`")
        advance()
        defer { advance() }
        return identifier()
    }

    mutating func returnExpression() throws -> Expression {
        let token = advance()
        switch kind {
        case .end, .semicolon, .rightBrace, .rightParen, .rightBracket, .comma:
            return Expression(.returnValue(nil), token.span)
        default: if startsNewStatement { return Expression(.returnValue(nil), token.span) }
        }
        var value = try expression()
        if newlinesEndStatements, kind == .comma, !startsNewStatement { value = try withoutBrackets(value) }
        return Expression(.returnValue(value), span(from: token.span.start))
    }
}
