import Spelling

/// Finds what is wrong before anything runs: undefined names, wrong arguments of known functions, unknown members of
/// namespaces, misplaced `break`, `continue` and `return`. Notes in each function literal which variables it captures.
struct Checker {
    let source: Source
    let registry: Registry
    /// The session's or the file's names from earlier runs.
    let module: Module
    let loader: (_ path: String, _ span: SourceSpan, _ source: Source) -> ImportResult
    var diagnostics: [Diagnostic] = []
    var scopes: ScopeStack
    var bindings: [Bindings]
    var loopDepth = 0
    private var hiddenCount = 0

    init(
        source: Source, statements: [Expression], fileScope: Scope, registry: Registry, module: Module,
        loader: @escaping (String, SourceSpan, Source) -> ImportResult
    ) {
        self.source = source
        self.registry = registry
        self.module = module
        self.loader = loader
        let own = Bindings(statements)
        bindings = [own]
        scopes = ScopeStack(file: fileScope, names: Set(own.names).union(module.boundNames))
    }

    /// The names the file binds or has bound.
    var fileNames: Set<String> { scopes.fileNames }

    mutating func report(_ code: String, _ message: String, _ span: SourceSpan, suggestion: String? = nil) {
        diagnostics.append(
            Diagnostic(code: code, message: message, source: source, span: span, suggestion: suggestion))
    }

    mutating func check(_ nodes: [Expression]) { for node in nodes { check(node) } }

    mutating func check(_ node: Expression) {
        switch node.kind {
        case .name(let name): checkName(name, node.span)
        case .call(let callee, let arguments):
            check(callee)
            check(arguments.map(\.value))
            checkArguments(callee, arguments, node.span)
        case .member(let object, let name):
            check(object)
            checkMember(object, name)
        case .function(let literal): checkFunction(literal)
        case .definition(_, let literal): checkFunction(literal)
        case .comprehension(let comprehension): checkComprehension(comprehension)
        case .tuple(let items):
            report("E013", "there are no tuples", node.span, suggestion: "write `[a, b]` for a list")
            check(items)
        case .forLoop(_, let iterable, let body):
            check(iterable)
            inLoop { $0.check(body) }
        case .whileLoop(let condition, let body):
            check(condition)
            inLoop { $0.check(body) }
        case .breakLoop: if loopDepth == 0 { report("E040", "`break` stands outside a loop", node.span) }
        case .continueLoop: if loopDepth == 0 { report("E040", "`continue` stands outside a loop", node.span) }
        case .returnValue:
            if !scopes.isInFunction { report("E041", "`return` stands outside a function", node.span) }
            check(node.children)
        case .augmented(let target, let op, _): checkAugmented(target, op, node)
        case .importFile(let path, let span, _):
            if case .failure(let found) = loader(path, span, source) { diagnostics += found }
        default: check(node.children)
        }
    }

    private mutating func inLoop(_ body: (inout Checker) -> Void) {
        loopDepth += 1
        body(&self)
        loopDepth -= 1
    }

    private mutating func checkName(_ name: String, _ span: SourceSpan) {
        guard case .unknown = scopes.resolve(name), registry.builtin(name) == nil else { return }
        let spellings = [
            "None": "nil", "True": "true", "False": "false", "null": "nil", "def": "fn", "lambda": "x -> ...",
            "elif": "else if", "self": nil, "append": "push", "dict": "{name: value}", "list": nil, "var": nil,
            "let": nil,
        ]
        let hint = spellings[name].flatMap { $0 }.map { "write `\($0)`" }
        report(
            "E030", "`\(name)` is not defined", span,
            suggestion: hint ?? EditDistance.suggestion(for: name, in: scopes.visibleNames + registry.globalNames))
    }

    private mutating func checkAugmented(_ target: Target, _ op: BinaryOperator, _ node: Expression) {
        check(node.children)
        guard case .name(let name) = target else { return }
        if scopes.isInFunction, bindings[bindings.count - 1].isOnlyAugmented(name.name), !parameters.contains(name.name)
        {
            report(
                "E031", "`\(name.name)` has no value in this function", name.span,
                suggestion: "a function reads outer names but binds its own: pass it in and return it")
        } else {
            checkName(name.name, name.span)
        }
    }

    private var parameters: Set<String> = []

    private mutating func checkFunction(_ literal: FunctionLiteral) {
        let scope = Scope(isFile: false)
        for parameter in literal.parameters { scope.declare(parameter.name.name) }
        let own = Bindings([literal.body])
        for name in own.names { scope.declare(name) }
        if own.names.count > Limits.locals {
            report("E235", "a function can bind at most \(Limits.locals) names", literal.span)
        }
        literal.scope = scope
        let outer = (loopDepth, parameters)
        loopDepth = 0
        parameters = Set(literal.parameters.map(\.name.name))
        scopes.enter(scope)
        bindings.append(own)
        check(literal.parameters.compactMap(\.defaultValue))
        check(literal.body)
        bindings.removeLast()
        scopes.leave()
        (loopDepth, parameters) = outer
    }

    private mutating func checkComprehension(_ comprehension: Comprehension) {
        let outerLoopDepth = loopDepth
        loopDepth = 0
        var entered = 0
        for clause in comprehension.clauses {
            switch clause {
            case .filter(let condition): check(condition)
            case .iterate(let target, let iterable):
                check(iterable)
                var names: [String: String] = [:]
                for name in target.names {
                    hiddenCount += 1
                    let hidden = comprehension.hiddenNames[name.name] ?? "\(name.name)#\(hiddenCount)"
                    comprehension.hiddenNames[name.name] = hidden
                    scopes.current.declare(hidden)
                    names[name.name] = hidden
                }
                scopes.enter(comprehension: names)
                entered += 1
            }
        }
        check(comprehension.body)
        for _ in 0..<entered { scopes.leaveComprehension() }
        loopDepth = outerLoopDepth
    }
}

/// What asking for an imported file gives.
enum ImportResult {
    case success(ImportedFile)
    case failure([Diagnostic])
}
