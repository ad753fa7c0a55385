/// What is known of values before anything runs, and what that rules out.
extension Checker {
    func type(of node: Expression) -> StaticType? {
        switch node.kind {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .string, .template: .string
        case .list, .comprehension: .list
        case .record: .record
        case .range: .range
        case .function: .function
        case .name(let name): typeOfName(name)
        case .unary(.negate, let operand), .plus(let operand): type(of: operand).flatMap { $0.isNumber ? $0 : nil }
        case .binary, .member, .call: knownTypes[ObjectIdentifier(node)] ?? typeOfLink(node)
        default: nil
        }
    }

    private func typeOfLink(_ node: Expression) -> StaticType? {
        switch node.kind {
        case .binary(let op, let left, let right):
            if case .type(let type) = StaticType.binary(op, type(of: left), type(of: right)) { type } else { nil }
        case .member(let object, let name): typeOfMember(object, name.name)
        case .call(let callee, let arguments):
            knownFunction(callee).flatMap { typeOfCall($0, callee, arguments) }
        default: nil
        }
    }

    /// Keeps the type of a link of a chain; what stands alone is found as fast as looked up.
    mutating func noteType(of node: Expression, above inner: Expression) {
        switch inner.kind {
        case .binary, .member, .call: knownTypes.updateValue(typeOfLink(node), forKey: ObjectIdentifier(node))
        default: return
        }
    }

    func typeOfName(_ name: String) -> StaticType? {
        switch scopes.resolve(name) {
        case .unknown: registry.builtin(name).flatMap { StaticType($0) }
        case .local(_, let own): own == name ? level.types[name] : nil
        case .captured: nil
        case .global:
            if levels[0].bindings.binds(name) { levels[0].types[name] } else if scopes.isInFunction { nil } else {
                module.value(named: name).flatMap { StaticType($0) }
            }
        }
    }

    private func typeOfMember(_ object: Expression, _ name: String) -> StaticType? {
        guard case .native(let type)? = type(of: object),
            let field = registry.fields(of: type)?.first(where: { $0.name == name })
        else { return nil }
        return StaticType(returns: field.type, registry: registry)
    }

    func typeOfCall(_ function: KnownFunction, _ callee: Expression, _ arguments: [Argument]) -> StaticType? {
        guard let native = function.native else { return nil }
        if native.namespace == nil, !registry.methods(named: native.name).isEmpty {
            let subject: Expression? =
                if function.hasSubject, case .member(let object, _) = callee.kind { object } else {
                    arguments.first?.value
                }
            guard let subject, let type = type(of: subject) else { return nil }
            if case .native(let name) = type {
                return registry.method(native.name, of: name).flatMap {
                    StaticType(returns: $0.returns, registry: registry)
                }
            }
        }
        return StaticType(returns: native.returns, registry: registry)
    }

    // MARK: - What cannot be

    /// `Int 3`, `String "a"`, `a Model`: as runtime errors say it, as far as it is known.
    func described(_ node: Expression, _ type: StaticType) -> String {
        switch node.kind {
        case .int(let int): "Int \(int)"
        case .float(let double): "Float \(Printer.number(double))"
        case .bool(let bool): "Bool \(bool)"
        case .string(let text): "String " + ValueWriter.quoted(text, limit: 60)
        default: type.described
        }
    }

    mutating func checkCondition(_ node: Expression, _ place: String) {
        guard tryDepth == 0, let type = type(of: node), type != .bool, !type.isNative else { return }
        let text = source.text(of: node.span)
        let hint: String? =
            switch type {
            case .int, .float: "compare it: `\(text) != 0`"
            case .list, .string, .record, .range: "ask `len(\(text)) > 0`"
            case .null: "compare it: `x != nil`"
            default: nil
            }
        report("E208", "\(place) needs a Bool, not \(described(node, type))", node.span, suggestion: hint)
    }

    mutating func checkIterable(_ node: Expression) {
        guard tryDepth == 0, let type = type(of: node), [.null, .bool, .int, .float, .function].contains(type) else {
            return
        }
        report(
            "E205", "`for` cannot go through \(described(node, type))", node.span,
            suggestion: type == .int ? "write `0..\(source.text(of: node.span))`" : nil)
    }

    mutating func checkOperator(_ node: Expression) {
        switch node.kind {
        case .binary(let op, let left, let right):
            let type = type(of: left)
            noteType(of: node, above: left)
            guard let type else { return }
            checkBinary(op, type, right, described(left, type), node.span)
        case .comparison(let first, let rest):
            guard let (comparison, second) = rest.first, case .order(let op) = comparison, let type = type(of: first)
            else { return }
            checkBinary(op, type, second, described(first, type), SourceSpan(first.span.start, second.span.end))
        case .index(let object, _): checkIndexed(object)
        case .unary(.negate, let operand): checkSign("-", operand, node)
        case .plus(let operand): checkSign("+", operand, node)
        case .unary(.not, let operand): checkConditions([operand], "`not`", in: node)
        case .and(let left, let right): checkConditions([left, right], "`and`", in: node)
        case .or(let left, let right): checkConditions([left, right], "`or`", in: node)
        default: return
        }
    }

    private mutating func checkSign(_ sign: String, _ operand: Expression, _ node: Expression) {
        guard tryDepth == 0, let type = type(of: operand), !type.isNumber, !type.isNative else { return }
        report("E201", "`\(sign)` cannot be used on \(described(operand, type))", node.span)
    }

    /// What `&&` and the like of other languages was meant to be is not known: nothing is said of its operands.
    private mutating func checkConditions(_ operands: [Expression], _ place: String, in node: Expression) {
        guard !misread.contains(where: { node.span.start <= $0.start && $0.end <= node.span.end }) else { return }
        for operand in operands { checkCondition(operand, place) }
    }

    private mutating func checkIndexed(_ node: Expression) {
        guard tryDepth == 0, let type = type(of: node), [.null, .bool, .int, .float, .function].contains(type) else {
            return
        }
        report(
            "E206", "\(described(node, type)) cannot be indexed", node.span,
            suggestion: type == .function ? "call it: `\(source.text(of: node.span))(...)`" : nil)
    }

    mutating func checkBinary(
        _ op: BinaryOperator, _ left: StaticType?, _ right: Expression, _ description: String, _ span: SourceSpan
    ) {
        let other = type(of: right)
        guard tryDepth == 0, StaticType.binary(op, left, other) == .unsupported, let left, let other else { return }
        let shown = description.hasPrefix("`") ? "\(left.described) (\(description))" : description
        report(
            "E201", "`\(op.rawValue)` cannot be used on \(shown) and \(described(right, other))", span,
            suggestion: Habits.operation(op, left, other))
    }
}
