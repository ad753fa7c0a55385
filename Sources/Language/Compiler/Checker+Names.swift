import Spelling

/// Names: whether there is such a name, whether it has a value yet, and which one was meant.
extension Checker {
    /// What a name stands for in its place; suggestions that fit come first.
    enum NameUse {
        case value, callee, namespace
        case argument(ParameterType)
    }

    mutating func checkName(_ name: String, _ span: SourceSpan, as use: NameUse = .value) {
        if uncertainNames.contains(name) { return }
        switch scopes.resolve(name) {
        case .unknown:
            if registry.builtin(name) == nil { reportUndefined(name, span, use) }
        case .local(_, let own):
            guard own == name, scopes.isInFunction, !level.bound.contains(name) else { return }
            reportUnbound(name, span)
        case .global:
            guard !scopes.isInFunction, !level.bound.contains(name), registry.builtin(name) == nil else { return }
            reportUnbound(name, span)
        case .captured: return
        }
    }

    /// Once for each name; where else it is used is a note.
    private mutating func reportUndefined(_ name: String, _ span: SourceSpan, _ use: NameUse) {
        guard let (index, known) = undefined[name] else {
            undefined[name] = (diagnostics.count, [])
            return report("E030", "`\(name)` is not defined", span, suggestion: suggestion(for: name, as: use))
        }
        let line = source.lineNumber(of: span.start)
        if known.last == line || source.lineNumber(of: diagnostics[index].span.start) == line { return }
        guard known.count <= 8 else { return }
        let lines = known + [line]
        undefined[name] = (index, lines)
        let shown = lines.prefix(8).map(String.init).joined(separator: ", ") + (lines.count > 8 ? ", ..." : "")
        diagnostics[index].notes = ["it is used again in line\(lines.count == 1 ? "" : "s") \(shown)"]
    }

    /// A name that has no value on any way that leads here.
    private mutating func reportUnbound(_ name: String, _ span: SourceSpan) {
        levels[levels.count - 1].add(name)
        var marks: [Diagnostic.Mark] = []
        var notes: [String] = []
        if let place = level.bindings.place(of: name), place.start > span.start {
            marks = [Diagnostic.Mark(source: source, span: place, label: "it is bound here")]
        }
        if scopes.isInFunction, levels[0].bindings.binds(name) || registry.builtin(name) != nil {
            let other = levels[0].bindings.binds(name) ? "file" : "library"
            notes = ["the function binds `\(name)`, so that the `\(name)` of the \(other) is not seen in it"]
        }
        report(
            "E037", "`\(name)` is used before it is bound", span,
            suggestion: marks.isEmpty ? "bind it first: `\(name) = ...`" : nil, marks: marks, notes: notes)
    }

    mutating func checkAugmented(_ target: Target, _ op: BinaryOperator, _ value: Expression, _ node: Expression) {
        checkChildren(node)
        guard case .name(let name) = target else { return }
        if scopes.isInFunction, level.bindings.isOnlyAugmented(name.name), !level.parameters.contains(name.name) {
            report(
                "E031", "`\(name.name)` has no value in this function", name.span,
                suggestion: "a function reads outer names but binds its own: pass it in and return it")
        } else {
            checkName(name.name, name.span)
            checkBinary(op, typeOfName(name.name), value, "`\(name.name)`", node.span)
        }
        bind(name.name, nil)
    }

    // MARK: - Which one was meant

    private mutating func suggestion(for name: String, as use: NameUse) -> String? {
        // Of thousands of names that are not defined, nobody reads the suggestions for the last ones.
        guard candidateCount < 300_000 else { return Habits.names[name] }
        let own = scopes.visibleNames
        let candidates = own + registry.globalNames
        candidateCount += candidates.count
        // A slip in one of the script's own names explains it better than anything else.
        let nearest = EditDistance.nearest(to: name, in: own, limit: 1, fits: { fits($0, use) }).first
        if name.utf8.count > 2, let near = nearest, fits(near, use), EditDistance.between(near, name) == 1 {
            return "did you mean `\(near)`?"
        }
        if let habit = Habits.names[name] { return habit }
        // `load` is `model.load`.
        let inside = registry.functions.filter { !$0.isMethod && $0.namespace != nil && $0.shortName == name }
        if !inside.isEmpty {
            return "did you mean " + inside.prefix(3).map { "`\($0.name)`" }.joined(separator: " or ") + "?"
        }
        if let near = EditDistance.nearest(to: name, in: candidates, limit: 1, fits: { fits($0, use) }).first {
            return "did you mean `\(near)`?"
        }
        let habit = EditDistance.nearest(to: name, in: Habits.names.keys, limit: 1).first
        return habit.flatMap { EditDistance.between($0, name) == 1 ? Habits.names[$0] : nil }
    }

    /// Whether a name can be meant in this place.
    private func fits(_ candidate: String, _ use: NameUse) -> Bool {
        let isNamespace: Bool
        let type: StaticType?
        if case .unknown = scopes.resolve(candidate) {
            isNamespace = registry.builtin(candidate)?.object is NamespaceObject
            type = registry.builtin(candidate).flatMap { StaticType($0) }
        } else {
            isNamespace = levels[0].bindings.importedPath(candidate) != nil
            type = typeOfName(candidate)
        }
        switch use {
        case .callee: return type == .function
        case .namespace: return isNamespace || (type?.isNative ?? true)
        case .argument(let wanted): return !isNamespace && type.map { wanted.accepts($0) } ?? false
        case .value: return !isNamespace && type != .function
        }
    }
}
