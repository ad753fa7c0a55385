/// Finds what is wrong before anything runs: undefined names, names used before they are bound, wrong arguments of
/// known functions, members that a value cannot have, operators on values that they cannot take, misplaced `break`,
/// `continue` and `return`. Only what is certain is reported. Notes in each function literal which variables it
/// captures.
struct Checker {
    /// What is known of the names of one function, or of the file, at the place that is being checked.
    struct Level {
        var bindings: Bindings
        var parameters: Set<String> = []
        /// Names that may have a value here. Where several ways lead here, of all of them.
        private(set) var bound: Set<String>
        /// Those that this level has added, in order, so that a branch can be left without a copy of them all.
        private var added: [String] = []
        /// The types of names that are bound in one place, once that is passed.
        var types: [String: StaticType] = [:]

        init(bindings: Bindings, parameters: Set<String> = [], bound: Set<String>) {
            self.bindings = bindings
            self.parameters = parameters
            self.bound = bound
        }

        mutating func add(_ name: String) {
            if bound.insert(name).inserted { added.append(name) }
        }

        var mark: Int { added.count }

        /// - Returns: what was added since the mark, which is bound no more.
        mutating func remove(since mark: Int) -> ArraySlice<String> {
            let names = added[mark...]
            added.removeLast(names.count)
            for name in names { bound.remove(name) }
            return names
        }
    }

    let source: Source
    let registry: Registry
    /// The session's or the file's names from earlier runs.
    let module: Module
    let loader: (_ path: String, _ span: SourceSpan, _ source: Source) -> ImportResult
    /// Names of statements that could not be read.
    let uncertainNames: Set<String>
    /// Where the lexer read a sign of another language as one of this.
    let misread: [SourceSpan]
    var diagnostics: [Diagnostic] = []
    var scopes: ScopeStack
    var levels: [Level]
    var loopDepth = 0
    /// Blocks of `try` around the place: what fails there may be meant to.
    var tryDepth = 0
    /// Branches and loops of the function around the place, which may not run.
    private var branchDepth = 0
    let natives = KnownNatives()
    /// For each undefined name, where its diagnostic is and the lines it is used in again.
    var undefined: [String: (index: Int, lines: [Int])] = [:]
    /// Names that suggestions have been chosen from, all together.
    var candidateCount = 0
    /// What was found of calls and chains of operators and members. Without it a chain would be gone through at each
    /// of its links.
    var knownTypes: [ObjectIdentifier: StaticType?] = [:]
    private var hiddenCount = 0

    init(
        source: Source, program: Program, fileScope: Scope, registry: Registry, module: Module,
        loader: @escaping (String, SourceSpan, Source) -> ImportResult
    ) {
        self.source = source
        self.registry = registry
        self.module = module
        self.loader = loader
        uncertainNames = program.uncertainNames
        misread = program.diagnostics.filter { $0.code == "E001" }.map(\.span)
        let own = Bindings(program.statements)
        levels = [Level(bindings: own, bound: Set(module.boundNames))]
        scopes = ScopeStack(file: fileScope, names: Set(own.names).union(module.boundNames))
    }

    /// The names the file binds or has bound.
    var fileNames: Set<String> { scopes.fileNames }
    var level: Level { _read { yield levels[levels.count - 1] } }

    mutating func report(
        _ code: String, _ message: String, _ span: SourceSpan, suggestion: String? = nil,
        marks: [Diagnostic.Mark] = [], notes: [String] = []
    ) {
        diagnostics.append(
            Diagnostic(
                code: code, message: message, source: source, span: span, suggestion: suggestion, marks: marks,
                notes: notes))
    }

    mutating func check(_ nodes: [Expression]) { for node in nodes { check(node) } }

    mutating func checkChildren(_ node: Expression) { node.forEachChild { check($0) } }

    /// In the order in which the nodes are evaluated.
    mutating func check(_ node: Expression) {
        switch node.kind {
        case .name(let name): checkName(name, node.span)
        case .call(let callee, let arguments): checkCall(node, callee, arguments)
        case .member(let object, let name):
            checkObject(object)
            checkMember(object, name, isCalled: false)
            noteType(of: node, above: object)
        case .function(let literal): checkFunction(literal)
        case .definition(let name, let literal):
            bind(name.name, .function)
            checkFunction(literal)
        case .comprehension(let comprehension): checkComprehension(comprehension)
        case .tuple(let items):
            let inner = source.text(of: SourceSpan(node.span.start + 1, max(node.span.start + 1, node.span.end - 1)))
            let list = inner.count <= 30 && !inner.contains { $0.isNewline } ? "[\(inner)]" : "[a, b]"
            report("E013", "there are no tuples", node.span, suggestion: "write `\(list)` for a list")
            check(items)
        case .conditional(let condition, let then, let otherwise): checkConditional(condition, then, otherwise)
        case .forLoop(let target, let iterable, let body):
            check(iterable)
            checkIterable(iterable)
            target.forEachExpression { check($0) }
            bindAll(target.names.map(\.name))
            bindAll(in: body)
            inLoop { $0.check(body) }
        case .whileLoop(let condition, let body):
            check(condition)
            checkCondition(condition, "a condition")
            bindAll(in: condition)
            bindAll(in: body)
            inLoop { $0.check(body) }
        case .breakLoop: if loopDepth == 0 { report("E040", "`break` stands outside a loop", node.span) }
        case .continueLoop: if loopDepth == 0 { report("E040", "`continue` stands outside a loop", node.span) }
        case .returnValue:
            if !scopes.isInFunction {
                report(
                    "E041", "`return` stands outside a function", node.span,
                    suggestion: "a file's value is that of its last expression")
            }
            checkChildren(node)
        case .tryCatch(let body, let name, let handler):
            tryDepth += 1
            check(body)
            tryDepth -= 1
            if let name { bind(name.name, nil) }
            check(handler)
        case .assignment(let target, let value):
            checkChildren(node)
            if case .name(let name) = target { return bind(name.name, type(of: value)) }
            bindAll(target.names.map(\.name))
        case .augmented(let target, let op, let value): checkAugmented(target, op, value, node)
        case .importFile(let path, let span, let name):
            if case .failure(var found) = loader(path, span, source) {
                if let first = found.first, first.source !== source {
                    found[0].marks.append(Diagnostic.Mark(source: source, span: span, label: "imported here"))
                }
                diagnostics += found
            }
            bind(name.name, nil)
        default:
            checkChildren(node)
            checkOperator(node)
        }
    }

    private mutating func inLoop(_ body: (inout Checker) -> Void) {
        loopDepth += 1
        branchDepth += 1
        body(&self)
        loopDepth -= 1
        branchDepth -= 1
    }

    private mutating func checkConditional(_ condition: Expression, _ then: Expression, _ otherwise: Expression?) {
        check(condition)
        checkCondition(condition, "a condition")
        let last = levels.count - 1
        let mark = levels[last].mark
        branchDepth += 1
        defer { branchDepth -= 1 }
        check(then)
        guard let otherwise else { return }
        let names = levels[last].remove(since: mark)
        check(otherwise)
        for name in names { levels[last].add(name) }
    }

    mutating func bindAll(_ names: [String]) { for name in names { bind(name, nil) } }

    private mutating func bindAll(in node: Expression) { Bindings.forEachName(in: node) { bind($0.name, nil) } }

    /// From here on the name may have a value, of this type if that is certain.
    mutating func bind(_ name: String, _ type: StaticType?) {
        let last = levels.count - 1
        levels[last].add(name)
        guard let type else {
            levels[last].types[name] = nil
            return
        }
        let isCertain = levels[last].bindings.bindsOnce(name) && !levels[last].parameters.contains(name)
            && !uncertainNames.contains(name)
            // Where the file may not bind it, an earlier value or the library's is seen.
            && (last > 0 || (branchDepth + tryDepth == 0)
                || (registry.builtin(name) == nil && module.value(named: name) == nil))
        levels[last].types[name] = isCertain ? type : nil
    }

    private mutating func checkFunction(_ literal: FunctionLiteral) {
        let scope = Scope(isFile: false)
        for parameter in literal.parameters { scope.declare(parameter.name.name) }
        let own = Bindings([literal.body])
        for name in own.names { scope.declare(name) }
        if own.names.count > Limits.locals {
            report("E235", "a function can bind at most \(Limits.locals) names", literal.span)
        }
        literal.scope = scope
        let outer = (loopDepth, tryDepth, branchDepth)
        (loopDepth, tryDepth, branchDepth) = (0, 0, 0)
        let parameters = Set(literal.parameters.map(\.name.name))
        scopes.enter(scope)
        levels.append(Level(bindings: own, parameters: parameters, bound: parameters))
        check(literal.parameters.compactMap(\.defaultValue))
        check(literal.body)
        levels.removeLast()
        scopes.leave()
        (loopDepth, tryDepth, branchDepth) = outer
    }

    private mutating func checkComprehension(_ comprehension: Comprehension) {
        let outerLoopDepth = loopDepth
        loopDepth = 0
        branchDepth += 1
        var entered = 0
        for clause in comprehension.clauses {
            switch clause {
            case .filter(let condition):
                check(condition)
                checkCondition(condition, "a condition")
            case .iterate(let target, let iterable):
                check(iterable)
                checkIterable(iterable)
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
        branchDepth -= 1
    }
}

/// What asking for an imported file gives.
enum ImportResult {
    case success(ImportedFile)
    case failure([Diagnostic])
}
