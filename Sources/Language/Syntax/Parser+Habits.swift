/// Statements as other languages write them: reported, and read as what was meant where that is plain.
extension Parser {
    /// A word of another language that begins a statement there and cannot be a name here.
    mutating func habitHere() -> Habits.Statement? {
        guard kind == .word, !tokens[min(position + 1, tokens.count - 1)].startsLine else { return nil }
        let next = peek()
        let isName = next != .word && next != .fn && next != .string && next != .integer && next != .float
        guard !isName || next == .leftParen else { return nil }
        let text = source.text(of: current.span)
        let isFunction = ["function", "func", "def"].contains(text) && next == .leftParen && arrowOrBraceFollows()
        guard !isName || isFunction else { return nil }
        return Habits.statement(text)
    }

    /// `function (x) {`
    private mutating func arrowOrBraceFollows() -> Bool {
        guard let close = matchingBracket(at: position + 1) else { return false }
        return [.leftBrace, .colon, .arrow].contains(tokens[min(close + 1, tokens.count - 1)].kind)
    }

    mutating func repair(_ habit: Habits.Statement) throws {
        let token = current
        switch habit.repair {
        case .read(let meant):
            report("E012", habit.message, token.span, suggestion: habit.suggestion)
            tokens[position].kind = meant
        case .leaveOut:
            report("E012", habit.message, token.span, suggestion: habit.suggestion)
            advance()
        case .skip:
            let failure = fail("E012", habit.message, token.span, suggestion: habit.suggestion)
            try skipHabit()
            throw failure
        }
    }

    /// Goes to the end of the line, and over the lines that are indented below it.
    private mutating func skipHabit() throws {
        let start = position
        let indentation = source.indentation(at: current.span.start)
        advance()
        while kind != .end, !current.startsLine, kind != .rightBrace, kind != .leftBrace { advance() }
        let endsWithColon = tokens[position - 1].kind == .colon
        for token in tokens[start..<position] where token.kind == .word {
            uncertainNames.insert(source.text(of: token.span))
        }
        guard endsWithColon else { return }
        while kind != .end, !current.startsLine || source.indentation(at: current.span.start) > indentation {
            advance()
        }
    }

    /// `-> int` behind the parameters.
    mutating func skipResultType() {
        let start = current.span.start
        repeat { advance() } while ![.leftBrace, .colon, .end].contains(kind) && !current.startsLine
        report("E012", "there are no type annotations", SourceSpan(start, previousEnd), suggestion: "leave it out")
    }

    /// `elif` is read as the `if` of `else if`.
    mutating func readElif() -> Bool {
        guard kind == .word, peek() != .assign else { return false }
        let word = source.text(of: current.span)
        guard ["elif", "elseif", "elsif"].contains(word), let habit = Habits.statement(word) else { return false }
        report("E012", habit.message, current.span, suggestion: habit.suggestion)
        tokens[position].kind = .if
        return true
    }
}
