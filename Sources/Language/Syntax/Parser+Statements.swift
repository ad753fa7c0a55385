/// Statements, blocks and recovery.
extension Parser {
    mutating func statements(until close: TokenKind, endsWithSemicolon: inout Bool) -> [Expression] {
        var result: [Expression] = []
        endsWithSemicolon = false
        while true {
            while take(.semicolon) { endsWithSemicolon = !result.isEmpty }
            if kind == close || kind == .end { return result }
            let start = position
            statementStarts.append(start)
            do {
                result.append(try statement())
                endsWithSemicolon = false
                try endStatement(close)
            } catch {
                recover(from: start, close)
            }
        }
    }

    private mutating func endStatement(_ close: TokenKind) throws {
        if kind == .semicolon || kind == .end || kind == close || current.startsLine { return }
        var hint: String?
        switch kind {
        case .if: hint = "write `if condition { a } else { b }`"
        case .word, .string, .integer, .float: hint = "a newline or `;` ends a statement"
        case .comma: hint = "write `(a, b) = ...` to bind several names, `[a, b]` for a list"
        default: break
        }
        throw fail("E012", "did not expect \(describe(current)) here", current.span, suggestion: hint)
    }

    /// Skips to the next statement, over brackets that are opened on the way.
    private mutating func recover(from start: Int, _ close: TokenKind) {
        var open = 0
        if position == start { open += bracketChange(advance().kind) }
        while kind != .end {
            if open <= 0, current.startsLine || kind == .semicolon || kind == close { return }
            open += bracketChange(advance().kind)
        }
    }

    private func bracketChange(_ kind: TokenKind) -> Int {
        switch kind {
        case .leftParen, .leftBracket, .leftBrace: 1
        case .rightParen, .rightBracket, .rightBrace: -1
        default: 0
        }
    }

    private mutating func statement() throws -> Expression {
        if kind == .fn, peek() == .word { return try definition() }
        if kind == .import { return try importStatement() }
        let start = current.span.start
        let left = try expression()
        if kind == .assign, !startsNewStatement {
            let target = try self.target(left)
            advance()
            let value = try expression()
            return Expression(.assignment(target, value), span(from: start))
        }
        if let op = InfixRule.augmented[kind], !startsNewStatement {
            if case .tuple = left.kind {
                throw fail("E014", "only one target can stand before `\(kind.rawValue)`", left.span)
            }
            let target = try self.target(left)
            advance()
            let value = try expression()
            return Expression(.augmented(target, op, value), span(from: start))
        }
        return left
    }

    var startsNewStatement: Bool { newlinesEndStatements && current.startsLine }

    mutating func target(_ expression: Expression) throws -> Target {
        switch expression.kind {
        case .name(let name): return .name(Identifier(name: name, span: expression.span))
        case .member(let object, let name): return .member(object, name)
        case .index(let object, let items): return .index(object, items)
        case .tuple(let items), .list(let items):
            return .tuple(try items.map { try target($0) }, expression.span)
        default:
            throw fail(
                "E014", "this cannot be assigned to", expression.span,
                suggestion: "assign to a name, a field `r.x`, an item `xs[0]` or `(a, b)`")
        }
    }

    /// `{ statements }`
    mutating func block(_ context: String) throws -> Expression {
        guard kind == .leftBrace else {
            let hint = kind == .assign ? "write `==` to compare" : kind == .colon ? "blocks stand in `{ }`" : nil
            throw fail("E010", "expected `{` \(context), found \(describe(current))", current.span, suggestion: hint)
        }
        blockStarts.append(position)
        let opened = advance()
        return try nested { parser in
            try parser.withNewlines(true) { parser in
                var ignored = false
                let body = parser.statements(until: .rightBrace, endsWithSemicolon: &ignored)
                try parser.expect(.rightBrace, "to end the block", opened: opened)
                return Expression(.block(body), parser.span(from: opened.span.start))
            }
        }
    }

    private mutating func definition() throws -> Expression {
        let start = advance().span.start
        let name = try word("after `fn`")
        let literal = try functionRest(name: name.name, start: start)
        return Expression(.definition(name, literal), span(from: start))
    }

    /// `(a, b = 2) { ... }`
    mutating func functionRest(name: String?, start: Int) throws -> FunctionLiteral {
        let parameters = try parameterList()
        let body = try block("to begin the body of \(name.map { "`\($0)`" } ?? "the function")")
        return FunctionLiteral(name: name, parameters: parameters, body: body, span: span(from: start))
    }

    mutating func parameterList() throws -> [ParameterSyntax] {
        let opened = try expect(.leftParen, "before the parameters")
        return try withNewlines(false) { parser in
            var parameters: [ParameterSyntax] = []
            while parser.kind != .rightParen {
                let name = try parser.word("of a parameter")
                if parameters.contains(where: { $0.name.name == name.name }) {
                    parser.report("E016", "there are two parameters `\(name.name)`", name.span)
                }
                let value = parser.take(.assign) ? try parser.expression() : nil
                if value == nil, let last = parameters.last, last.defaultValue != nil {
                    parser.report(
                        "E017", "`\(name.name)` needs a default, since `\(last.name.name)` before it has one", name.span
                    )
                }
                parameters.append(ParameterSyntax(name: name, defaultValue: value))
                if !parser.take(.comma) { break }
            }
            try parser.expect(.rightParen, "after the parameters", opened: opened)
            return parameters
        }
    }

    private mutating func importStatement() throws -> Expression {
        let start = advance().span.start
        let token = try expect(.string, "with the file's path after `import`")
        guard case .template(let parts) = token.literal, parts.count == 1, case .text(let path) = parts[0] else {
            throw fail("E018", "the path of an import must be a plain string", token.span)
        }
        try expect(.as, "after the path", opened: nil)
        let name = try word("after `as`")
        return Expression(.importFile(path: path, pathSpan: token.span, name: name), span(from: start))
    }
}
