extension Compiler {
    mutating func assignment(_ target: Target, _ node: Expression, _ span: SourceSpan) {
        switch target {
        case .name(let name):
            value(node)
            store(name.name, name.span)
        case .member(let object, let name):
            value(object)
            value(node)
            code.emit(.storeField, code.constant(.string(name.name)), span)
        case .index(let object, let items):
            value(object)
            setIndex(items, span) { $0.value(node) }
        case .tuple(let targets, _):
            if storeEach(of: node, in: targets) { return }
            value(node)
            assign(target, span)
        }
    }

    /// `(a, b) = [b, a]` needs no list: all values are taken, then stored.
    private mutating func storeEach(of node: Expression, in targets: [Target]) -> Bool {
        guard case .list(let items) = node.kind, items.count == targets.count else { return false }
        var names: [Identifier] = []
        for case .name(let name) in targets { names.append(name) }
        guard names.count == targets.count, Set(names.map(\.name)).count == names.count else { return false }
        items.forEach { value($0) }
        for name in names.reversed() { store(name.name, name.span) }
        return true
    }

    /// Binds a target to the value on the stack.
    mutating func assign(_ target: Target, _ span: SourceSpan) {
        switch target {
        case .name(let name): store(name.name, name.span)
        case .tuple(let targets, let tupleSpan):
            code.emit(.unpack, targets.count, tupleSpan)
            targets.forEach { assign($0, span) }
        case .member(let object, let name):
            let kept = keep(span)
            value(object)
            code.emit(.loadLocal, kept, span)
            code.emit(.storeField, code.constant(.string(name.name)), span)
            code.giveBackTemporary()
        case .index(let object, let items):
            let kept = keep(span)
            value(object)
            setIndex(items, span) { $0.code.emit(.loadLocal, kept, span) }
            code.giveBackTemporary()
        }
    }

    private mutating func keep(_ span: SourceSpan) -> Int {
        let slot = code.takeTemporary()
        code.emit(.storeLocal, slot, span)
        return slot
    }

    /// The object is on the stack.
    private mutating func setIndex(_ items: [Subscript], _ span: SourceSpan, _ pushValue: (inout Compiler) -> Void) {
        if items.count == 1, case .value(let item) = items[0] {
            value(item)
            pushValue(&self)
            return code.emit(.setIndex, span)
        }
        let (shape, count) = indexParts(items, span)
        pushValue(&self)
        code.emit(.setIndexMany, shape: shape, effect: -count - 2, span)
    }

    /// `target op= value`; the parts of the target are evaluated once.
    mutating func augmented(_ target: Target, _ op: BinaryOperator, _ node: Expression, _ span: SourceSpan) {
        switch target {
        case .name(let name):
            load(name.name, name.span)
            value(node)
            binary(op, span)
            store(name.name, name.span)
        case .member(let object, let name):
            let field = code.constant(.string(name.name))
            value(object)
            code.emit(.loadFieldKeep, field, name.span)
            value(node)
            binary(op, span)
            code.emit(.storeField, field, span)
        case .index(let object, let items):
            value(object)
            augmentedIndex(items, op, node, span)
        case .tuple: break
        }
    }

    private mutating func augmentedIndex(
        _ items: [Subscript], _ op: BinaryOperator, _ node: Expression, _ span: SourceSpan
    ) {
        if items.count == 1, case .value(let item) = items[0] {
            value(item)
            code.emit(.duplicatePair, span)
            code.emit(.index, span)
            value(node)
            binary(op, span)
            return code.emit(.setIndex, span)
        }
        // Tensors: the parts are evaluated twice, since they may be many.
        let kept = keep(span)
        code.emit(.loadLocal, kept, span)
        let (shape, count) = indexParts(items, span)
        code.emit(.loadLocal, kept, span)
        let again = indexParts(items, span)
        code.emit(.indexMany, shape: again.0, effect: -count, span)
        value(node)
        binary(op, span)
        code.emit(.setIndexMany, shape: shape, effect: -count - 2, span)
        code.giveBackTemporary()
    }
}
