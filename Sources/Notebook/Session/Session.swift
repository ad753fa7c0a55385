import Interruption
import Language
import Tensors

/// Runs cells one after the other on one interpreter and reports what they give. An error ends its cell, never the
/// session, and no name that was bound before is lost.
public final class Session {
    public let interpreter: Interpreter
    public let console: Console
    /// Shows results.
    public var display: Display

    /// - Parameter arguments: what the script's `args()` gives.
    public init(registry: Registry, console: Console, arguments: [String] = []) {
        self.console = console
        interpreter = Interpreter(registry: registry)
        interpreter.arguments = arguments
        interpreter.output = { [console] in console.print($0) }
        interpreter.noGradHook = { body in try noGrad(body) }
        display = Display(console: console)
    }

    /// Checks and runs a cell; errors and interruptions are reported on the console's error stream.
    /// - Parameter showsResult: whether the value of the last expression is shown, unless the cell ends with `;`.
    @discardableResult
    public func run(_ cell: Cell, showsResult: Bool) -> CellOutcome {
        // Not cleared before the run: a Ctrl-C pressed right after Enter counts.
        defer { Interruption.clear() }
        if console.output.isTerminal { interpreter.printWidth = console.output.columns() }
        do throws(DiagnosticsError) {
            let result = try interpreter.evaluate(source: cell.source)
            console.clearLiveLine()
            if showsResult && !result.isSilenced { display.show(result.value) }
            return .finished(result.value, isSilenced: result.isSilenced)
        } catch {
            console.clearLiveLine()
            if error.isInterrupted {
                console.report("interrupted\n")
                return .interrupted
            }
            report(error.diagnostics)
            return .failed(error.diagnostics)
        }
    }

    /// Everything that is wrong with a cell, reported; nothing runs.
    @discardableResult
    public func check(_ cell: Cell) -> [Diagnostic] {
        let diagnostics = interpreter.check(source: cell.source)
        report(diagnostics)
        return diagnostics
    }

    func report(_ diagnostics: [Diagnostic]) {
        console.report(DiagnosticRenderer(colour: console.error.hasColour).render(diagnostics))
    }
}
