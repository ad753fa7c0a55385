/// The Pratt loop and the operators.
extension Parser {
    mutating func expression(_ minimum: Precedence = .lowest) throws -> Expression {
        try nested { try $0.operators(minimum) }
    }

    private mutating func operators(_ minimum: Precedence) throws -> Expression {
        let outer = height
        height = 0
        defer { height = max(height, outer) }
        var left = try prefix()
        while let rule = infixRule(), rule.precedence >= minimum, !endsLine(rule) {
            if kind == .not, peek() != .in { break }
            let before = height
            height = 0
            left = try infix(left, rule)
            height = max(before, height) + 1
            guard height <= Limits.chain else {
                throw fail(
                    "E015", "this expression is too long: at most \(Limits.chain) operators in a row are allowed",
                    current.span, suggestion: "give a part of it a name")
            }
        }
        return left
    }

    /// The rule of the operator that stands here. `is` is reported and read as `==`.
    private mutating func infixRule() -> InfixRule? {
        if kind == .word, !startsNewStatement, source.text(of: current.span) == "is", startsOperand(peek()) {
            let isNegated = peek() == .not
            report(
                "E012", "there is no `is`", current.span, suggestion: "write `\(isNegated ? "!=" : "==")`")
            if isNegated { advance() }
            tokens[position].kind = isNegated ? .notEqual : .equal
        }
        return InfixRule.of(kind)
    }

    private func startsOperand(_ kind: TokenKind) -> Bool {
        [.word, .null, .not, .true, .false, .integer, .float, .string, .leftBracket, .leftParen].contains(kind)
    }

    /// Whether a newline ends the statement before this operator. `|>` and `.` go on.
    private func endsLine(_ rule: InfixRule) -> Bool {
        startsNewStatement && kind != .pipe && kind != .dot
    }

    private mutating func infix(_ left: Expression, _ rule: InfixRule) throws -> Expression {
        let start = left.span.start
        if case .call = rule.meaning { return try call(left) }
        if case .index = rule.meaning { return try index(left) }
        if case .comparison = rule.precedence { return try comparison(left) }
        advance()
        switch rule.meaning {
        case .member:
            guard kind.isWord else {
                let text = source.text(of: left.span)
                var hint = kind == .integer ? "write `x[\(source.text(of: current.span))]` for an element" : nil
                if case .int = left.kind { hint = "write `\(text).0`" }
                if case .float = left.kind { hint = nil }
                throw fail(
                    "E011", "expected a field's name after `.`, found \(describe(current))", current.span,
                    suggestion: hint)
            }
            let name = identifier()
            return Expression(.member(left, name), span(from: start))
        case .pipe:
            let right = try expression(rule.precedence.next)
            return Expression(try piped(left, into: right), span(from: start))
        case .or: return Expression(.or(left, try expression(.and)), span(from: start))
        case .and: return Expression(.and(left, try expression(.not)), span(from: start))
        case .range(let isClosed):
            let right = try expression(rule.precedence.next)
            return Expression(.range(left, right, isClosed: isClosed), span(from: start))
        case .power:
            // `**` groups to the right, and its right side may start with a minus.
            return Expression(.binary(.power, left, try expression(.negation)), span(from: start))
        case .arithmetic(let op):
            return Expression(.binary(op, left, try expression(rule.precedence.next)), span(from: start))
        case .comparison, .contained, .notContained, .call, .index:
            return left
        }
    }

    /// `a < b`, and `a < b <= c` as one node.
    private mutating func comparison(_ first: Expression) throws -> Expression {
        var rest: [(Comparison, Expression)] = []
        while let rule = infixRule(), rule.precedence == .comparison, !endsLine(rule) {
            if kind == .not, peek() != .in { break }
            advance()
            let comparison: Comparison
            switch rule.meaning {
            case .comparison(let op): comparison = .order(op)
            case .notContained:
                advance()
                comparison = .contained(isNegated: true)
            default: comparison = .contained(isNegated: false)
            }
            rest.append((comparison, try expression(.range)))
            guard rest.count <= Limits.chain else {
                throw fail(
                    "E015", "this expression is too long: at most \(Limits.chain) operators in a row are allowed",
                    rest[rest.count - 1].1.span, suggestion: "give a part of it a name")
            }
        }
        return Expression(.comparison(first, rest), span(from: first.span.start))
    }

    /// `x |> f(y)` is `f(x, y)`; `x |> f` is `f(x)`.
    private mutating func piped(_ left: Expression, into right: Expression) throws -> Expression.Kind {
        let subject = Argument(name: nil, value: left)
        switch right.kind {
        case .call(let callee, let arguments): return .call(callee, [subject] + arguments)
        case .name, .member, .index, .function: return .call(right, [subject])
        default:
            throw fail(
                "E019", "`|>` needs a function or a call on its right", right.span, suggestion: "write `x |> f(y)`")
        }
    }

    private mutating func call(_ callee: Expression) throws -> Expression {
        let opened = advance()
        var arguments: [Argument] = []
        try bracketed(opened) { parser in
            while parser.kind != .rightParen {
                guard arguments.count < Limits.arguments else {
                    throw parser.fail(
                        "E015", "this call has too many arguments: at most \(Limits.arguments) are allowed",
                        parser.current.span, suggestion: "put them in a list")
                }
                arguments.append(try parser.argument(after: arguments))
                if !parser.take(.comma) { break }
            }
            try parser.expect(.rightParen, "", opened: opened)
        }
        return Expression(.call(callee, arguments), span(from: callee.span.start))
    }

    private mutating func argument(after arguments: [Argument]) throws -> Argument {
        guard kind.isWord, peek() == .colon else {
            if let opened = leftBracket { throw unclosed(opened, .rightParen) }
            let value = try expression()
            if kind == .assign, case .name(let name) = value.kind {
                report("E020", "an argument is named with `:`", current.span, suggestion: "write `\(name): ...`")
                advance()
                return Argument(name: Identifier(name: name, span: value.span), value: try expression())
            }
            if let named = arguments.last(where: { $0.name != nil })?.name {
                report(
                    "E021", "an argument by position stands after `\(named.name):`", value.span,
                    suggestion: "give its name too")
            }
            return Argument(name: nil, value: value)
        }
        let name = identifier()
        advance()
        if let first = arguments.first(where: { $0.name?.name == name.name })?.name {
            report("E022", "`\(name.name)` is given twice", name.span, marks: [mark(first.span, "first given here")])
        }
        return Argument(name: name, value: try expression())
    }

    private mutating func index(_ object: Expression) throws -> Expression {
        let opened = advance()
        var items: [Subscript] = []
        try bracketed(opened) { parser in
            repeat {
                if parser.kind == .rightBracket, !items.isEmpty { break }
                items.append(try parser.subscriptItem())
            } while parser.take(.comma)
            try parser.expect(.rightBracket, "", opened: opened)
        }
        return Expression(.index(object, items), span(from: object.span.start))
    }

    /// `i`, `a:b`, `a:b:c`, with any part of a slice left out.
    private mutating func subscriptItem() throws -> Subscript {
        let start = kind == .colon ? nil : try expression()
        guard take(.colon) else { return .value(start!) }
        let end = try sliceBound()
        let step = take(.colon) ? try sliceBound() : nil
        return .slice(start, end, step)
    }

    private mutating func sliceBound() throws -> Expression? {
        if kind == .colon || kind == .comma || kind == .rightBracket { return nil }
        return try expression()
    }
}
