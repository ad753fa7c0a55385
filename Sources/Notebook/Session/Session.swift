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
    private let errorForm: DiagnosticRenderer.Form

    /// - Parameters:
    ///   - arguments: what the script's `args()` gives.
    ///   - shortErrors: whether an error is one line.
    public init(registry: Registry, console: Console, arguments: [String] = [], shortErrors: Bool = false) {
        self.console = console
        errorForm = shortErrors ? .short : .long
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
                let place = error.diagnostics.first.map { " at \($0.place)" } ?? ""
                let progress = error.partial.map { $0.progress.isEmpty ? "" : " \($0.progress)" } ?? ""
                console.report("interrupted\(place)\(progress)\n")
                if showsResult, let value = error.partial?.value { display.show(value) }
                return .interrupted(error.partial)
            }
            report(error.diagnostics)
            return .failed(error.diagnostics)
        }
    }

    /// Everything that is wrong with a cell, reported; nothing runs.
    @discardableResult
    public func check(_ cell: Cell) -> [Diagnostic] {
        let diagnostics = self.diagnostics(of: cell)
        report(diagnostics)
        return diagnostics
    }

    /// Prints what the virtual machine would do for a cell; nothing runs.
    public func disassemble(_ cell: Cell) -> CellOutcome {
        do throws(DiagnosticsError) {
            console.print(try interpreter.disassemble(source: cell.source))
            return .finished(.null, isSilenced: true)
        } catch {
            report(error.diagnostics)
            return .failed(error.diagnostics)
        }
    }

    /// Everything that is wrong with a cell; nothing is reported and nothing runs.
    public func diagnostics(of cell: Cell) -> [Diagnostic] { interpreter.check(source: cell.source) }

    public func report(_ diagnostics: [Diagnostic]) {
        let renderer = DiagnosticRenderer(form: errorForm, colour: console.error.hasColour)
        let shown = errorForm == .long ? Array(diagnostics.prefix(Self.mostDiagnostics)) : diagnostics
        console.report(renderer.render(shown))
        if shown.count < diagnostics.count { console.report("\n\(diagnostics.count - shown.count) more errors\n") }
    }

    /// More than these help nobody; the short form shows all.
    private static let mostDiagnostics = 30
}
