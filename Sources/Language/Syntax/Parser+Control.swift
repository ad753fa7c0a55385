/// Functions with an arrow, conditions, loops, errors.
extension Parser {
    /// Whether the parentheses that open here end before `->`.
    func arrowFollows() -> Bool {
        var open = 0
        for index in position..<tokens.count {
            switch tokens[index].kind {
            case .leftParen, .leftBracket, .leftBrace: open += 1
            case .rightParen, .rightBracket, .rightBrace: open -= 1
            default: break
            }
            if open == 0 { return index + 1 < tokens.count && tokens[index + 1].kind == .arrow }
        }
        return false
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
        let start = advance().span.start
        let condition = try header()
        let body = try block("after the condition")
        var otherwise: Expression?
        if take(.else) {
            otherwise = kind == .if ? try nested { try $0.conditional() } : try block("after `else`")
        }
        return Expression(.conditional(condition, then: body, otherwise: otherwise), span(from: start))
    }

    mutating func forLoop() throws -> Expression {
        let start = advance().span.start
        let target = try loopTarget()
        try expect(.in, "after the name")
        let iterable = try header()
        let body = try block("to begin the loop")
        return Expression(.forLoop(target, in: iterable, body: body), span(from: start))
    }

    /// `x`, `(i, x)` or `i, x`
    mutating func loopTarget() throws -> Target {
        let start = current.span.start
        var targets = [try loopName()]
        while take(.comma) { targets.append(try loopName()) }
        return targets.count == 1 ? targets[0] : .tuple(targets, span(from: start))
    }

    private mutating func loopName() throws -> Target {
        guard kind == .leftParen else { return .name(try word("after `for`")) }
        let opened = advance()
        var targets: [Target] = []
        while kind != .rightParen {
            targets.append(try nested { try $0.loopName() })
            if !take(.comma) { break }
        }
        try expect(.rightParen, "after the names", opened: opened)
        return .tuple(targets, span(from: opened.span.start))
    }

    mutating func tryCatch() throws -> Expression {
        let start = advance().span.start
        let body = try block("after `try`")
        try expect(.catch, "after the block of `try`")
        let name = kind == .word ? identifier() : nil
        let handler = try block("after `catch`")
        return Expression(.tryCatch(body, name: name, handler: handler), span(from: start))
    }

    mutating func returnExpression() throws -> Expression {
        let token = advance()
        switch kind {
        case .end, .semicolon, .rightBrace, .rightParen, .rightBracket, .comma:
            return Expression(.returnValue(nil), token.span)
        default: if startsNewStatement { return Expression(.returnValue(nil), token.span) }
        }
        return Expression(.returnValue(try expression()), span(from: token.span.start))
    }
}
