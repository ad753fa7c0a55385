/// How brackets are laid out.
extension ScriptLayout {
    mutating func open(_ index: Int) {
        let token = tokens[index]
        let bracket = token.bracket ?? .group
        let isInBlock = bracket == .block && frame.isExpanded && !isChainLine
        let base = isInBlock ? itemIndent : lineIndent
        let mode: Mode
        if frame.mode == .flat {
            mode = .flat
        } else {
            mode = bracket == .block ? blockMode(index) : bracketMode(index, base)
        }
        frames.append(Frame(open: index, close: token.partner, bracket: bracket, mode: mode, base: base))
    }

    private func bracketMode(_ open: Int, _ base: Int) -> Mode {
        let close = tokens[open].partner
        if script.isBroken[open] == true { return brokenMode(open, base) }
        if close == open + 1 { return .flat }
        if let first = measures.firstBreak(open + 1, close) {
            if tokens[open].bracket == .index { return .hugging }
            let isInLast = first > script.lastComma[open] ?? open
            return isInLast && fits(open + 1, close) ? .hugging : .column
        }
        if fits(open + 1, close, then: trailingWidth(close + 1)) { return .flat }
        if tokens[open].bracket == .index || canHug(open) { return .hugging }
        let mode = ownLinesMode(open, base)
        // A lone string that is too long for every line gains nothing.
        return mode == .column && close == open + 2 ? .hugging : mode
    }

    /// Where the author broke it.
    private func brokenMode(_ open: Int, _ base: Int) -> Mode {
        if script.hasRows[open] == true { return .rows }
        let close = tokens[open].partner
        guard close > open + 1, tokens[open + 1].isForced else { return .column }
        return measures.firstBreak(open + 2, close - 1) == nil ? ownLinesMode(open, base) : .rows
    }

    /// One row between the brackets' lines where everything fits on it, else a line for each element.
    private func ownLinesMode(_ open: Int, _ base: Int) -> Mode {
        let width = measures.width(open + 1, tokens[open].partner - 1)
        return base + SourceFormatter.indentation + width <= lineWidth ? .rows : .column
    }

    /// Whether the last argument of a call is a block, a record or a list that can be broken instead of the call, as
    /// in `map(xs, x -> {`.
    private func canHug(_ open: Int) -> Bool {
        let last = tokens[open].partner - 1
        guard tokens[open].bracket == .call, tokens[last].closes else { return false }
        let inner = tokens[last].partner
        guard inner > open, last > inner + 1, fits(open + 1, inner) else { return false }
        let isWhole = inner == open + 1 || tokens[inner - 1].kind == .comma
        switch tokens[inner].bracket {
        case .block: break
        case .record, .list: if !isWhole { return false }
        default: return false
        }
        return !tokens[(open + 1)..<inner].contains {
            $0.bracket == .list || $0.bracket == .record || $0.bracket == .block
        }
    }

    /// A block goes on one line where it fits there and the author left it there; those of an `if` or a `try` go
    /// together.
    private mutating func blockMode(_ open: Int) -> Mode {
        if let decided = blockModes[open] { return decided }
        let blocks = chain(from: open)
        let end = tokens[blocks[blocks.count - 1]].partner
        let isFlat = measures.firstBreak(open + 1, end) == nil && fits(open + 1, end, then: trailingWidth(end + 1))
        for block in blocks {
            let isEmpty = tokens[block].partner == block + 1 && !tokens[block + 1].hasComments
            let isBroken = script.isBroken[block] == true
            blockModes[block] = isFlat || isEmpty ? .flat : isBroken ? .rows : .column
        }
        return blockModes[open] ?? .flat
    }

    /// The blocks of `if { } else if { } else { }` or `try { } catch { }`, from one of them on.
    private func chain(from open: Int) -> [Int] {
        var blocks = [open]
        while true {
            var index = tokens[blocks[blocks.count - 1]].partner + 1
            guard index < tokens.count, tokens[index].kind == .else || tokens[index].kind == .catch,
                !tokens[index].isStatementStart
            else { return blocks }
            while index < tokens.count, tokens[index].bracket != .block { index = next(index) }
            guard index < tokens.count else { return blocks }
            blocks.append(index)
        }
    }
}
