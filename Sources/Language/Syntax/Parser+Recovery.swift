/// Going on after an error, so that each mistake gives one message and the rest of the file is still read.
extension Parser {
    /// A bracket that something else than its closing one follows.
    mutating func unclosed(_ opened: Token, _ wanted: TokenKind) -> Failure {
        let open = opened.kind.rawValue
        if [.rightParen, .rightBracket, .rightBrace].contains(kind), kind != wanted, !closesOuterBracket {
            return fail(
                "E010", "`\(kind.rawValue)` does not close `\(open)`", current.span,
                suggestion: "write `\(wanted.rawValue)`", marks: [mark(opened.span, "opened here")])
        }
        if kind == .end || leavesBracket(opened) || closesOuterBracket {
            isAtNextStatement = current.startsLine
            let end = SourceSpan(previousEnd - 1, previousEnd)
            let isFar = kind != .end && end.start > opened.span.start
            return fail(
                "E010", "this `\(open)` is not closed", opened.span, suggestion: "close it with `\(wanted.rawValue)`",
                marks: isFar ? [mark(end, "`\(wanted.rawValue)` is missing behind this")] : [])
        }
        return fail(
            "E010", "expected `\(wanted.rawValue)` or `,`, found \(describe(current))", current.span,
            suggestion: afterExpression, marks: [mark(opened.span, "opened here")])
    }

    /// Whether the bracket that stands here closes one further out than the innermost.
    private var closesOuterBracket: Bool {
        opened.dropLast().contains { $0.kind.closing == kind }
    }

    /// Whether what stands here looks like the next statement: it begins a later line, no further in than the
    /// bracket's.
    func leavesBracket(_ opened: Token) -> Bool {
        let start = opened.span.start
        return current.startsLine && source.lineNumber(of: current.span.start) > source.lineNumber(of: start)
            && source.indentation(at: current.span.start) <= source.indentation(at: start) && kind != .comma
    }

    /// The innermost bracket, where the next statement stands here without doubt.
    var leftBracket: Token? {
        guard !newlinesEndStatements, current.startsLine, let token = opened.last else { return nil }
        let isStatement = kind == .import || (kind == .fn && peek() == .word)
            || (kind == .word && (peek() == .assign || InfixRule.augmented(peek()) != nil))
        return isStatement && leavesBracket(token) ? token : nil
    }

    /// The closing bracket of the innermost bracket, where that is not a block.
    func closing(_ opened: Token) -> TokenKind { opened.kind.closing ?? .rightBrace }

    /// What to say of a token that follows a whole expression.
    var afterExpression: String? {
        switch kind {
        case .if: "write `if condition { a } else { b }`"
        case .for: "a comprehension stands in `[ ]`"
        case .assign: "write `==` to compare"
        case .colon: "there are no type annotations"
        default: nil
        }
    }

    // MARK: - The next statement

    /// Skips to the next statement, over the brackets that the failed one has opened.
    mutating func recover(from start: Int, _ close: TokenKind) {
        noteNames(from: start)
        let indentation = source.indentation(at: tokens[start].span.start)
        var open = OpenBrackets()
        for token in tokens[start..<position] { open.note(token.kind) }
        defer { isAtNextStatement = false }
        if isAtNextStatement, position > start { return }
        if position == start { open.note(advance().kind) }
        while kind != .end {
            if open.isEmpty, current.startsLine || kind == .semicolon || kind == close { return }
            if kind == close, !open.contains(closedBy: close) { return }
            let isBelowBlock = tokens[position - 1].kind == .rightBrace && tokens[position - 1].startsLine
            if current.startsLine, beginsStatement || isBelowBlock,
                source.indentation(at: current.span.start) <= indentation
            { return }
            open.note(advance().kind)
        }
    }

    /// Whether only a statement begins like this.
    private var beginsStatement: Bool {
        switch kind {
        case .fn, .for, .while, .if, .return, .import, .try, .break, .continue: true
        case .word: peek() == .assign || InfixRule.augmented(peek()) != nil
        default: false
        }
    }

    /// The names that the failed statement, and what else stands in its line, may have been meant to bind.
    private mutating func noteNames(from start: Int) {
        guard position >= notedEnd else { return }
        var end = position
        while tokens[end].kind != .end, !tokens[end].startsLine || end == start { end += 1 }
        notedEnd = end
        let words = tokens[start..<end]
        let lastAssign = words.lastIndex { $0.kind == .assign } ?? start
        let declares = words.contains { [.import, .as, .fn, .for, .catch].contains($0.kind) }
            || Habits.statement(source.text(of: tokens[start].span)) != nil
        for index in words.indices where tokens[index].kind == .word && (index < lastAssign || declares) {
            uncertainNames.insert(source.text(of: tokens[index].span))
        }
    }

    // MARK: - Braces

    /// Remembers a block whose closing brace stands further out than the line that opened it: where a brace is
    /// missing, this is the likely place.
    mutating func noteIndentation(_ opened: Token, _ closed: Token) {
        guard suspect == nil, closed.startsLine,
            source.indentation(at: closed.span.start) < source.indentation(at: opened.span.start)
        else { return }
        suspect = (opened, closed)
    }

    /// The text ended inside a block.
    mutating func reportUnclosedBlock(_ opened: Token) {
        if diagnostics.isEmpty { isIncomplete = true }
        let place = suspect?.opened ?? opened
        var marks: [Diagnostic.Mark] = []
        if let suspect { marks = [mark(suspect.closed.span, "this `}` stands too far out to close it")] }
        suspect = nil
        let isKnown = diagnostics.contains { $0.span == place.span || $0.message == Self.unclosedBlock }
        guard !isKnown else { return }
        report("E010", Self.unclosedBlock, place.span, suggestion: "close it with `}`", marks: marks)
    }

    private static let unclosedBlock = "this `{` is not closed"

    /// The body of a header without `{`: what is indented below it, or the rest of the line.
    mutating func indentedBlock(after header: Int) -> Expression {
        let indentation = source.indentation(at: header)
        let start = current.span.start
        let outer = newlinesEndStatements
        newlinesEndStatements = true
        bodiesWithoutBraces += 1
        defer {
            newlinesEndStatements = outer
            bodiesWithoutBraces -= 1
        }
        var body: [Expression] = []
        var isFirst = true
        while kind != .end, kind != .rightBrace {
            let isBelow = current.startsLine && source.indentation(at: current.span.start) > indentation
            guard isBelow || (isFirst && !current.startsLine) || kind == .semicolon else { break }
            isFirst = false
            if take(.semicolon) { continue }
            if let statement = recoveringStatement(until: .rightBrace) { body.append(statement) }
        }
        return Expression(.block(body), span(from: start))
    }

    /// Where the lexer and the parser both failed in a line, the second failure follows from the first.
    func withoutConsequences(ofLexer found: [Diagnostic]) -> [Diagnostic] {
        func line(_ diagnostic: Diagnostic) -> Int { source.lineNumber(of: diagnostic.span.start) }
        let misread = Dictionary(found.map { (line($0), $0.span.start) }, uniquingKeysWith: min)
        let ended = Dictionary(
            failures.values.map { (source.lineNumber(of: $0), $0) }, uniquingKeysWith: min)
        let own = diagnostics.indices.dropFirst(found.count).filter { index in
            guard let end = failures[index], let start = misread[source.lineNumber(of: end)] else { return true }
            return start > end
        }
        let lexers = found.filter { error in ended[line(error)].map { $0 >= error.span.start } ?? true }
        return (lexers + own.map { diagnostics[$0] }).sorted { $0.span.start < $1.span.start }
    }
}

/// The brackets that are open at a place of a text in which some may be missing.
private struct OpenBrackets {
    private var kinds: [TokenKind] = []
    /// How many of each closing bracket are awaited.
    private var awaited = (parens: 0, brackets: 0, braces: 0)

    var isEmpty: Bool { kinds.isEmpty }

    func contains(closedBy closing: TokenKind) -> Bool {
        switch closing {
        case .rightParen: awaited.parens > 0
        case .rightBracket: awaited.brackets > 0
        case .rightBrace: awaited.braces > 0
        default: false
        }
    }

    mutating func note(_ kind: TokenKind) {
        if let closing = kind.closing {
            kinds.append(kind)
            count(closing, 1)
        } else if contains(closedBy: kind) {
            while let last = removeLast(), last != kind {}
        } else if kind == .rightParen || kind == .rightBracket || kind == .rightBrace {
            // It was meant to close the innermost one.
            _ = removeLast()
        }
    }

    /// - Returns: the bracket that would have closed the innermost one.
    private mutating func removeLast() -> TokenKind? {
        guard let closing = kinds.popLast()?.closing else { return nil }
        count(closing, -1)
        return closing
    }

    private mutating func count(_ closing: TokenKind, _ change: Int) {
        switch closing {
        case .rightParen: awaited.parens += change
        case .rightBracket: awaited.brackets += change
        default: awaited.braces += change
        }
    }
}
