import Spelling

/// Calls of what is known before anything runs.
extension Checker {
    /// What a call needs to know of the function it calls.
    struct KnownFunction {
        struct KnownParameter {
            var name: String
            var isOptional: Bool
            /// Of the library's functions only.
            var parameter: Parameter?
        }

        var name: String
        var parameters: [KnownParameter]
        var isVariadic = false
        /// The methods of native types to which the arguments may go.
        var methods: [NativeFunction] = []
        var native: NativeFunction?
        /// Whether what stands before the dot is the first argument.
        var hasSubject = false
        /// Where a script's function is defined.
        var definition: Diagnostic.Mark?

        var dispatches: Bool { !methods.isEmpty }
        /// Names that the methods take besides.
        var otherNames: Set<String> { Set(methods.flatMap { $0.parameters.map(\.name) }) }

        /// How many arguments the function and the methods take together: the fewest that one needs, the most that one
        /// takes.
        var counts: (least: Int, most: Int) {
            let subject = hasSubject ? 0 : 1
            let own = (parameters.count { !$0.isOptional }, isVariadic ? Int.max : parameters.count)
            return methods.reduce(own) { counts, method in
                let required = method.parameters.count { !$0.isOptional && !$0.isVariadic }
                let isVariadic = method.parameters.contains(where: \.isVariadic)
                return (
                    min(counts.0, required + subject),
                    max(counts.1, isVariadic ? Int.max : method.parameters.count + subject)
                )
            }
        }

        /// Whether all arguments stand by position and are as many as it needs: the common case.
        func takes(_ arguments: [Argument]) -> Bool {
            arguments.count <= parameters.count && arguments.allSatisfy { $0.name == nil }
                && parameters.dropFirst(arguments.count).allSatisfy(\.isOptional)
        }
    }

    /// The functions of the library that have been asked for.
    final class KnownNatives {
        var functions: [String: KnownFunction] = [:]
    }

    mutating func checkCall(_ node: Expression, _ callee: Expression, _ arguments: [Argument]) {
        switch callee.kind {
        case .name(let name): checkName(name, callee.span, as: .callee)
        case .member(let object, let member):
            checkObject(object)
            checkMember(object, member, isCalled: true)
        default: check(callee)
        }
        let function = knownFunction(callee)
        for (position, argument) in arguments.enumerated() {
            guard case .name(let name) = argument.value.kind else {
                check(argument.value)
                continue
            }
            let type = function.flatMap { parameter(of: $0, argument, position) }?.type
            checkName(name, argument.value.span, as: type.map { $0 == .any ? .value : .argument($0) } ?? .value)
        }
        let type: StaticType? = function.flatMap { typeOfCall($0, callee, arguments) }
        knownTypes.updateValue(type, forKey: ObjectIdentifier(node))
        guard let function else { return checkCallable(callee) }
        checkArguments(function, callee, arguments, node.span)
    }

    /// What stands before a dot.
    mutating func checkObject(_ object: Expression) {
        if case .name(let name) = object.kind { checkName(name, object.span, as: .namespace) } else { check(object) }
    }

    private mutating func checkCallable(_ callee: Expression) {
        guard tryDepth == 0, let type = type(of: callee), type != .function, !type.isNative else { return }
        if case .member = callee.kind { return }
        var marks: [Diagnostic.Mark] = []
        if case .name(let name) = callee.kind, registry.builtin(name) != nil,
            let place = level.bindings.place(of: name) ?? levels[0].bindings.place(of: name)
        {
            marks = [Diagnostic.Mark(source: source, span: place, label: "this hides the library's `\(name)`")]
        }
        report("E211", "\(described(callee, type)) is not a function", callee.span, marks: marks)
    }

    // MARK: - Arguments

    private mutating func checkArguments(
        _ function: KnownFunction, _ callee: Expression, _ arguments: [Argument], _ span: SourceSpan
    ) {
        checkTypes(function, callee, arguments)
        if function.takes(arguments) { return }
        let names = function.parameters.map(\.name)
        let positional = arguments.filter { $0.name == nil }
        let marks = function.definition.map { [$0] } ?? []
        let variadic = function.parameters.firstIndex { $0.parameter?.isVariadic ?? false }
        let byPosition = names.prefix(variadic.map { min($0 + 1, positional.count) } ?? positional.count)
        var given = Set(byPosition)
        let otherNames = function.otherNames
        for case let name? in arguments.map(\.name) {
            if names.contains(name.name) {
                if !given.insert(name.name).inserted, !function.isVariadic, isFirst(name, arguments) {
                    report("E035", "`\(name.name)` is given twice, by position and by name", name.span, marks: marks)
                }
            } else if !otherNames.contains(name.name) {
                report(
                    "E032", "`\(name.name)` is not an argument of `\(function.name)`", name.span,
                    suggestion: EditDistance.suggestion(
                        for: name.name, in: names.filter { !given.contains($0) } + otherNames, listing: true),
                    marks: marks)
            }
        }
        let mayDispatch = mayDispatch(function, callee, arguments)
        let most = mayDispatch ? function.counts.most : function.isVariadic ? Int.max : names.count
        if positional.count > most {
            report(
                "E034", RuntimeError.tooMany("`\(function.name)`", most: most, given: positional.count),
                positional[most].value.span, marks: marks)
        }
        if mayDispatch, arguments.count >= function.counts.least { return }
        let missing = function.parameters.filter { !$0.isOptional && !given.contains($0.name) }.map(\.name)
        // A misspelt name is one mistake, not two.
        let unknown = arguments.compactMap(\.name).contains {
            !names.contains($0.name) || byPosition.contains($0.name)
        }
        if !missing.isEmpty, !unknown {
            let list = missing.map { "`\($0)`" }.joined(separator: ", ")
            report("E033", "`\(function.name)` needs \(list)", span, marks: marks)
        }
    }

    /// Names that are given twice by name are the parser's.
    private func isFirst(_ name: Identifier, _ arguments: [Argument]) -> Bool {
        arguments.first { $0.name?.name == name.name }?.name?.span == name.span
    }

    /// The library's parameter that an argument goes to.
    private func parameter(of function: KnownFunction, _ argument: Argument, _ position: Int) -> Parameter? {
        if let name = argument.name { return function.parameters.first { $0.name == name.name }?.parameter }
        if let variadic = function.parameters.firstIndex(where: { $0.parameter?.isVariadic ?? false }) {
            return function.parameters[min(position, variadic)].parameter
        }
        return position < function.parameters.count ? function.parameters[position].parameter : nil
    }

    private mutating func checkTypes(_ function: KnownFunction, _ callee: Expression, _ arguments: [Argument]) {
        guard tryDepth == 0, function.native != nil else { return }
        if mayDispatch(function, callee, arguments) { return }
        for (position, argument) in arguments.enumerated() {
            guard let parameter = parameter(of: function, argument, position), let type = type(of: argument.value),
                !parameter.type.accepts(type), !(type == .null && parameter.acceptsNull)
            else { continue }
            let given = described(argument.value, type)
            report(
                "E203", "`\(parameter.name)` of `\(function.name)` must be \(parameter.type.description), not \(given)",
                argument.value.span)
        }
    }

    /// Whether the subject may be of a native type, whose method then gets the arguments.
    private func mayDispatch(_ function: KnownFunction, _ callee: Expression, _ arguments: [Argument]) -> Bool {
        guard function.dispatches else { return false }
        let subject: Expression? =
            if function.hasSubject, case .member(let object, _) = callee.kind { object } else {
                arguments.first.flatMap { $0.name == nil ? $0.value : nil }
            }
        guard let subject else { return false }
        return type(of: subject)?.isNative ?? true
    }

    // MARK: - Known functions

    func knownFunction(_ callee: Expression) -> KnownFunction? {
        switch callee.kind {
        case .name(let name): known(name)
        case .function(let literal): known(literal, name: "the function", source)
        case .member(let object, let member): knownMember(object, member.name)
        default: nil
        }
    }

    private func known(_ name: String) -> KnownFunction? {
        if uncertainNames.contains(name) { return nil }
        switch scopes.resolve(name) {
        case .unknown: return known(registry.builtin(name))
        case .local:
            return level.bindings.definition(name).flatMap {
                level.parameters.contains(name) ? nil : known($0, name: name, source)
            }
        case .captured: return nil
        case .global:
            if levels[0].bindings.binds(name) {
                return levels[0].bindings.definition(name).map { known($0, name: name, source) }
            }
            return known(module.value(named: name))
        }
    }

    private func known(_ value: Value?) -> KnownFunction? {
        if let function = value?.object as? FunctionObject {
            let parameters = function.prototype.parameters.map {
                KnownFunction.KnownParameter(name: $0.name, isOptional: $0.hasDefault)
            }
            return KnownFunction(name: function.prototype.name, parameters: parameters)
        }
        if let native = value?.object as? NativeFunctionObject { return known(native.function) }
        return nil
    }

    private func known(_ literal: FunctionLiteral, name: String, _ source: Source) -> KnownFunction {
        let parameters = literal.parameters.map {
            KnownFunction.KnownParameter(name: $0.name.name, isOptional: $0.defaultValue != nil)
        }
        let place = SourceSpan(literal.span.start, literal.parameters.last?.name.span.end ?? literal.span.start + 2)
        let mark = Diagnostic.Mark(source: source, span: place, label: "`\(name)` is defined here")
        return KnownFunction(name: name, parameters: parameters, definition: literal.name == nil ? nil : mark)
    }

    private func known(_ native: NativeFunction) -> KnownFunction {
        if let function = natives.functions[native.name] { return function }
        let function = described(native)
        natives.functions[native.name] = function
        return function
    }

    private func described(_ native: NativeFunction) -> KnownFunction {
        let methods = native.namespace == nil ? registry.methods(named: native.name) : []
        return KnownFunction(
            name: native.name,
            parameters: native.parameters.map { .init(name: $0.name, isOptional: $0.isOptional, parameter: $0) },
            isVariadic: native.parameters.contains(where: \.isVariadic), methods: methods, native: native)
    }

    private func knownMember(_ object: Expression, _ member: String) -> KnownFunction? {
        switch namespace(object) {
        case .library(let name): return registry.function(named: "\(name).\(member)").map(known)
        case .bound(let object): return known(object.member(member))
        case .file(let file):
            return file.bindings.definition(member).map { known($0, name: member, file.prototype.source) }
        case nil: break
        }
        guard let type = type(of: object), type != .record else { return nil }
        if case .native(let name) = type, registry.fields(of: name) != nil {
            if let method = registry.method(member, of: name) { return known(method) }
            if registry.fields(of: name)?.contains(where: { $0.name == member }) ?? true { return nil }
        }
        guard var function = known(registry.builtin(member)), function.native != nil, !function.parameters.isEmpty,
            !function.isVariadic
        else { return nil }
        function.parameters.removeFirst()
        function.hasSubject = true
        return function
    }
}
