extension Compiler {
    /// Leaves the value of a node that is no statement on the stack.
    mutating func expression(_ node: Expression) {
        let span = node.span
        switch node.kind {
        case .null: code.emit(.null, span)
        case .bool(let value): code.emit(value ? .yes : .no, span)
        case .int(let value): integer(value, span)
        case .float(let value): code.emit(.constant, code.constant(.float(value)), span)
        case .string(let text): code.emit(.constant, code.constant(.string(text)), span)
        case .template(let pieces): template(pieces, span)
        case .name(let name): load(name, span)
        case .list(let items), .tuple(let items): self.list(items, span)
        case .record(let fields):
            fields.forEach { value($0.value) }
            let layout = registry.layout(of: fields.map(\.key))
            code.emit(.record, shape: .record(layout), effect: 1 - fields.count, span)
        case .unary(let op, let operand):
            value(operand)
            code.emit(op == .not ? .not : .negate, span)
        case .plus(let operand):
            value(operand)
            code.emit(.plus, span)
        case .binary(let op, let left, let right):
            value(left)
            value(right)
            binary(op, span)
        case .comparison(let first, let rest): comparison(first, rest, span)
        case .and(let left, let right): shortCircuit(.jumpIfFalseKeep, left, right)
        case .or(let left, let right): shortCircuit(.jumpIfTrueKeep, left, right)
        case .range(let start, let end, let isClosed):
            value(start)
            value(end)
            code.emit(isClosed ? .closedRange : .range, span)
        case .call(let callee, let arguments): call(callee, arguments, span)
        case .member(let object, let name):
            value(object)
            code.emit(.loadField, code.constant(.string(name.name)), name.span)
        case .index(let object, let items):
            value(object)
            index(items, span)
        case .function(let literal): function(literal)
        case .comprehension(let comprehension): self.comprehension(comprehension, span)
        default: value(node)
        }
    }

    /// The stack holds the elements of a short list; those of a long one go into it one by one.
    private mutating func list(_ items: [Expression], _ span: SourceSpan) {
        guard items.count > 256 else {
            items.forEach { value($0) }
            return code.emit(.list, items.count, span)
        }
        let list = startList(span)
        for item in items {
            value(item)
            code.emit(.append, list, item.span)
        }
        finishList(list, span)
    }

    private mutating func integer(_ value: Int, _ span: SourceSpan) {
        if value.magnitude < 1 << 22 { return code.emit(.integer, value, span) }
        code.emit(.constant, code.constant(.int(value)), span)
    }

    mutating func binary(_ op: BinaryOperator, _ span: SourceSpan) {
        code.emit(Opcode(op), span)
    }

    private mutating func template(_ pieces: [Piece], _ span: SourceSpan) {
        for piece in pieces {
            switch piece {
            case .text(let text): code.emit(.constant, code.constant(.string(text)), span)
            case .value(let node, nil):
                value(node)
                code.emit(.text, node.span)
            case .value(let node, let format?):
                value(node)
                template(format, node.span)
                code.emit(.format, node.span)
            }
        }
        code.emit(.template, pieces.count, span)
    }

    private mutating func shortCircuit(_ jump: Opcode, _ left: Expression, _ right: Expression) {
        value(left)
        let end = code.emitJump(jump, left.span)
        let before = code.assigned
        value(right)
        // The right side must be a Bool too: jumping to where we are tells, and keeps it.
        let check = code.emitJump(jump, right.span)
        code.emit(jump == .jumpIfFalseKeep ? .yes : .no, right.span)
        code.land(check)
        code.land(end)
        code.assigned = before
    }

    /// `a < b <= c` is `a < b and b <= c` with b evaluated once.
    private mutating func comparison(_ first: Expression, _ rest: [(Comparison, Expression)], _ span: SourceSpan) {
        value(first)
        if rest.count == 1 {
            value(rest[0].1)
            return compare(rest[0].0, span)
        }
        let kept = code.takeTemporary()
        var exits: [Int] = []
        for (position, (comparison, operand)) in rest.enumerated() {
            let isLast = position == rest.count - 1
            value(operand)
            if !isLast {
                code.emit(.duplicate, span)
                code.emit(.storeLocal, kept, span)
            }
            compare(comparison, span)
            if !isLast {
                exits.append(code.emitJump(.jumpIfFalseKeep, span))
                code.emit(.loadLocal, kept, span)
            }
        }
        for exit in exits { code.land(exit) }
        code.giveBackTemporary()
    }

    private mutating func compare(_ comparison: Comparison, _ span: SourceSpan) {
        switch comparison {
        case .order(let op): binary(op, span)
        case .contained(let isNegated): code.emit(isNegated ? .notContains : .contains, span)
        }
    }

    /// `assert(a < b)` passes a and b on as well, for the message.
    private mutating func assertOfComparison(
        _ callee: Expression, _ arguments: [Argument], _ span: SourceSpan
    ) -> Bool {
        guard case .name("assert") = callee.kind, case .unknown = scopes.resolve("assert"),
            let condition = arguments.first, condition.name == nil, arguments.count <= 2,
            arguments.dropFirst().allSatisfy({ ($0.name?.name ?? "message") == "message" }),
            case .comparison(let left, let rest) = condition.value.kind, rest.count == 1,
            case .order(let op) = rest[0].0
        else { return false }
        code.emit(.constant, code.constant(.object(CoreLibrary.assertComparison)), callee.span)
        value(left)
        value(rest[0].1)
        code.emit(.duplicatePair, condition.value.span)
        binary(op, condition.value.span)
        arguments.dropFirst().forEach { value($0.value) }
        code.emit(.call, 2 + arguments.count, span)
        return true
    }

    private mutating func call(_ callee: Expression, _ arguments: [Argument], _ span: SourceSpan) {
        if assertOfComparison(callee, arguments, span) { return }
        let names = arguments.compactMap { $0.name?.name }
        let positional = arguments.count - names.count
        if case .member(let object, let name) = callee.kind {
            value(object)
            arguments.forEach { value($0.value) }
            let shape = CallShape(
                method: StringObject(name.name), positional: positional, names: names,
                function: registry.builtin(name.name)?.object as? NativeFunctionObject)
            return code.emit(.callMethod, shape: .call(shape), effect: -arguments.count, span)
        }
        value(callee)
        arguments.forEach { value($0.value) }
        if names.isEmpty { return code.emit(.call, arguments.count, span) }
        let shape = CallShape(positional: positional, names: names)
        code.emit(.callShape, shape: .call(shape), effect: -arguments.count, span)
    }

    /// The object is on the stack; leaves the item in its place.
    mutating func index(_ items: [Subscript], _ span: SourceSpan) {
        if items.count == 1, case .value(let item) = items[0] {
            value(item)
            return code.emit(.index, span)
        }
        let (shape, count) = indexParts(items, span)
        code.emit(.indexMany, shape: shape, effect: -count, span)
    }

    /// Leaves the parts of an index on the stack.
    /// - Returns: their shape, and how many values they are.
    mutating func indexParts(_ items: [Subscript], _ span: SourceSpan) -> (Shape, Int) {
        var parts: [Shape.IndexPart] = []
        var count = 0
        for item in items {
            switch item {
            case .value(let node):
                value(node)
                count += 1
                parts.append(.value)
            case .slice(let start, let end, let step):
                for bound in [start, end] {
                    if let bound { value(bound) } else { code.emit(.null, span) }
                }
                if let step { value(step) }
                count += step == nil ? 2 : 3
                parts.append(.slice(hasStep: step != nil))
            }
        }
        return (.index(parts), count)
    }
}
