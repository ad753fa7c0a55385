/// Which tokens begin a line.
extension ScriptLayout {
    /// The indentation of the line that begins with this token; nil where it goes on the current line.
    mutating func lineStart(_ index: Int) -> Int? {
        if index == 0 { return 0 }
        let token = tokens[index]
        if token.isStatementStart {
            frame.item = Item()
            return beginsStatementLine(index) ? frame.content : nil
        }
        if frame.bracket != .block {
            if index - 1 == frame.open {
                frame.item = Item()
                return frame.isExpanded ? frame.content : nil
            }
            if tokens[index - 1].kind == .comma {
                frame.item = Item()
                return beginsElementLine(index) ? frame.content : nil
            }
            if token.startsClause, frame.isExpanded, frame.mode == .column || token.isForced { return frame.content }
        }
        return continues(token, index) ? nil : continuationIndent(token)
    }

    private func beginsStatementLine(_ index: Int) -> Bool {
        guard frame.isExpanded else { return false }
        if tokens[index].isForced || frame.mode == .column || index - 1 == frame.open { return true }
        return !fits(index, end(ofStatement: index))
    }

    private func beginsElementLine(_ index: Int) -> Bool {
        guard frame.isExpanded else { return false }
        if tokens[index].isForced || frame.mode == .column { return true }
        let last = end(ofElement: index)
        return !fits(index, last, then: last + 1 < frame.close && tokens[last + 1].kind == .comma ? 1 : 0)
    }

    /// Whether a token inside a statement or an element stays on the line.
    private mutating func continues(_ token: LayoutToken, _ index: Int) -> Bool {
        if token.hasComments { return false }
        if token.kind == .pipe { return !breaksPipes(index) }
        if token.keepsBreak { return false }
        guard frame.isExpanded else { return true }
        if tokens[index - 1].binary != nil { return !breaksOperator(index) }
        if tokens[index - 1].kind == .assign { return !breaksAssignment(index) }
        if token.kind == .dot { return !breaksMethod(index) }
        return true
    }

    private func continuationIndent(_ token: LayoutToken) -> Int {
        switch token.kind {
        case .else, .catch, .semicolon, .comma: itemIndent
        default: itemIndent + SourceFormatter.indentation
        }
    }

    /// Where the current statement or element began.
    var itemIndent: Int { frame.isExpanded ? frame.content : lineIndent }

    // MARK: - Pipes, operators and methods

    /// All pipes of an expression begin lines, or none does.
    private mutating func breaksPipes(_ index: Int) -> Bool {
        if let decided = frame.item.breaksPipes { return decided }
        let last = end(ofElement: index)
        var decision = false
        if frame.isExpanded {
            var position = index
            while position <= last, !decision {
                decision = tokens[position].kind == .pipe && tokens[position].isForced
                position = next(position)
            }
            decision = decision || !fits(index, last, then: trailingWidth(last + 1))
        }
        frame.item.breaksPipes = decision
        return decision
    }

    /// Whether the line ends after an operator: where its right side does not fit, but would fit on a line of its own.
    /// An operator beside a looser one holds its line together.
    private func breaksOperator(_ index: Int) -> Bool {
        guard let precedence = tokens[index - 1].binary else { return false }
        let last = end(ofOperand: index, of: precedence)
        if last + 1 < tokens.count, let after = tokens[last + 1].binary, after < precedence { return false }
        if let earlier = frame.item.earlierOperator, earlier < precedence { return false }
        return breaks(index, last)
    }

    private func breaksAssignment(_ index: Int) -> Bool {
        guard !fits(index, head(index)) else { return false }
        return continuationColumn + measures.width(index, head(index)) <= lineWidth
    }

    private func breaksMethod(_ index: Int) -> Bool {
        guard startsMethod(index) else { return false }
        return breaks(index, tokens[index + 2].partner)
    }

    private func breaks(_ index: Int, _ last: Int) -> Bool {
        let trailing = trailingWidth(last + 1)
        if fits(index, last, then: trailing) { return false }
        if continuationColumn + measures.width(index, last) + trailing <= lineWidth || !fits(index, head(index)) {
            return true
        }
        // Its methods will begin lines; what stands before them may have a line of its own.
        let piece = end(ofPiece: index, last)
        return piece < last && !fits(index, piece) && continuationColumn + measures.width(index, piece) <= lineWidth
    }

    private var continuationColumn: Int { itemIndent + SourceFormatter.indentation }

    // MARK: - Extents

    /// Whether the tokens fit on the current line, up to the first line break that must be, and `then` more columns.
    func fits(_ first: Int, _ last: Int, then more: Int = 0) -> Bool {
        let isOneLine = measures.firstBreak(first + 1, last) == nil && !tokens[first].isMultiline
        return lines.column + measures.width(first, last) + (isOneLine ? more : 0) <= lineWidth
    }

    /// The token behind, over a whole bracket.
    func next(_ index: Int) -> Int { tokens[index].opens ? tokens[index].partner + 1 : index + 1 }

    /// The last token of the statement that begins or goes on here.
    func end(ofStatement start: Int) -> Int {
        var index = next(start)
        while index < frame.close, !tokens[index].isStatementStart { index = next(index) }
        return index - 1
    }

    /// The last token before a comma, a clause of a loop, the end of the statement or the closing bracket.
    func end(ofElement start: Int) -> Int {
        var index = next(start)
        while index < frame.close, !tokens[index].isStatementStart, !tokens[index].startsClause,
            tokens[index].kind != .comma, tokens[index].kind != .semicolon
        {
            index = next(index)
        }
        return index - 1
    }

    /// The last token of an operator's right side.
    private func end(ofOperand start: Int, of precedence: Precedence) -> Int {
        var index = next(start)
        while index < frame.close, !tokens[index].isStatementStart, !tokens[index].startsClause,
            tokens[index].kind != .comma, tokens[index].kind != .semicolon, tokens[index].kind != .pipe,
            tokens[index].binary.map({ $0 > precedence }) ?? true, tokens[index].bracket != .block
        {
            index = next(index)
        }
        return index - 1
    }

    /// The last token before the first method call behind a bracket.
    private func end(ofPiece start: Int, _ last: Int) -> Int {
        var index = next(start)
        while index <= last {
            if startsMethod(index) { return index - 1 }
            index = next(index)
        }
        return last
    }

    /// Whether a dot may begin a line.
    private func startsMethod(_ index: Int) -> Bool {
        tokens[index].kind == .dot && tokens[index - 1].closes && index + 2 < tokens.count
            && tokens[index + 2].bracket == .call
    }

    /// The last token that must stand on the line of this one: the first bracket that opens, or the operator before which
    /// nothing can be broken.
    private func head(_ start: Int) -> Int {
        var index = start
        while index + 1 < tokens.count, index + 1 != frame.close, tokens[index].kind != .comma {
            if tokens[index].opens || tokens[index].binary != nil || tokens[index + 1].isStatementStart
                || tokens[index + 1].isForced || tokens[index + 1].kind == .pipe
            {
                return index
            }
            index += 1
        }
        return index
    }

    /// Columns that follow on the line up to the next place where it may be broken.
    func trailingWidth(_ start: Int) -> Int {
        var width = 0
        var depth = frames.count - 1
        var index = start
        while index < tokens.count, width <= lineWidth {
            let token = tokens[index]
            let isExpanded = frames[depth].isExpanded
            if token.isForced || token.isStatementStart { break }
            if index == frames[depth].close {
                if isExpanded { break }
                depth -= 1
            } else if isExpanded, token.kind == .pipe || token.startsClause {
                break
            } else if isExpanded, startsMethod(index) {
                break
            }
            width += token.space + token.width
            if token.isMultiline || (isExpanded && (token.binary != nil || token.kind == .comma)) { break }
            if token.opens, token.bracket != .index, token.partner > index + 1 { break }
            index += 1
        }
        return width
    }
}
