import CEdit
import Glibc
import Interruption
import Notebook

/// Runs scripts, lines and the prompt. Each gives the process's exit status.
enum RunCommand {
    /// The prompt on a terminal; elsewhere the standard input is a script.
    static func runInput(_ arguments: [String]) -> Int32 {
        isatty(STDIN_FILENO) == 1 ? runPrompt() : runStandardInput(arguments)
    }

    static func runFile(_ path: String, arguments: [String]) -> Int32 {
        let console = Console.standard()
        switch ScriptFile.read(path) {
        case .success(let text):
            return run(Cell(name: path, text: text, path: path), arguments, console, showsResult: false)
        case .failure(let problem):
            console.report("error: \(problem.message)\n")
            return problem.status
        }
    }

    static func runStandardInput(_ arguments: [String]) -> Int32 {
        let console = Console.standard()
        switch ScriptFile.readStandardInput() {
        case .success(let text):
            return run(Cell(name: "standard input", text: text), arguments, console, showsResult: false)
        case .failure(let problem):
            console.report("error: \(problem.message)\n")
            return problem.status
        }
    }

    static func runLine(_ code: String, arguments: [String]) -> Int32 {
        run(Cell(name: "-e", text: code), arguments, Console.standard(), showsResult: true)
    }

    private static func run(_ cell: Cell, _ arguments: [String], _ console: Console, showsResult: Bool) -> Int32 {
        let session = Session(
            registry: Library.registry(console: console), console: console, arguments: arguments, shortErrors: shortErrors)
        Interruption.endsProcess()
        // The system takes the values' memory back faster than they could be given up.
        _ = Unmanaged.passRetained(session)
        switch session.run(cell, showsResult: showsResult) {
        case .finished: return Status.done
        case .failed: return Status.failed
        case .interrupted: return Status.interrupted
        }
    }

    /// `BRIDGE_ERRORS=short` asks for a line an error.
    static var shortErrors: Bool { Console.environment("BRIDGE_ERRORS") == "short" }

    private static func runPrompt() -> Int32 {
        let console = Console.standard()
        guard let editor = TerminalLineEditor(hasColour: console.output.hasColour) else {
            console.report("error: the terminal cannot be used for editing; pipe a script in or name a file\n")
            return Status.failed
        }
        let history = HistoryFile.defaultPath(environment: Console.environment).map { path in
            HistoryFile(path: path) { console.report("warning: \($0)\n") }
        }
        let session = Session(registry: Library.registry(console: console), console: console, shortErrors: shortErrors)
        Prompt(session: session, editor: editor, history: history).run()
        return Status.done
    }
}
