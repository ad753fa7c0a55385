/// Which names a piece of source takes from elsewhere and which it leaves behind, read off its text; nothing runs.
public struct NameUse: Equatable, Sendable {
    /// Names that are read where the text has not bound them itself on every way there.
    public var reads: Set<String>
    /// Names that are bound, or whose value is changed in place, as by `x[0] = 1` and `r.size += 1`.
    public var binds: Set<String>

    public init(reads: Set<String> = [], binds: Set<String> = []) {
        self.reads = reads
        self.binds = binds
    }

    /// What a text with syntax errors uses is found as far as it can be read.
    /// - Parameter changing: functions that change what their first argument holds, such as `push`.
    public init(of text: String, changing: Set<String> = []) {
        let statements = Parser.parse(Source(name: "", text: text)).statements
        let own = Set(Bindings(statements).names)
        var finder = NameUseFinder(own: own, changing: changing)
        var bound: Set<String> = []
        finder.visit(statements, &bound)
        self.init(reads: finder.reads, binds: own.union(finder.changed))
    }
}

/// Walks the tree in the order of evaluation with the names that are bound for certain.
private struct NameUseFinder {
    /// Every name that the text binds outside functions.
    let own: Set<String>
    let changing: Set<String>
    var reads: Set<String> = []
    var changed: Set<String> = []
    /// The names of the functions and comprehensions around the place.
    private var locals: Set<String> = []

    init(own: Set<String>, changing: Set<String>) {
        self.own = own
        self.changing = changing
    }

    mutating func visit(_ nodes: [Expression], _ bound: inout Set<String>) {
        for node in nodes { visit(node, &bound) }
    }

    mutating func visit(_ node: Expression, _ bound: inout Set<String>) {
        switch node.kind {
        case .name(let name): read(name, bound)
        case .function(let literal): visit(literal, bound)
        case .definition(let name, let literal):
            bound.insert(name.name)
            visit(literal, bound)
        case .importFile(_, _, let name): bound.insert(name.name)
        case .assignment(let target, let value):
            visit(value, &bound)
            assign(target, &bound)
        case .augmented(let target, _, let value):
            visit(value, &bound)
            for name in target.names { read(name.name, bound) }
            assign(target, &bound)
        case .call(let callee, let arguments):
            node.forEachChild { visit($0, &bound) }
            if case .name(let function) = callee.kind, changing.contains(function), let subject = arguments.first?.value
            {
                change(subject)
            }
        case .comprehension(let comprehension): visit(comprehension, bound)
        default: visitBranches(node, &bound)
        }
    }

    /// What may be passed over, or gone through several times, binds nothing for certain.
    private mutating func visitBranches(_ node: Expression, _ bound: inout Set<String>) {
        switch node.kind {
        case .conditional(let condition, let then, let otherwise):
            visit(condition, &bound)
            let first = visited(then, bound)
            bound = first.intersection(otherwise.map { visited($0, bound) } ?? bound)
        case .forLoop(let target, let iterable, let body):
            visit(iterable, &bound)
            var inside = bound
            assign(target, &inside)
            visit(body, &inside)
        case .whileLoop(let condition, let body):
            visit(condition, &bound)
            _ = visited(body, bound)
        case .tryCatch(let body, let name, let handler):
            _ = visited(body, bound)
            _ = visited(handler, bound.union(name.map { [$0.name] } ?? []))
        case .and(let left, let right), .or(let left, let right):
            visit(left, &bound)
            _ = visited(right, bound)
        default: node.forEachChild { visit($0, &bound) }
        }
    }

    private mutating func visited(_ node: Expression, _ bound: Set<String>) -> Set<String> {
        var inside = bound
        visit(node, &inside)
        return inside
    }

    private mutating func read(_ name: String, _ bound: Set<String>) {
        if !bound.contains(name) { reads.insert(name) }
    }

    private mutating func assign(_ target: Target, _ bound: inout Set<String>) {
        switch target {
        case .name(let name): bound.insert(name.name)
        case .member(let object, _), .index(let object, _):
            target.forEachExpression { visit($0, &bound) }
            change(object)
        case .tuple(let targets, _): for target in targets { assign(target, &bound) }
        }
    }

    /// Notes that the value of the name which a place begins with is changed.
    private mutating func change(_ place: Expression) {
        switch place.kind {
        case .name(let name): if !locals.contains(name) { changed.insert(name) }
        case .member(let object, _), .index(let object, _): change(object)
        default: break
        }
    }

    /// A function runs later: by then everything that the text binds is there.
    private mutating func visit(_ literal: FunctionLiteral, _ bound: Set<String>) {
        var defaults = bound
        visit(literal.parameters.compactMap(\.defaultValue), &defaults)
        let names = Set(literal.parameters.map(\.name.name)).union(Bindings([literal.body]).names)
        inside(names) { $0.visited(literal.body, bound.union($0.own).union(names)) }
    }

    private mutating func visit(_ comprehension: Comprehension, _ bound: Set<String>) {
        let targets = comprehension.clauses.flatMap { clause -> [String] in
            if case .iterate(let target, _) = clause { target.names.map(\.name) } else { [] }
        }
        inside(Set(targets)) { finder in
            var bound = bound
            for clause in comprehension.clauses {
                switch clause {
                case .iterate(let target, let iterable):
                    finder.visit(iterable, &bound)
                    finder.assign(target, &bound)
                case .filter(let condition): finder.visit(condition, &bound)
                }
            }
            return finder.visited(comprehension.body, bound)
        }
    }

    private mutating func inside(_ names: Set<String>, _ body: (inout NameUseFinder) -> Set<String>) {
        let outer = locals
        locals.formUnion(names)
        _ = body(&self)
        locals = outer
    }
}
