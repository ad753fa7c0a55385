/// Finds out for each token what it is to its neighbours: one pass with a stack of brackets.
struct Annotator {
    private let outline: SourceOutline
    private var script = AnnotatedScript()
    private var scopes = [Scope(open: -1, bracket: .block)]
    private var statementStarts: Set<Int>
    private var blockStarts: Set<Int>
    /// The author's line break before an operator moves behind it.
    private var breakMovesOn = false

    private struct Scope {
        var open: Int
        var bracket: LayoutToken.Bracket
        var alignment = AssignmentAlignment()
    }

    static func annotate(_ outline: SourceOutline) -> AnnotatedScript {
        var annotator = Annotator(outline)
        annotator.run()
        return annotator.script
    }

    private init(_ outline: SourceOutline) {
        self.outline = outline
        statementStarts = Set(outline.statementStarts)
        blockStarts = Set(outline.blockStarts)
        script.tokens.reserveCapacity(outline.tokens.count)
    }

    private mutating func run() {
        let last = outline.tokens.count - 1
        for index in 0..<last { add(index) }
        script.end = outline.trivia(before: last)
        scopes[0].alignment.finish(&script.tokens)
    }

    private mutating func add(_ index: Int) {
        let source = outline.tokens[index]
        var token = LayoutToken(source, outline.source.text(of: source.span), outline.trivia(before: index))
        token.isStatementStart = statementStarts.contains(index)
        let continues = index > 0 && !token.isStatementStart && endsOperand(index - 1)
        classify(&token, index, continues)
        if token.closes { token.bracket = scopes[scopes.count - 1].bracket }
        token.space = space(before: token, index, continues)
        token.keepsBreak = keepsBreak(token, index, startsLine: source.startsLine)
        script.tokens.append(token)
        note(index, source)
    }

    // MARK: - What it is

    private func endsOperand(_ index: Int) -> Bool {
        switch script.tokens[index].kind {
        case .word, .integer, .float, .string, .true, .false, .null, .rightParen, .rightBracket, .rightBrace: true
        default: index > 0 && script.tokens[index - 1].kind == .dot && script.tokens[index].kind.isWord
        }
    }

    private func classify(_ token: inout LayoutToken, _ index: Int, _ continues: Bool) {
        switch token.kind {
        case .leftParen:
            token.bracket = continues || script.tokens.last?.kind == .fn && !token.isStatementStart ? .call : .group
        case .leftBracket: token.bracket = continues ? .index : .list
        case .leftBrace: token.bracket = blockStarts.contains(index) ? .block : .record
        case .for, .if: token.startsClause = continues && scopes[scopes.count - 1].bracket == .list
        case .minus where !continues, .plus where !continues: token.isSign = true
        default:
            guard continues, token.kind != .pipe, let rule = InfixRule.of(token.kind) else { return }
            if token.kind == .in || token.kind == .not || rule.precedence == .range { return }
            if rule.precedence < .postfix { token.binary = rule.precedence }
        }
    }

    // MARK: - Spaces

    private func space(before token: LayoutToken, _ index: Int, _ continues: Bool) -> Int {
        guard let previous = script.tokens.last else { return 0 }
        let scope = scopes[scopes.count - 1].bracket
        if previous.opens {
            if token.closes { return scope == .block ? 1 : 0 }
            return previous.bracket == .block ? 1 : 0
        }
        if token.closes { return token.bracket == .block ? 1 : 0 }
        // Two signs together would be read as one: `--` and `++` are what other languages have.
        if previous.isSign { return token.kind == previous.kind ? 1 : 0 }
        if previous.kind == .dot { return 0 }
        switch token.kind {
        case .comma, .semicolon, .dot: return 0
        case .colon: return previous.kind == .comma ? 1 : 0
        case .leftParen where token.bracket == .call, .leftBracket where token.bracket == .index: return 0
        case .range, .closedRange: return 0
        default: break
        }
        switch previous.kind {
        case .range, .closedRange: return 0
        case .colon: return scope == .index ? 0 : 1
        default: return 1
        }
    }

    // MARK: - Line breaks

    private mutating func keepsBreak(_ token: LayoutToken, _ index: Int, startsLine: Bool) -> Bool {
        let starts = startsLine || breakMovesOn
        breakMovesOn = false
        guard index > 0, starts else { return false }
        let previous = script.tokens[index - 1]
        let scope = scopes[scopes.count - 1]
        if token.isStatementStart { return startsLine }
        if token.closes { return scope.bracket == .block }
        if index - 1 == scope.open { return scope.bracket != .index }
        if previous.kind == .comma, scope.bracket != .block { return true }
        if token.binary != nil {
            breakMovesOn = true
            return false
        }
        return token.startsClause || token.kind == .pipe || token.kind == .dot || previous.binary != nil
    }

    // MARK: - Brackets

    private mutating func note(_ index: Int, _ source: Token) {
        let token = script.tokens[index]
        let top = scopes.count - 1
        let open = scopes[top].open
        if open >= 0, token.isForced {
            script.isBroken[open] = true
            if !token.closes, token.startsClause || script.tokens[index - 1].kind == .comma {
                script.hasRows[open] = true
            }
        }
        if token.kind == .comma { script.lastComma[open] = index }
        if scopes[top].bracket == .block {
            scopes[top].alignment.note(index, script.tokens, outline, startsLine: index == 0 || source.startsLine)
        }
        if token.opens {
            scopes.append(Scope(open: index, bracket: token.bracket ?? .group))
        } else if token.closes, top > 0 {
            scopes[top].alignment.finish(&script.tokens)
            script.tokens[index].partner = open
            script.tokens[open].partner = index
            scopes.removeLast()
        }
    }
}
