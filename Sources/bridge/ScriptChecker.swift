import Notebook

/// `bridge check`: reports the errors of every file and runs none.
enum ScriptChecker {
    static func check(_ files: [String], shortErrors: Bool) -> Int32 {
        let console = Console.standard()
        let registry = Library.registry(console: console)
        var status = Status.done
        var codes: [String] = []
        for path in files {
            switch ScriptFile.read(path) {
            case .success(let text):
                if !shortErrors, !codes.isEmpty { console.report("\n") }
                // Each file has a session of its own: names of one are not seen by the next.
                let session = Session(registry: registry, console: console, shortErrors: shortErrors)
                let diagnostics = session.check(Cell(name: path, text: text, path: path))
                codes += diagnostics.filter { $0.severity == .error }.map(\.code)
            case .failure(let problem):
                console.report("error: \(problem.message)\n")
                status = max(status, problem.status)
            }
        }
        if !shortErrors, codes.count > 1 {
            console.report("\n\(codes.count) errors; `bridge -e 'help(\"\(codes[0])\")'` explains the first\n")
        }
        return codes.isEmpty ? status : max(status, Status.failed)
    }
}
