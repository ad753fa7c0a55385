/// How often and how the statements of one function bind its names; functions inside are not looked into.
struct Bindings {
    private(set) var names: [String] = []
    private var counts: [String: Int] = [:]
    private var augmented: Set<String> = []
    private var definitions: [String: FunctionLiteral] = [:]
    private var imports: [String: String] = [:]
    /// Where each name is bound first.
    private var places: [String: SourceSpan] = [:]

    init(_ statements: [Expression]) {
        for statement in statements { visit(statement) }
    }

    private mutating func visit(_ node: Expression) {
        switch node.kind {
        case .null, .bool, .int, .float, .string, .name: return
        case .definition(let name, let literal):
            bind(name)
            definitions[name.name] = literal
        case .importFile(let path, _, let name):
            bind(name)
            imports[name.name] = path
        case .augmented(.name(let name), _, _):
            augmented.insert(name.name)
            if counts[name.name] == nil { names.append(name.name) }
            counts[name.name, default: 0] += 2
        case .binary(_, let left, let right):
            visit(left)
            return visit(right)
        default: for name in node.boundNames { bind(name) }
        }
        for child in node.children { visit(child) }
    }

    private mutating func bind(_ identifier: Identifier) {
        let name = identifier.name
        if counts[name] == nil { names.append(name) }
        if places[name] == nil { places[name] = identifier.span }
        counts[name, default: 0] += 1
        plain.insert(name)
    }

    private var plain: Set<String> = []

    /// Changed by `+=` and the like but never bound.
    func isOnlyAugmented(_ name: String) -> Bool { augmented.contains(name) && !plain.contains(name) }

    /// The function a name always stands for.
    func definition(_ name: String) -> FunctionLiteral? { counts[name] == 1 ? definitions[name] : nil }

    /// The file a name always stands for.
    func importedPath(_ name: String) -> String? { counts[name] == 1 ? imports[name] : nil }

    func binds(_ name: String) -> Bool { counts[name] != nil }

    /// Whether a name is bound in one place only.
    func bindsOnce(_ name: String) -> Bool { counts[name] == 1 }

    /// Where a name is bound first; `nil` for one that is only changed.
    func place(of name: String) -> SourceSpan? { places[name] }
}
