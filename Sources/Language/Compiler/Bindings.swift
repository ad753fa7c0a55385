/// How often and how the statements of one function bind its names; functions inside are not looked into.
struct Bindings {
    private struct Binding {
        /// `x += 1` counts twice: it is no name's only binding.
        var count = 0
        var isAugmented = false
        /// Where it is bound first, other than by `+=` and the like.
        var place: SourceSpan?
        var definition: FunctionLiteral?
        var importedPath: String?

        mutating func bind(_ span: SourceSpan) {
            count += 1
            if place == nil { place = span }
        }
    }

    private(set) var names: [String] = []
    private var bindings: [String: Binding] = [:]

    init(_ statements: [Expression]) {
        for statement in statements { visit(statement) }
    }

    private mutating func visit(_ node: Expression) {
        switch node.kind {
        case .null, .bool, .int, .float, .string, .name: return
        case .definition(let name, let literal):
            change(name.name) { binding in
                binding.bind(name.span)
                binding.definition = literal
            }
        case .importFile(let path, _, let name):
            change(name.name) { binding in
                binding.bind(name.span)
                binding.importedPath = path
            }
        case .augmented(.name(let name), _, _):
            change(name.name) { binding in
                binding.count += 2
                binding.isAugmented = true
            }
        default: for name in node.boundNames { change(name.name) { $0.bind(name.span) } }
        }
        node.forEachChild { visit($0) }
    }

    private mutating func change(_ name: String, _ change: (inout Binding) -> Void) {
        let count = bindings.count
        change(&bindings[name, default: Binding()])
        if bindings.count > count { names.append(name) }
    }

    /// The names that a node and what is below it bind, as often as they do.
    static func forEachName(in node: Expression, _ visit: (Identifier) -> Void) {
        switch node.kind {
        case .null, .bool, .int, .float, .string, .name: return
        case .augmented(.name(let name), _, _): visit(name)
        default: for name in node.boundNames { visit(name) }
        }
        node.forEachChild { forEachName(in: $0, visit) }
    }

    /// Changed by `+=` and the like but never bound.
    func isOnlyAugmented(_ name: String) -> Bool { bindings[name].map { $0.isAugmented && $0.place == nil } ?? false }

    /// The function a name always stands for.
    func definition(_ name: String) -> FunctionLiteral? { only(name)?.definition }

    /// The file a name always stands for.
    func importedPath(_ name: String) -> String? { only(name)?.importedPath }

    func binds(_ name: String) -> Bool { bindings[name] != nil }

    /// Whether a name is bound in one place only.
    func bindsOnce(_ name: String) -> Bool { only(name) != nil }

    /// Where a name is bound first; `nil` for one that is only changed.
    func place(of name: String) -> SourceSpan? { bindings[name]?.place }

    private func only(_ name: String) -> Binding? { bindings[name].flatMap { $0.count == 1 ? $0 : nil } }
}
