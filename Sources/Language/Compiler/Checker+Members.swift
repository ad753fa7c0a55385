import Spelling

/// Members of values, namespaces and imported files.
extension Checker {
    enum KnownNamespace {
        case library(String), bound(NamespaceObject), file(ImportedFile)
    }

    func namespace(_ node: Expression) -> KnownNamespace? {
        guard case .name(let name) = node.kind, !uncertainNames.contains(name) else { return nil }
        switch scopes.resolve(name) {
        case .unknown:
            guard let object = registry.builtin(name)?.object as? NamespaceObject else { return nil }
            return .library(object.name)
        case .global:
            guard levels[0].bindings.binds(name) else {
                return (module.value(named: name)?.object as? NamespaceObject).map { .bound($0) }
            }
            guard let path = levels[0].bindings.importedPath(name),
                case .success(let file) = loader(path, node.span, source)
            else { return nil }
            return .file(file)
        case .local, .captured:
            return nil
        }
    }

    mutating func checkMember(_ object: Expression, _ member: Identifier, isCalled: Bool) {
        guard let namespace = namespace(object) else {
            return checkMemberOfValue(object, member, isCalled: isCalled)
        }
        let names: [String]
        let owner: String
        switch namespace {
        case .library(let name):
            if registry.function(named: "\(name).\(member.name)") != nil { return }
            (names, owner) = (registry.members(of: name), name)
        case .bound(let bound): (names, owner) = (bound.memberNames, bound.name)
        case .file(let file): (names, owner) = (file.bindings.names, file.module.name)
        }
        guard !names.contains(member.name) else { return }
        report(
            "E036", "`\(owner)` has no `\(member.name)`", member.span,
            suggestion: EditDistance.suggestion(for: member.name, in: names, listing: true))
    }

    private mutating func checkMemberOfValue(_ object: Expression, _ member: Identifier, isCalled: Bool) {
        guard tryDepth == 0, let type = type(of: object), type != .record else { return }
        var names: [String] = []
        if case .native(let name) = type {
            guard let fields = registry.fields(of: name) else { return }
            names = fields.map(\.name) + registry.methods(of: name)
            if names.contains(member.name) { return }
        }
        if isCalled, registry.builtin(member.name)?.object is NativeFunctionObject { return }
        report(
            "E210", "\(type.described) has no \(isCalled ? "method" : "field") `\(member.name)`", member.span,
            suggestion: Indexing.memberSuggestion(member.name, names: names, isCalled: isCalled, registry: registry))
    }
}
