import Interruption
import Language
import Spelling

/// A cell that was run at the prompt.
public struct RunCell: Equatable, Sendable {
    public enum Ending: String, Sendable { case finished, failed, interrupted }

    /// From 1; `out[number]` is its result, `cell number` its name in messages.
    public var number: Int
    public var text: String
    public var ending: Ending
    /// What it used of earlier cells' results, and whether it gave one itself.
    public var uses: [ResultUse] = []
    public var hasResult = false
}

/// What the prompt adds to a session: cells with numbers, their results, a log, the commands that begin with `%`.
public final class PromptSession {
    let session: Session
    let editor: any LineEditor
    let history: HistoryFile?
    let results = Results()
    private(set) var cells: [RunCell] = []
    private(set) var log: SessionLog?
    /// The file that `%load` took.
    var notebook: LoadedNotebook?

    var console: Console { session.console }
    var interpreter: Interpreter { session.interpreter }

    init(session: Session, editor: any LineEditor, history: HistoryFile?) {
        self.session = session
        self.editor = editor
        self.history = history
        results.bind(in: interpreter)
    }

    /// The number that the next cell gets.
    var nextNumber: Int { (cells.last?.number ?? 0) + 1 }

    /// Runs a text as the next cell and shows its result with its number.
    @discardableResult
    func runCell(_ text: String) -> CellOutcome {
        let number = nextNumber
        let uses = ScriptText.uses(in: text, results, interpreter)
        log?.begin(text)
        let outcome = session.run(Cell(name: "cell \(number)", text: text), showsResult: false)
        var cell = RunCell(number: number, text: text, ending: Self.ending(outcome), uses: uses)
        switch outcome {
        case .finished(let value, let isSilenced) where !value.isNull:
            cell.hasResult = keep(value, number: number)
            if !isSilenced { session.display.show(value, number: number) }
        case .interrupted(let partial?):
            guard let value = partial.value else { break }
            // A script that is interrupted nowhere has it only where the cell gives it, not where it binds it.
            cell.hasResult = keep(value, number: number) && LastValue.offset(in: text) != nil
            let name = results.owns("ans", in: interpreter) ? "ans" : "out[\(number)]"
            console.report("`\(name)` holds \(partial.name)\n")
        default: break
        }
        cells.append(cell)
        notebook?.noteTyped(text)
        log?.end(cell)
        return outcome
    }

    /// Makes a value the result of a cell.
    private func keep(_ value: Value, number: Int) -> Bool {
        results.add(value, number: number)
        results.bind(latest: value, number: number, in: interpreter)
        return true
    }

    /// The value of a cell that shows nothing; nil when it failed, which has been reported.
    func value(of cell: Cell) -> Value? {
        guard case .finished(let value, _) = session.run(cell, showsResult: false) else { return nil }
        return value
    }

    /// Keeps a log from now on; nil ends it.
    func setLog(_ log: SessionLog?) {
        self.log = log
        console.listener = log.map { log in { text in log.show(text) } }
    }

    /// Carries out what stands behind a `%`.
    func perform(_ name: String, _ rest: String) {
        guard let command = PromptCommand.named(name) else {
            let hint = EditDistance.suggestion(for: "%" + name, in: PromptCommand.all.map { "%" + $0.name })
            return console.report("error: there is no command `%\(name)`; \(hint ?? "`%help` lists them")\n")
        }
        do {
            try command.body(self, rest)
        } catch let error as PromptCommandError {
            console.report("error: \(error.message)\n")
        } catch {
            console.report("error: \(error)\n")
        }
    }

    /// Shows what a call threw as the error of a cell.
    func report(_ error: any Error, in cell: Cell) {
        console.report(error is Interrupted ? "interrupted\n" : "error: \(error)\n")
    }

    /// Forgets names and results; the numbers go on.
    func reset() {
        interpreter.forgetNames()
        results.removeAll()
        results.bind(in: interpreter)
    }

    private static func ending(_ outcome: CellOutcome) -> RunCell.Ending {
        switch outcome {
        case .finished: .finished
        case .failed: .failed
        case .interrupted: .interrupted
        }
    }
}
