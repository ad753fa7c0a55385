import Spelling

/// Calls and members of what is known before anything runs.
extension Checker {
    /// What a call needs to know of the function it calls.
    struct KnownFunction {
        var name: String
        var parameters: [(name: String, isOptional: Bool)]
        var isVariadic = false
        /// Names that methods of native types take besides.
        var otherNames: Set<String> = []
        /// Whether the arguments may go to a method with other parameters.
        var dispatches = false
    }

    mutating func checkArguments(_ callee: Expression, _ arguments: [Argument], _ span: SourceSpan) {
        guard let function = knownFunction(callee) else { return }
        let names = function.parameters.map(\.name)
        let positional = arguments.filter { $0.name == nil }
        var given = Set(names.prefix(positional.count))
        for case let name? in arguments.map(\.name) {
            if names.contains(name.name) {
                if !given.insert(name.name).inserted, !function.isVariadic {
                    report("E035", "`\(name.name)` is given twice, by position and by name", name.span)
                }
            } else if !function.otherNames.contains(name.name) {
                report(
                    "E032", "`\(name.name)` is not an argument of `\(function.name)`", name.span,
                    suggestion: EditDistance.suggestion(for: name.name, in: names + function.otherNames, listing: true))
            }
        }
        guard !function.dispatches else { return }
        if positional.count > names.count, !function.isVariadic {
            let takes =
                names.isEmpty ? "no arguments" : names.count == 1 ? "one argument" : "at most \(names.count) arguments"
            report(
                "E034", "`\(function.name)` takes \(takes), and \(positional.count) are given",
                positional[names.count].value.span)
        }
        let missing = function.parameters.filter { !$0.isOptional && !given.contains($0.name) }.map(\.name)
        if !missing.isEmpty {
            let list = missing.map { "`\($0)`" }.joined(separator: ", ")
            report("E033", "`\(function.name)` needs \(list)", span)
        }
    }

    private func knownFunction(_ callee: Expression) -> KnownFunction? {
        switch callee.kind {
        case .name(let name): known(name)
        case .function(let literal): known(literal, name: "the function")
        case .member(let object, let member): knownMember(object, member.name)
        default: nil
        }
    }

    private func known(_ name: String) -> KnownFunction? {
        switch scopes.resolve(name) {
        case .unknown:
            guard let native = registry.builtin(name)?.object as? NativeFunctionObject else { return nil }
            return known(native.function)
        case .local:
            return bindings[bindings.count - 1].definition(name).map { known($0, name: name) }
        case .captured:
            return nil
        case .global:
            if bindings[0].binds(name) { return bindings[0].definition(name).map { known($0, name: name) } }
            return known(module.value(named: name))
        }
    }

    private func known(_ value: Value?) -> KnownFunction? {
        if let function = value?.object as? FunctionObject {
            let parameters = function.prototype.parameters.map { (name: $0.name, isOptional: $0.hasDefault) }
            return KnownFunction(name: function.prototype.name, parameters: parameters)
        }
        if let native = value?.object as? NativeFunctionObject { return known(native.function) }
        return nil
    }

    private func known(_ literal: FunctionLiteral, name: String) -> KnownFunction {
        KnownFunction(
            name: name, parameters: literal.parameters.map { ($0.name.name, $0.defaultValue != nil) })
    }

    private func known(_ native: NativeFunction) -> KnownFunction {
        let methods = native.namespace == nil ? registry.methods(named: native.name) : []
        return KnownFunction(
            name: native.name, parameters: native.parameters.map { ($0.name, $0.isOptional) },
            isVariadic: native.parameters.contains(where: \.isVariadic),
            otherNames: Set(methods.flatMap { $0.parameters.map(\.name) }), dispatches: !methods.isEmpty)
    }

    private func knownMember(_ object: Expression, _ member: String) -> KnownFunction? {
        guard let namespace = namespace(object) else { return nil }
        switch namespace {
        case .library(let name): return registry.function(named: "\(name).\(member)").map(known)
        case .bound(let object): return known(object.member(member))
        case .file(let file): return file.bindings.definition(member).map { known($0, name: member) }
        }
    }

    private enum KnownNamespace {
        case library(String), bound(NamespaceObject), file(ImportedFile)
    }

    private func namespace(_ node: Expression) -> KnownNamespace? {
        guard case .name(let name) = node.kind else { return nil }
        switch scopes.resolve(name) {
        case .unknown:
            guard let object = registry.builtin(name)?.object as? NamespaceObject else { return nil }
            return .library(object.name)
        case .global:
            guard bindings[0].binds(name) else {
                return (module.value(named: name)?.object as? NamespaceObject).map { .bound($0) }
            }
            guard let path = bindings[0].importedPath(name),
                case .success(let file) = loader(path, node.span, source)
            else { return nil }
            return .file(file)
        case .local, .captured:
            return nil
        }
    }

    mutating func checkMember(_ object: Expression, _ member: Identifier) {
        guard let namespace = namespace(object) else { return }
        let names: [String]
        let owner: String
        switch namespace {
        case .library(let name): (names, owner) = (registry.members(of: name), name)
        case .bound(let bound): (names, owner) = (bound.memberNames, bound.name)
        case .file(let file): (names, owner) = (file.bindings.names, file.module.name)
        }
        guard !names.contains(member.name) else { return }
        report(
            "E036", "`\(owner)` has no `\(member.name)`", member.span,
            suggestion: EditDistance.suggestion(for: member.name, in: names, listing: true))
    }
}
