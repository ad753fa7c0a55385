extension Expression {
    /// The expressions directly below, in the order in which they are evaluated; a function's body and defaults not among
    /// them.
    func forEachChild(_ visit: (Expression) -> Void) {
        switch kind {
        case .null, .bool, .int, .float, .string, .name, .function, .definition, .breakLoop, .continueLoop, .importFile:
            return
        case .template(let pieces): for piece in pieces { piece.forEachExpression(visit) }
        case .list(let items), .tuple(let items), .block(let items): items.forEach(visit)
        case .record(let fields): for field in fields { visit(field.value) }
        case .unary(_, let operand), .plus(let operand), .noGrad(let operand): visit(operand)
        case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right),
            .range(let left, let right, _), .whileLoop(let left, let right), .tryCatch(let left, _, let right):
            visit(left)
            visit(right)
        case .comparison(let first, let rest):
            visit(first)
            for (_, operand) in rest { visit(operand) }
        case .call(let callee, let arguments):
            visit(callee)
            for argument in arguments { visit(argument.value) }
        case .member(let object, _): visit(object)
        case .index(let object, let items):
            visit(object)
            for item in items { item.forEachExpression(visit) }
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            if let otherwise { visit(otherwise) }
        case .forLoop(let target, let iterable, let body):
            target.forEachExpression(visit)
            visit(iterable)
            visit(body)
        case .comprehension(let comprehension): comprehension.forEachExpression(visit)
        case .returnValue(let value): if let value { visit(value) }
        case .assignment(let target, let value), .augmented(let target, _, let value):
            target.forEachExpression(visit)
            visit(value)
        }
    }

    /// The names this node itself binds in its function.
    var boundNames: [Identifier] {
        switch kind {
        case .definition(let name, _), .importFile(_, _, let name): [name]
        case .forLoop(let target, _, _), .assignment(let target, _): target.names
        case .tryCatch(_, let name, _): name.map { [$0] } ?? []
        default: []
        }
    }
}

extension Piece {
    func forEachExpression(_ visit: (Expression) -> Void) {
        guard case .value(let value, let format) = self else { return }
        visit(value)
        for piece in format ?? [] { piece.forEachExpression(visit) }
    }
}

extension Subscript {
    func forEachExpression(_ visit: (Expression) -> Void) {
        switch self {
        case .value(let value): visit(value)
        case .slice(let start, let end, let step): for case let bound? in [start, end, step] { visit(bound) }
        }
    }
}

extension Target {
    /// What is evaluated to find the place: objects and indices.
    func forEachExpression(_ visit: (Expression) -> Void) {
        switch self {
        case .name: return
        case .member(let object, _): visit(object)
        case .index(let object, let items):
            visit(object)
            for item in items { item.forEachExpression(visit) }
        case .tuple(let targets, _): for target in targets { target.forEachExpression(visit) }
        }
    }
}

extension Comprehension {
    func forEachExpression(_ visit: (Expression) -> Void) {
        for clause in clauses {
            switch clause {
            case .iterate(let target, let iterable):
                target.forEachExpression(visit)
                visit(iterable)
            case .filter(let condition): visit(condition)
            }
        }
        visit(body)
    }
}
