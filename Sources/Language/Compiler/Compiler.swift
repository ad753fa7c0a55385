/// Turns a checked tree into code. It cannot fail but for limits, since the checker has been here.
struct Compiler {
    let source: Source
    let registry: Registry
    let module: Module
    let loader: (String, SourceSpan, Source) -> ImportResult
    var scopes: ScopeStack
    var code: CodeBuilder

    /// The statements of a file or a cell. Its names are declared in the module.
    static func compile(
        _ program: Program, source: Source, scope: Scope, names: Set<String>, registry: Registry, module: Module,
        loader: @escaping (String, SourceSpan, Source) -> ImportResult
    ) -> Prototype {
        let parts = PrototypeParts(name: source.name, source: source, module: module, scope: scope)
        var compiler = Compiler(
            source: source, registry: registry, module: module, loader: loader,
            scopes: ScopeStack(file: scope, names: names), code: CodeBuilder(parts))
        compiler.prepareCells(parameterCount: 0)
        compiler.fileStatements(program.statements)
        compiler.code.emit(.result, SourceSpan(source.bytes.count, source.bytes.count))
        return Prototype(compiler.code.parts)
    }

    /// The last one's value is the file's, but a loop is run for what it does.
    private mutating func fileStatements(_ statements: [Expression]) {
        for statement in statements.dropLast() { effect(statement) }
        switch statements.last?.kind {
        case .forLoop, .whileLoop:
            effect(statements[statements.count - 1])
            code.emit(.null, SourceSpan(0, 0))
        case nil: code.emit(.null, SourceSpan(0, 0))
        default: value(statements[statements.count - 1])
        }
    }

    /// Cells for the variables that inner functions read, parameters aside.
    mutating func prepareCells(parameterCount: Int) {
        let scope = scopes.current
        for (slot, name) in scope.locals.enumerated().dropFirst(parameterCount) where scope.captured.contains(name) {
            code.emit(.newCell, slot, SourceSpan(0, 0))
        }
    }

    /// Code that leaves the expression's value on the stack.
    mutating func value(_ node: Expression) { compile(node, isWanted: true) }

    /// Code that leaves nothing on the stack.
    mutating func effect(_ node: Expression) { compile(node, isWanted: false) }

    private mutating func compile(_ node: Expression, isWanted: Bool) {
        switch node.kind {
        case .block(let statements): block(statements, node.span, isWanted)
        case .conditional(let condition, let then, let otherwise):
            conditional(condition, then, otherwise, node.span, isWanted)
        case .forLoop(let target, let iterable, let body): forLoop(target, iterable, body, node.span, isWanted)
        case .whileLoop(let condition, let body): whileLoop(condition, body, node.span, isWanted)
        case .tryCatch(let body, let name, let handler): tryCatch(body, name, handler, node.span, isWanted)
        case .noGrad(let body): noGrad(body, node.span, isWanted)
        case .assignment(let target, let value):
            assignment(target, value, node.span)
            if isWanted { code.emit(.null, node.span) }
        case .augmented(let target, let op, let value):
            augmented(target, op, value, node.span)
            if isWanted { code.emit(.null, node.span) }
        case .definition(let name, let literal):
            function(literal)
            store(name.name, node.span)
            if isWanted { code.emit(.null, node.span) }
        case .importFile(let path, let span, let name):
            importFile(path, span)
            store(name.name, node.span)
            if isWanted { code.emit(.null, node.span) }
        case .breakLoop, .continueLoop, .returnValue:
            leave(node)
            if isWanted { code.adjust(1) }
        default:
            expression(node)
            if !isWanted { code.emit(.pop, node.span) }
        }
    }

    private mutating func block(_ statements: [Expression], _ span: SourceSpan, _ isWanted: Bool) {
        guard let last = statements.last else {
            if isWanted { code.emit(.null, span) }
            return
        }
        for statement in statements.dropLast() { effect(statement) }
        compile(last, isWanted: isWanted)
    }

    private mutating func importFile(_ path: String, _ span: SourceSpan) {
        guard case .success(let file) = loader(path, span, source) else { return code.emit(.null, span) }
        code.emit(.importFile, code.constant(.object(file)), span)
    }

    // MARK: - Names

    mutating func load(_ name: String, _ span: SourceSpan) {
        switch scopes.resolve(name) {
        case .local(let slot, let own):
            if scopes.current.captured.contains(own) { return code.emit(.loadCell, slot, span) }
            if code.assigned.contains(slot) { return code.emit(.loadLocal, slot, span) }
            code.parts.uncertainSlots.insert(slot)
            code.emit(.loadLocalChecked, slot, span)
        case .captured(let index): code.emit(.loadCapture, index, span)
        case .global: code.emit(.loadGlobal, module.declare(name) ?? 0, span)
        case .unknown: code.emit(.constant, code.constant(registry.builtin(name) ?? .null), span)
        }
    }

    mutating func store(_ name: String, _ span: SourceSpan) {
        switch scopes.resolve(name) {
        case .local(let slot, let own):
            if scopes.current.captured.contains(own) { return code.emit(.storeCell, slot, span) }
            code.assigned.insert(slot)
            code.emit(.storeLocal, slot, span)
        default: code.emit(.storeGlobal, module.declare(name) ?? 0, span)
        }
    }

    // MARK: - Functions

    /// Leaves the closure on the stack.
    mutating func function(_ literal: FunctionLiteral) {
        guard let scope = literal.scope else { return code.emit(.null, literal.span) }
        let parameters = literal.parameters.map {
            Prototype.ParameterInfo(name: $0.name.name, defaultText: $0.defaultValue.map { short($0.span) })
        }
        let parts = PrototypeParts(
            name: literal.name ?? "an unnamed function", isNamed: literal.name != nil, source: source, module: module,
            scope: scope,
            parameters: parameters)
        // Swapped, not copied: a second holder would make every later change copy all the code so far.
        var inner = CodeBuilder(parts)
        swap(&inner, &code)
        scopes.enter(scope)
        prologue(literal, scope)
        value(literal.body)
        code.emit(.result, literal.span)
        scopes.leave()
        swap(&inner, &code)
        let prototype = Prototype(inner.parts)
        code.parts.prototypes.append(prototype)
        code.emit(.closure, code.parts.prototypes.count - 1, literal.span)
    }

    private func short(_ span: SourceSpan) -> String {
        let text = source.text(of: span).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.count > 40 ? text.prefix(37) + "..." : text
    }

    /// Evaluates the defaults of arguments that were not given, at each call; puts captured variables into cells.
    private mutating func prologue(_ literal: FunctionLiteral, _ scope: Scope) {
        prepareCells(parameterCount: literal.parameters.count)
        for (slot, parameter) in literal.parameters.enumerated() {
            if let value = parameter.defaultValue {
                let jump = code.emit(.jumpIfBound, slot: slot, value.span)
                self.value(value)
                code.emit(.storeLocal, slot, value.span)
                code.land(jump)
            }
            code.assigned.insert(slot)
            if scope.captured.contains(parameter.name.name) { code.emit(.boxLocal, slot, parameter.name.span) }
        }
    }
}
