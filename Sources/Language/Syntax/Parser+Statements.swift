/// Statements, blocks and recovery.
extension Parser {
    mutating func statements(until close: TokenKind, endsWithSemicolon: inout Bool) -> [Expression] {
        var result: [Expression] = []
        endsWithSemicolon = false
        while true {
            while take(.semicolon) { endsWithSemicolon = !result.isEmpty }
            if kind == close || kind == .end { return result }
            statementStarts.append(position)
            if let statement = recoveringStatement(until: close) {
                result.append(statement)
                endsWithSemicolon = false
            }
        }
    }

    /// A statement with its end; nothing after an error, which is reported.
    mutating func recoveringStatement(until close: TokenKind) -> Expression? {
        let start = position
        var result: Expression?
        do {
            result = try statement()
            try endStatement(close, result)
        } catch {
            // Of a statement in one line nothing is known for sure; a longer one is checked on its own.
            if isSameLine(tokens[start].span, SourceSpan(previousEnd, previousEnd)) { result = nil }
            recover(from: start, close)
        }
        return result
    }

    private mutating func endStatement(_ close: TokenKind, _ statement: Expression?) throws {
        if kind == .semicolon || kind == .end || kind == close || current.startsLine { return }
        if kind == .else, bodiesWithoutBraces > 0 { return }
        if kind == .assign, let failure = operatorWithoutOperand() { throw failure }
        if case .name(let name)? = statement?.kind, let habit = Habits.statement(name), kind != .comma {
            throw fail("E012", habit.message, statement?.span ?? current.span, suggestion: habit.suggestion)
        }
        if [.rightParen, .rightBracket, .rightBrace].contains(kind) {
            throw fail("E012", "`\(kind.rawValue)` closes nothing", current.span, suggestion: "leave it out")
        }
        var hint = afterExpression ?? ([.word, .string, .integer, .float].contains(kind)
            ? "a newline or `;` ends a statement" : nil)
        if let statement, source.text(of: statement.span).contains("//") {
            hint = "a comment begins with `#`; `//` divides"
        } else if kind == .leftBrace {
            hint = tokens[position - 1].kind == .rightParen
                ? "a function is written `fn(x) { ... }` or `x -> ...`"
                : "only `if`, `for`, `while`, `fn`, `try` and the like have blocks"
        }
        throw fail("E012", "did not expect \(describe(current)) here", current.span, suggestion: hint)
    }

    /// `x = 5 *` with `y = 3` in the next line, which is read as `x = 5 * y` at first.
    private mutating func operatorWithoutOperand() -> Failure? {
        guard position >= 2, tokens[position - 1].startsLine else { return nil }
        let sign = tokens[position - 2]
        guard sign.kind == .assign || InfixRule.of(sign.kind) != nil else { return nil }
        position -= 1
        isAtNextStatement = true
        return fail("E012", "expected an expression after `\(sign.kind.rawValue)`", sign.span)
    }

    private mutating func statement() throws -> Expression {
        if let habit = habitHere() { try repair(habit) }
        if kind == .fn, peek() == .word || (peek().isWord && peek(2) == .leftParen) { return try definition() }
        if kind == .import { return try importStatement() }
        let start = current.span.start
        var left = try expression()
        if kind == .comma, !startsNewStatement { left = try withoutBrackets(left) }
        if kind == .assign, !startsNewStatement {
            let target = try self.target(left)
            advance()
            var value = try expression()
            if kind == .comma, !startsNewStatement { value = try withoutBrackets(value) }
            if kind == .assign, !startsNewStatement {
                if let failure = operatorWithoutOperand() { throw failure }
                throw fail(
                    "E012", "an assignment has no value that could be assigned", current.span,
                    suggestion: "bind one name after the other: `b = 3; a = b`")
            }
            return Expression(.assignment(target, value), span(from: start))
        }
        if let op = InfixRule.augmented(kind), !startsNewStatement {
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

    /// `a, b` where a list or `(a, b)` was meant.
    mutating func withoutBrackets(_ first: Expression) throws -> Expression {
        var items = [first]
        while take(.comma) {
            if kind == .assign || kind == .end || startsNewStatement { break }
            items.append(try expression())
        }
        let span = SourceSpan(first.span.start, previousEnd)
        if kind == .assign {
            report(
                "E013", "names that are bound together stand in brackets", span,
                suggestion: "write `(\(source.text(of: span))) = ...`")
            return Expression(.tuple(items), span)
        }
        // After `a, b =` one message is enough.
        if diagnostics.last.map({ $0.code == "E013" && isSameLine($0.span, span) }) != true {
            let text = short(span)
            let groups = text.split(separator: ",", omittingEmptySubsequences: false)
            let isNumber = groups.allSatisfy { $0.allSatisfy(\.isNumber) }
                && groups.dropFirst().allSatisfy { $0.count == 3 }
            report(
                "E013", "there are no tuples", span,
                suggestion: isNumber
                    ? "write `\(text.replacing(",", with: "_"))` for the number" : "write `[\(text)]` for a list")
        }
        return Expression(.list(items), span)
    }

    private func isSameLine(_ a: SourceSpan, _ b: SourceSpan) -> Bool {
        source.lineNumber(of: a.start) == source.lineNumber(of: b.start)
    }

    /// The text of a span if it is short, else an example.
    func short(_ span: SourceSpan) -> String {
        let text = source.text(of: span)
        return text.count <= 30 && !text.contains(where: \.isNewline) ? text : "a, b"
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
    /// - Parameter header: where the line begins that the block belongs to.
    mutating func block(_ context: String, header: Int? = nil) throws -> Expression {
        guard kind == .leftBrace else { return try missingBlock(context, header: header) }
        blockStarts.append(position)
        let opened = advance()
        return try nested { parser in
            try parser.bracketed(opened, newlines: true) { parser in
                var ignored = false
                let body = parser.statements(until: .rightBrace, endsWithSemicolon: &ignored)
                if parser.kind == .rightBrace {
                    parser.noteIndentation(opened, parser.advance())
                } else {
                    parser.reportUnclosedBlock(opened)
                }
                return Expression(.block(body), parser.span(from: opened.span.start))
            }
        }
    }

    /// Says that `{` is missing and reads on with what is indented below.
    private mutating func missingBlock(_ context: String, header: Int?) throws -> Expression {
        let found = current
        let isPython = kind == .colon
        let hint = isPython || header != nil ? "blocks stand in `{ }`" : nil
        guard let header, kind != .end, isPython || kind != .rightParen else {
            throw fail("E010", "expected `{` \(context), found \(describe(found))", found.span, suggestion: hint)
        }
        // After `def f(x)` one message is enough.
        if !(isPython && diagnostics.last.map { isSameLine($0.span, found.span) } ?? false) {
            report("E010", "expected `{` \(context), found \(describe(found))", found.span, suggestion: hint)
        }
        if isPython || ["then", "do"].contains(source.text(of: found.span)) { advance() }
        return try nested { $0.indentedBlock(after: header) }
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
        if kind == .arrow || (kind == .colon && peek() == .word && peek(2) == .leftBrace) { skipResultType() }
        let body = try block("to begin the body of \(name.map { "`\($0)`" } ?? "the function")", header: start)
        return FunctionLiteral(name: name, parameters: parameters, body: body, span: span(from: start))
    }

    mutating func parameterList() throws -> [ParameterSyntax] {
        let opened = try expect(.leftParen, "before the parameters")
        return try bracketed(opened) { parser in
            var parameters: [ParameterSyntax] = []
            while parser.kind != .rightParen {
                let parameter = try parser.parameter(after: parameters)
                guard parameters.count < Limits.arguments else {
                    throw parser.fail(
                        "E015", "this function has too many parameters: at most \(Limits.arguments) are allowed",
                        parameter.name.span, suggestion: "take a list or a record")
                }
                parameters.append(parameter)
                if !parser.take(.comma) { break }
            }
            if parser.kind == .leftBrace {
                _ = parser.unclosed(opened, .rightParen)
                return parameters
            }
            try parser.expect(.rightParen, "after the parameters", opened: opened)
            return parameters
        }
    }

    private mutating func parameter(after others: [ParameterSyntax]) throws -> ParameterSyntax {
        if kind == .star || kind == .doubleStar {
            report(
                "E012", "there is no `\(kind.rawValue)` before a parameter", current.span,
                suggestion: kind == .star ? "take a list" : "take a record")
            advance()
        }
        // `name = value` may be a parameter with its default.
        if kind != .word, let opened = leftBracket { throw unclosed(opened, .rightParen) }
        let name = try word("of a parameter")
        if let other = others.first(where: { $0.name.name == name.name }) {
            report(
                "E016", "there are two parameters `\(name.name)`", name.span,
                marks: [mark(other.name.span, "the first one")])
        }
        if kind == .colon {
            report("E012", "there are no type annotations", current.span, suggestion: "leave it out")
            advance()
            _ = try expression(.range)
        }
        let value = take(.assign) ? try expression() : nil
        if value == nil, let last = others.last, last.defaultValue != nil {
            report(
                "E017", "`\(name.name)` needs a default, since `\(last.name.name)` before it has one", name.span,
                marks: [mark(last.name.span, "this one may be left out")])
        }
        return ParameterSyntax(name: name, defaultValue: value)
    }

    private mutating func importStatement() throws -> Expression {
        let start = advance().span.start
        guard kind == .string else {
            throw fail(
                "E018", "an import names a file", current.span, suggestion: "write `import \"lib.bridge\" as lib`")
        }
        let token = advance()
        guard case .template(let parts) = token.literal, parts.count == 1, case .text(let path) = parts[0] else {
            throw fail("E018", "the path of an import must be a plain string", token.span)
        }
        guard kind == .as else {
            throw fail(
                "E010", "expected `as` after the path, found \(describe(current))", current.span,
                suggestion: "write `import \"\(path)\" as lib`")
        }
        advance()
        let name = try word("after `as`")
        return Expression(.importFile(path: path, pathSpan: token.span, name: name), span(from: start))
    }
}
