import Notebook

/// `bridge format`: lays scripts out in the one style of the language.
struct ScriptFormatter {
    enum Action {
        /// Files are written anew; the standard input goes to the standard output.
        case rewrite
        /// Names the files that are not laid out.
        case check
        /// Shows what would change.
        case diff
    }

    let action: Action
    private let console = Console.standard()
    private var status = Status.done

    init(_ action: Action) { self.action = action }

    /// - Parameter paths: files and folders; `-` or none is the standard input.
    /// - Returns: the exit status: 1 where a file has errors, or is not laid out and is not rewritten.
    mutating func run(_ paths: [String]) -> Int32 {
        let folder = ScriptFolder(expanding: paths.isEmpty ? ["-"] : paths)
        folder.problems.forEach { report($0) }
        for path in folder.files {
            switch ScriptFile.readNamed(path) {
            case .success(let cell): format(cell, path)
            case .failure(let problem): report(problem)
            }
        }
        return status
    }

    private mutating func format(_ cell: Cell, _ path: String) {
        guard let text = cell.formatted(reportingTo: console) else {
            status = max(status, Status.failed)
            return
        }
        let isSame = text == cell.source.text
        switch action {
        case .rewrite where path == "-": console.print(text)
        case .rewrite:
            if !isSame { replace(path, with: text) }
        case .check where !isSame:
            console.print("\(cell.source.name)\n")
            status = max(status, Status.failed)
        case .diff where !isSame:
            console.print(LineDifference.unified(from: cell.source.text, to: text, name: cell.source.name))
            status = max(status, Status.failed)
        case .check, .diff: break
        }
    }

    private mutating func replace(_ path: String, with text: String) {
        do {
            try TextFile.write(text, to: path)
        } catch {
            report(ScriptFile.Problem(message: "\(error)", status: Status.failed))
        }
    }

    private mutating func report(_ problem: ScriptFile.Problem) {
        console.report("error: \(problem.message)\n")
        status = max(status, problem.status)
    }
}
