import Notebook

/// `bridge --disassemble FILE`, `bridge --disassemble -e CODE` and `bridge -e CODE --disassemble`: shows what the virtual
/// machine would do, and runs nothing. Behind FILE the word belongs to the script; behind CODE it does so only where
/// something else stands with it.
enum Disassembly {
    static let option = "--disassemble"

    /// - Returns: the exit status; `nil` where something else is asked for.
    static func run(_ arguments: [String]) -> Int32? {
        if arguments.count == 3, arguments[0] == "-e", arguments[2] == option { return show(line: arguments[1]) }
        guard arguments.first == option else { return nil }
        if arguments.count == 3, arguments[1] == "-e" { return show(line: arguments[2]) }
        guard arguments.count == 2, !arguments[1].hasPrefix("-") || arguments[1] == "-" else {
            Console.standard().report("error: `\(option)` takes one FILE, or `-e CODE`, and nothing behind it\n")
            return Status.usage
        }
        return show(file: arguments[1])
    }

    private static func show(line: String) -> Int32 { show(Cell(name: "-e", text: line), Console.standard()) }

    private static func show(file path: String) -> Int32 {
        let console = Console.standard()
        switch path == "-" ? ScriptFile.readStandardInput() : ScriptFile.read(path) {
        case .success(let text):
            let isFile = path != "-"
            let cell = Cell(name: isFile ? path : "standard input", text: text, path: isFile ? path : nil)
            return show(cell, console)
        case .failure(let problem):
            console.report("error: \(problem.message)\n")
            return problem.status
        }
    }

    private static func show(_ cell: Cell, _ console: Console) -> Int32 {
        let session = Session(registry: Library.registry(console: console), console: console)
        if case .finished = session.disassemble(cell) { return Status.done }
        return Status.failed
    }
}
