import Interruption

/// What a run gives.
public struct CellResult {
    /// The value of the last expression; nil where the last statement has none.
    public var value: Value
    /// Whether the last statement ended with `;`, which asks not to show the value.
    public var isSilenced: Bool
}

/// Runs sources one after the other and keeps the names they bind. A run that fails loses no name bound before.
/// Not for use from several threads at once.
public final class Interpreter {
    public let registry: Registry
    /// Where `print` writes; includes the newline.
    public var output: (String) -> Void = { text in print(text, terminator: "") }
    /// What `args()` gives.
    public var arguments: [String] = []
    /// Put around the block of `no_grad { }`; it must call the closure once and return its value.
    public var noGradHook: ((() throws -> Value) throws -> Value)?
    /// The widest line printing should use.
    public var printWidth = 100
    /// What one value may take of the screen.
    public var printBudget: PrintBudget { PrintBudget(width: printWidth) }

    /// Whether the last statement of the last run ended with `;`.
    public private(set) var isResultSilenced = false

    let module = Module(name: "main")
    /// Imported files by their full paths.
    var files: [String: ImportedFile] = [:]
    /// The imports that are being compiled, outermost first.
    var loading: [Loading] = []
    /// The imported files that this run has compared with what is on the disk.
    var checkedFiles: Set<String> = []
    private lazy var machine = Machine(self)

    public init(registry: Registry = Registry()) { self.registry = registry }

    /// Frees everything that the session holds; a function that outlives it finds its file's names unbound.
    deinit {
        module.clear()
        for file in files.values { file.module.clear() }
        CycleCollector.collect()
    }

    /// Checks and runs a source.
    /// - Returns: the value of its last expression.
    @discardableResult
    public func run(source: Source) throws(DiagnosticsError) -> Value { try evaluate(source: source).value }

    /// Checks and runs a source.
    /// - Throws: every diagnostic of the check, before anything ran; or the one runtime error.
    public func evaluate(source: Source) throws(DiagnosticsError) -> CellResult {
        checkedFiles = []
        let compiled = try compile(source, into: module)
        isResultSilenced = compiled.endsWithSemicolon
        machine.interruptedAt = nil
        do {
            return CellResult(value: try machine.run(compiled.prototype), isSilenced: compiled.endsWithSemicolon)
        } catch {
            throw diagnostics(of: error, source)
        }
    }

    private func diagnostics(of error: any Error, _ source: Source) -> DiagnosticsError {
        if let located = error as? LocatedError {
            return DiagnosticsError(phase: .running, diagnostics: [located.diagnostic])
        }
        if let interrupted = error as? Interrupted {
            return DiagnosticsError(
                phase: .interrupted, diagnostics: [machine.interruptedAt].compactMap(\.self),
                partial: interrupted.partial as? PartialResult)
        }
        let known = error as? RuntimeError
        let diagnostic = Diagnostic(
            code: known?.code ?? "E200", message: "\(error)", source: source, span: SourceSpan(0, 0),
            suggestion: known?.suggestion)
        return DiagnosticsError(phase: .running, diagnostics: [diagnostic])
    }

    /// Everything that is wrong with a source, without running it.
    public func check(source: Source) -> [Diagnostic] {
        checkedFiles = []
        let program = Parser.parse(source)
        let (_, checker) = inspect(program, source, module)
        return Interpreter.sorted(program.diagnostics + checker.diagnostics, first: source)
    }

    /// Whether a text typed so far can end here; false where the parser needs another line.
    public func isComplete(_ text: String) -> Bool { !Parser.parse(Source(name: "", text: text)).isIncomplete }

    /// Calls a script's or the library's function.
    public func call(_ function: Value, _ arguments: [Value]) throws -> Value { try machine.call(function, arguments) }

    /// Binds a name as an assignment in a cell would.
    public func define(_ name: String, _ value: Value) {
        guard let slot = module.declare(name) else { return }
        module.values[slot] = value
    }

    /// What a name is bound to by the session; `nil` for unbound names and for the library's.
    public func value(named name: String) -> Value? { module.value(named: name) }

    /// The names the session has bound, in the order of their binding.
    public var boundNames: [String] { module.boundNames }

    /// Forgets every name that the session has bound. Files that were imported run again when they are imported again.
    public func forgetNames() {
        module.clear()
        files = [:]
    }
}
