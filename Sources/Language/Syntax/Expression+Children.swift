extension Expression {
    /// The expressions directly below, a function's body and defaults not among them.
    var children: [Expression] {
        switch kind {
        case .null, .bool, .int, .float, .string, .name, .function, .definition, .breakLoop, .continueLoop, .importFile:
            []
        case .template(let pieces): pieces.flatMap(\.expressions)
        case .list(let items), .tuple(let items), .block(let items): items
        case .record(let fields): fields.map(\.value)
        case .unary(_, let operand), .noGrad(let operand): [operand]
        case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right),
            .range(let left, let right, _):
            [left, right]
        case .comparison(let first, let rest): [first] + rest.map(\.1)
        case .call(let callee, let arguments): [callee] + arguments.map(\.value)
        case .member(let object, _): [object]
        case .index(let object, let items): [object] + items.flatMap(\.expressions)
        case .conditional(let condition, let then, let otherwise): [condition, then] + (otherwise.map { [$0] } ?? [])
        case .forLoop(let target, let iterable, let body): target.expressions + [iterable, body]
        case .whileLoop(let condition, let body): [condition, body]
        case .comprehension(let comprehension): comprehension.expressions
        case .returnValue(let value): value.map { [$0] } ?? []
        case .tryCatch(let body, _, let handler): [body, handler]
        case .assignment(let target, let value), .augmented(let target, _, let value): target.expressions + [value]
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
    var expressions: [Expression] {
        switch self {
        case .text: []
        case .value(let value, let format): [value] + (format ?? []).flatMap(\.expressions)
        }
    }
}

extension Subscript {
    var expressions: [Expression] {
        switch self {
        case .value(let value): [value]
        case .slice(let start, let end, let step): [start, end, step].compactMap(\.self)
        }
    }
}

extension Target {
    /// What is evaluated to find the place: objects and indices.
    var expressions: [Expression] {
        switch self {
        case .name: []
        case .member(let object, _): [object]
        case .index(let object, let items): [object] + items.flatMap(\.expressions)
        case .tuple(let targets, _): targets.flatMap(\.expressions)
        }
    }
}

extension Comprehension {
    var expressions: [Expression] {
        let parts = clauses.flatMap { clause in
            switch clause {
            case .iterate(let target, let iterable): target.expressions + [iterable]
            case .filter(let condition): [condition]
            }
        }
        return parts + [body]
    }
}
