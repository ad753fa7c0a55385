/// Conditions, loops and the ways out of them.
extension Compiler {
    mutating func conditional(
        _ condition: Expression, _ then: Expression, _ otherwise: Expression?, _ span: SourceSpan, _ isWanted: Bool
    ) {
        let exits = jumpsUnless(condition)
        let before = code.assigned
        compileBranch(then, isWanted)
        let afterThen = code.assigned
        code.assigned = before
        guard otherwise != nil || isWanted else { return exits.forEach { code.land($0) } }
        let end = code.emitJump(.jump, span)
        exits.forEach { code.land($0) }
        if isWanted { code.adjust(-1) }
        if let otherwise { compileBranch(otherwise, isWanted) } else { code.emit(.null, span) }
        code.land(end)
        code.assigned = before.union(afterThen.intersection(code.assigned))
    }

    private mutating func compileBranch(_ node: Expression, _ isWanted: Bool) {
        if isWanted { value(node) } else { effect(node) }
    }

    /// Evaluates a condition; one of the jumps is taken where it is false.
    private mutating func jumpsUnless(_ condition: Expression) -> [Int] {
        switch condition.kind {
        case .and(let left, let right):
            let exits = jumpsUnlessBoth(left)
            let before = code.assigned
            defer { code.assigned = before }
            return exits + jumpsUnlessBoth(right)
        case .comparison(let first, let rest):
            guard rest.count == 1, case .order(let op) = rest[0].0 else { break }
            value(first)
            value(rest[0].1)
            return [code.emitBranch(op, condition.span)]
        default: break
        }
        value(condition)
        return [code.emitJump(.jumpIfFalse, condition.span)]
    }

    /// An operand of `and`, which must be a Bool.
    private mutating func jumpsUnlessBoth(_ operand: Expression) -> [Int] {
        switch operand.kind {
        case .and, .comparison: return jumpsUnless(operand)
        default:
            value(operand)
            return [code.emitJump(.jumpUnlessBoth, operand.span)]
        }
    }

    mutating func whileLoop(_ condition: Expression, _ body: Expression, _ span: SourceSpan, _ isWanted: Bool) {
        let start = code.label()
        let exits = jumpsUnless(condition)
        let before = code.assigned
        let loop = enterLoop(outside: code.temporaries)
        effect(body)
        leaveLoop()
        loop.continues.forEach { code.land($0) }
        code.emit(.loop, start, span)
        exits.forEach { code.land($0) }
        loop.breaks.forEach { code.land($0) }
        code.assigned = before
        if isWanted { code.emit(.null, span) }
    }

    /// As a value it is the list of its body's values.
    mutating func forLoop(
        _ target: Target, _ iterable: Expression, _ body: Expression, _ span: SourceSpan, _ isWanted: Bool
    ) {
        let list = isWanted ? startList(span) : nil
        let loop = each(target, in: iterable, span) { compiler in
            guard let list else { return compiler.effect(body) }
            compiler.value(body)
            compiler.code.emit(.append, list, body.span)
        }
        loop.breaks.forEach { code.land($0) }
        if let list { finishList(list, span) }
    }

    mutating func startList(_ span: SourceSpan) -> Int {
        let slot = code.takeTemporary()
        code.emit(.list, 0, span)
        code.emit(.storeLocal, slot, span)
        return slot
    }

    mutating func finishList(_ slot: Int, _ span: SourceSpan) {
        code.emit(.loadLocal, slot, span)
        code.emit(.clearLocal, slot, span)
        code.giveBackTemporary()
    }

    /// A loop over the elements; its breaks are the caller's to land.
    private mutating func each(
        _ target: Target, in iterable: Expression, _ span: SourceSpan, _ body: (inout Compiler) -> Void
    ) -> CodeBuilder.Loop {
        value(iterable)
        let turns = beginTurns(target, iterable.span)
        let loop = enterLoop(outside: code.temporaries - 1)
        body(&self)
        leaveLoop()
        loop.continues.forEach { code.land($0) }
        endTurns(turns, span)
        return loop
    }

    /// What the two ends of a loop over elements share.
    private struct Turns {
        var iterator: Int
        /// Where each turn asks for the next element; where the first one's body begins.
        var start: Int
        var body: Int
        /// The jump behind the loop.
        var exit: Int
        /// The iterator and the local that takes the element, where one does without more ado.
        var slots: Int?
        var assigned: Set<Int>
    }

    /// The iterable is on the stack.
    private mutating func beginTurns(_ target: Target, _ span: SourceSpan) -> Turns {
        let iterator = code.takeTemporary()
        code.emit(.iterate, iterator, span)
        let start = code.label()
        let before = code.assigned
        let slots = plainLocal(target).flatMap { Opcode.pair(iterator, $0) }
        let exit = code.emit(slots == nil ? .next : .nextLocal, slot: slots ?? iterator, span)
        if slots == nil { bindTurn(target, span) } else if let local = plainLocal(target) { code.assigned.insert(local) }
        return Turns(
            iterator: iterator, start: start, body: code.label(), exit: exit, slots: slots, assigned: before)
    }

    private mutating func endTurns(_ turns: Turns, _ span: SourceSpan) {
        if let slots = turns.slots {
            let again = code.emit(.loopLocal, slot: slots, span)
            code.land(again, at: turns.body)
        } else {
            code.emit(.loop, turns.start, span)
        }
        code.land(turns.exit)
        code.assigned = turns.assigned
        code.giveBackTemporary()
    }

    /// The slot of a name that is a local of its own, not seen by inner functions.
    private func plainLocal(_ target: Target) -> Int? {
        guard case .name(let name) = target, case .local(let slot, let own) = scopes.resolve(name.name) else { return nil }
        return scopes.current.captured.contains(own) ? nil : slot
    }

    mutating func comprehension(_ comprehension: Comprehension, _ span: SourceSpan) {
        let list = startList(span)
        clauses(comprehension.clauses[...], comprehension, list)
        finishList(list, span)
    }

    private mutating func clauses(
        _ rest: ArraySlice<Comprehension.Clause>, _ comprehension: Comprehension, _ list: Int
    ) {
        switch rest.first {
        case nil:
            value(comprehension.body)
            code.emit(.append, list, comprehension.body.span)
        case .filter(let condition):
            let exits = jumpsUnless(condition)
            clauses(rest.dropFirst(), comprehension, list)
            exits.forEach { code.land($0) }
        case .iterate(let target, let iterable):
            iterate(target, iterable, rest.dropFirst(), comprehension, list)
        }
    }

    private mutating func iterate(
        _ target: Target, _ iterable: Expression, _ rest: ArraySlice<Comprehension.Clause>,
        _ comprehension: Comprehension, _ list: Int
    ) {
        var names: [String: String] = [:]
        for name in target.names { names[name.name] = comprehension.hiddenNames[name.name] }
        value(iterable)
        scopes.enter(comprehension: names)
        let turns = beginTurns(target, iterable.span)
        clauses(rest, comprehension, list)
        endTurns(turns, iterable.span)
        scopes.leaveComprehension()
    }

    /// The element is on the stack. A function made in a comprehension keeps the names of its own turn.
    private mutating func bindTurn(_ target: Target, _ span: SourceSpan) {
        for name in target.names {
            guard name.name != scopes.ownName(name.name), case .local(let slot, let own) = scopes.resolve(name.name),
                scopes.current.captured.contains(own)
            else { continue }
            code.emit(.newCell, slot, SourceSpan(0, 0))
        }
        assign(target, span)
    }

    // MARK: - Ways out

    private mutating func enterLoop(outside temporaries: Int) -> CodeBuilder.Loop {
        let loop = CodeBuilder.Loop(height: code.height, temporaries: temporaries)
        code.enclosures.append(.loop(loop))
        return loop
    }

    private mutating func leaveLoop() { code.enclosures.removeLast() }

    /// `break`, `continue` and `return`.
    mutating func leave(_ node: Expression) {
        let height = code.height
        defer { code.setHeight(height) }
        switch node.kind {
        case .returnValue(let value):
            if let value { self.value(value) } else { code.emit(.null, node.span) }
            unwind(to: nil, node.span)
            code.emit(.result, node.span)
        default:
            guard let index = code.enclosures.lastIndex(where: { if case .loop = $0 { true } else { false } }),
                case .loop(let loop) = code.enclosures[index]
            else { return }
            unwind(to: index, node.span)
            while code.height > loop.height { code.emit(.pop, node.span) }
            if case .breakLoop = node.kind {
                code.clearTemporaries(from: loop.temporaries, to: code.temporaries, node.span)
            }
            let jump = code.emitJump(.jump, node.span)
            if case .breakLoop = node.kind { loop.breaks.append(jump) } else { loop.continues.append(jump) }
        }
    }

    private mutating func unwind(to index: Int?, _ span: SourceSpan) {
        for enclosure in code.enclosures.dropFirst((index ?? -1) + 1).reversed() {
            switch enclosure {
            case .loop: break
            case .handler: code.emit(.popHandler, span)
            case .block: code.emit(.leaveBlock, span)
            }
        }
    }

    mutating func tryCatch(
        _ body: Expression, _ name: Identifier?, _ handler: Expression, _ span: SourceSpan, _ isWanted: Bool
    ) {
        let start = code.emitJump(.pushHandler, span)
        let height = code.height
        let before = code.assigned
        let (outside, most) = (code.temporaries, code.mostTemporaries)
        code.mostTemporaries = outside
        code.enclosures.append(.handler)
        compileBranch(body, isWanted)
        code.enclosures.removeLast()
        code.emit(.popHandler, span)
        let end = code.emitJump(.jump, span)
        code.land(start)
        code.setHeight(height)
        code.adjust(1)  // the error
        code.clearTemporaries(from: outside, to: code.mostTemporaries, span)
        code.mostTemporaries = max(most, code.mostTemporaries)
        code.assigned = before
        if let name { store(name.name, name.span) } else { code.emit(.pop, span) }
        compileBranch(handler, isWanted)
        code.land(end)
        code.assigned = before
    }

    /// The interpreter's hook runs around the block.
    mutating func noGrad(_ body: Expression, _ span: SourceSpan, _ isWanted: Bool) {
        code.emit(.enterBlock, span)
        code.enclosures.append(.block)
        compileBranch(body, isWanted)
        code.enclosures.removeLast()
        code.emit(.leaveBlock, span)
    }
}
