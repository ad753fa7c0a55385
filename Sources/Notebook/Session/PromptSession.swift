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
}

/// What the prompt adds to a session: cells with numbers, their results, a log, the commands that begin with `%`.
public final class PromptSession {
    let session: Session
    let editor: any LineEditor
    let history: HistoryFile?
    let results = Results()
    private(set) var cells: [RunCell] = []
    /// The latest value of `ans`, so that a name of the user's own is left alone.
    private var latest = Value.null
    private(set) var log: SessionLog?
    /// The file that `%load` took.
    var notebook: LoadedNotebook?

    var console: Console { session.console }
    var interpreter: Interpreter { session.interpreter }

    init(session: Session, editor: any LineEditor, history: HistoryFile?) {
        self.session = session
        self.editor = editor
        self.history = history
        bindResults()
    }

    /// The number that the next cell gets.
    var nextNumber: Int { (cells.last?.number ?? 0) + 1 }

    /// Runs a text as the next cell and shows its result with its number.
    @discardableResult
    func runCell(_ text: String) -> CellOutcome {
        let number = nextNumber
        log?.begin(text)
        let outcome = session.run(Cell(name: "cell \(number)", text: text), showsResult: false)
        cells.append(RunCell(number: number, text: text, ending: Self.ending(outcome)))
        if case .finished(let value, let isSilenced) = outcome, !value.isNull {
            results.add(value, number: number)
            bind(latest: value)
            if !isSilenced { session.display.show(value, number: number) }
        }
        log?.end()
        return outcome
    }

    /// The value of a cell that shows nothing; nil when it failed, which has been reported.
    func value(of cell: Cell) -> Value? {
        guard case .finished(let value, _) = session.run(cell, showsResult: false) else { return nil }
        return value
    }

    /// The names that the user has bound, without the prompt's own.
    var userNames: [String] {
        interpreter.boundNames.filter { name in
            guard let value = interpreter.value(named: name) else { return false }
            return !(name == "ans" && Self.isSame(value, latest)) && value.object !== results
        }
    }

    /// Keeps a log from now on; nil ends it.
    func setLog(_ log: SessionLog?) {
        self.log = log
        console.listener = log.map { log in { text in log.show(text) } }
    }

    /// Carries out what stands behind a `%`.
    func perform(_ name: String, _ rest: String) {
        guard let command = PromptCommand.all.first(where: { $0.name == name }) else {
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
        latest = .null
        bindResults()
    }

    /// `ans` and `out` are names like any other: a user who takes one for something else has it.
    private func bindResults() {
        interpreter.define("out", .object(results))
        interpreter.define("ans", .null)
    }

    private func bind(latest value: Value) {
        if let ans = interpreter.value(named: "ans"), Self.isSame(ans, latest) { interpreter.define("ans", value) }
        latest = value
    }

    private static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
        case (.object(let a), .object(let b)): a === b
        default: false
        }
    }

    private static func ending(_ outcome: CellOutcome) -> RunCell.Ending {
        switch outcome {
        case .finished: .finished
        case .failed: .failed
        case .interrupted: .interrupted
        }
    }
}
