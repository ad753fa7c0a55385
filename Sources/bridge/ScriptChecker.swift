import Notebook

/// `bridge check`: reports the errors of every file and runs none. What several files import is reported once.
struct ScriptChecker {
    private let console = Console.standard()
    private let registry = Library.registry(console: Console.standard())
    private let shortErrors: Bool
    private var status = Status.done
    private var reported: Set<String> = []
    private var codes: [String] = []
    private var filesWithErrors: Set<String> = []

    /// - Parameter shortErrors: a line an error, and nothing else.
    init(shortErrors: Bool) { self.shortErrors = shortErrors }

    /// - Parameter paths: files and folders; `-` is the standard input.
    /// - Returns: the exit status.
    mutating func check(_ paths: [String]) -> Int32 {
        let folder = ScriptFolder(expanding: paths)
        folder.problems.forEach { report($0) }
        for path in folder.files {
            switch ScriptFile.readNamed(path) {
            case .success(let cell): check(cell)
            case .failure(let problem): report(problem)
            }
        }
        if !shortErrors { summarise(folder.files.count) }
        return status
    }

    private mutating func check(_ cell: Cell) {
        // Each file has a session of its own: names of one are not seen by the next.
        let session = Session(registry: registry, console: console, shortErrors: shortErrors)
        let diagnostics = session.diagnostics(of: cell)
        let new = diagnostics.filter { diagnostic in
            let file = diagnostic.source.path.flatMap(ScriptFile.realPath) ?? diagnostic.source.name
            return reported.insert("\(file):\(diagnostic.span) \(diagnostic.message)").inserted
        }
        if !shortErrors, !codes.isEmpty, !new.isEmpty { console.report("\n") }
        session.report(new)
        let errors = new.filter { $0.severity == .error }
        codes += errors.map(\.code)
        filesWithErrors.formUnion(errors.map { $0.source.path ?? $0.source.name })
        if diagnostics.contains(where: { $0.severity == .error }) {
            status = max(status, Status.failed)
        }
    }

    private mutating func report(_ problem: ScriptFile.Problem) {
        console.report("error: \(problem.message)\n")
        filesWithErrors.insert(problem.message)
        status = max(status, problem.status)
    }

    /// After the errors, on the same stream.
    private func summarise(_ count: Int) {
        if codes.count > 1 {
            console.report("\n\(codes.count) errors; `bridge -e 'help(\"\(codes[0])\")'` explains the first\n")
        }
        guard count > 1 else { return }
        let errors = codes.count == 1 ? "1 error" : "\(codes.count) errors"
        console.report("checked \(count) files: \(filesWithErrors.isEmpty ? "no errors" : "\(errors) in \(filesWithErrors.count)")\n")
    }
}
