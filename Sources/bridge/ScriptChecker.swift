import Notebook

/// `bridge check`: reports the errors of every file and runs none.
enum ScriptChecker {
    static func check(_ files: [String]) -> Int32 {
        let console = Console.standard()
        let registry = Library.registry(console: console)
        var status = Status.done
        for path in files {
            switch ScriptFile.read(path) {
            case .success(let text):
                // Each file has a session of its own: names of one are not seen by the next.
                let session = Session(registry: registry, console: console)
                let diagnostics = session.check(Cell(name: path, text: text, path: path))
                if diagnostics.contains(where: { $0.severity == .error }) { status = max(status, Status.failed) }
            case .failure(let problem):
                console.report("error: \(problem.message)\n")
                status = max(status, problem.status)
            }
        }
        return status
    }
}
