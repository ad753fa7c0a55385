/// Conditions, loops and the ways out of them.
extension Compiler {
    mutating func conditional(
        _ condition: Expression, _ then: Expression, _ otherwise: Expression?, _ span: SourceSpan, _ isWanted: Bool
    ) {
        let exit = jumpUnless(condition)
        let before = code.assigned
        compileBranch(then, isWanted)
        let afterThen = code.assigned
        code.assigned = before
        guard otherwise != nil || isWanted else { return code.land(exit) }
        let end = code.emitJump(.jump, span)
        code.land(exit)
        if isWanted { code.adjust(-1) }
        if let otherwise { compileBranch(otherwise, isWanted) } else { code.emit(.null, span) }
        code.land(end)
        code.assigned = before.union(afterThen.intersection(code.assigned))
    }

    private mutating func compileBranch(_ node: Expression, _ isWanted: Bool) {
        if isWanted { value(node) } else { effect(node) }
    }

    /// Evaluates a condition; the jump is taken where it is false.
    private mutating func jumpUnless(_ condition: Expression) -> Int {
        value(condition)
        return code.emitJump(.jumpIfFalse, condition.span)
    }

    mutating func whileLoop(_ condition: Expression, _ body: Expression, _ span: SourceSpan, _ isWanted: Bool) {
        let start = code.position
        let exit = jumpUnless(condition)
        let before = code.assigned
        let loop = enterLoop(outside: code.temporaries)
        effect(body)
        leaveLoop()
        loop.continues.forEach { code.land($0) }
        code.emit(.loop, start, span)
        code.land(exit)
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

    private mutating func startList(_ span: SourceSpan) -> Int {
        let slot = code.takeTemporary()
        code.emit(.list, 0, span)
        code.emit(.storeLocal, slot, span)
        return slot
    }

    private mutating func finishList(_ slot: Int, _ span: SourceSpan) {
        code.emit(.loadLocal, slot, span)
        code.emit(.clearLocal, slot, span)
        code.giveBackTemporary()
    }

    /// A loop over the elements; its breaks are the caller's to land.
    private mutating func each(
        _ target: Target, in iterable: Expression, _ span: SourceSpan, _ body: (inout Compiler) -> Void
    ) -> CodeBuilder.Loop {
        value(iterable)
        let iterator = code.takeTemporary()
        code.emit(.iterate, iterator, iterable.span)
        let start = code.position
        let before = code.assigned
        let exit = code.emit(.next, slot: iterator, iterable.span)
        assign(target, iterable.span)
        let loop = enterLoop(outside: code.temporaries - 1)
        body(&self)
        leaveLoop()
        loop.continues.forEach { code.land($0) }
        code.emit(.loop, start, span)
        code.land(exit)
        code.assigned = before
        code.giveBackTemporary()
        return loop
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
            let exit = jumpUnless(condition)
            clauses(rest.dropFirst(), comprehension, list)
            code.land(exit)
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
        let iterator = code.takeTemporary()
        code.emit(.iterate, iterator, iterable.span)
        let start = code.position
        let before = code.assigned
        let exit = code.emit(.next, slot: iterator, iterable.span)
        freshCells(names)
        assign(target, iterable.span)
        clauses(rest, comprehension, list)
        code.emit(.loop, start, iterable.span)
        code.land(exit)
        code.assigned = before
        code.giveBackTemporary()
        scopes.leaveComprehension()
    }

    /// A function made in a comprehension keeps the names of its own turn.
    private mutating func freshCells(_ names: [String: String]) {
        for hidden in names.values.sorted() where scopes.current.captured.contains(hidden) {
            if let slot = scopes.current.slot(of: hidden) { code.emit(.newCell, slot, SourceSpan(0, 0)) }
        }
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
