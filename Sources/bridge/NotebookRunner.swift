import Glibc
import Notebook

/// Does what `bridge notebook` asks for. Errors and progress go to standard error; nothing goes to standard output.
struct NotebookRunner {
    var file: String
    var outputs: [String]
    var keepsGoing: Bool
    var runsNothing: Bool
    var arguments: [String]

    private let terminal = Console.standard()

    init(file: String, outputs: [String], keepsGoing: Bool, runsNothing: Bool, arguments: [String]) {
        self.file = file
        self.outputs = outputs.isEmpty ? [Self.page(of: file)] : outputs
        self.keepsGoing = keepsGoing
        self.runsNothing = runsNothing
        self.arguments = arguments
    }

    /// The exit status.
    func run() -> Int32 {
        switch load() {
        case .failure(let problem):
            terminal.report("error: \(problem.message)\n")
            return problem.status
        case .success(let notebook):
            if let reason = outputs.lazy.compactMap(unwritable).first {
                terminal.report("error: \(reason)\n")
                return Status.failed
            }
            guard let status = perform(notebook) else { return Status.failed }
            return max(status, write(notebook))
        }
    }

    private func load() -> Result<LoadedNotebook, ScriptFile.Problem> {
        let isJupyter = file.hasSuffix(".ipynb")
        // Outputs with pictures in them may be long.
        return ScriptFile.read(file, limit: isJupyter ? 1 << 29 : Cell.byteLimit).flatMap { text in
            do {
                let document =
                    isJupyter
                    ? try NotebookDocument(jupyter: text, name: file) : NotebookDocument(percent: text)
                // What the cells print is kept for the page; a progress line is still shown while they run.
                let console = Console(output: .init(write: { _ in }), error: terminal.error)
                let session = Session(
                    registry: Library.registry(console: console), console: console, arguments: arguments)
                return .success(LoadedNotebook(document: document, name: file, path: file, session: session))
            } catch {
                return .failure(ScriptFile.Problem(message: "\(error)", status: Status.failed))
            }
        }
    }

    /// Runs the cells, or takes their outputs from where they are kept; nil where there is nothing to write.
    private func perform(_ notebook: LoadedNotebook) -> Int32? {
        if runsNothing {
            do {
                try notebook.restoreOutputs()
                return Status.done
            } catch {
                terminal.report("error: \(error); write the .ipynb beside \(file) first, by a run without --no-run\n")
                return nil
            }
        }
        guard outputs.contains(where: { NotebookFormat(path: $0) != .percent }) else { return Status.done }
        let count = notebook.document.runnable.count
        let console = notebook.session.console
        let ending = notebook.runAll(keepsGoing: keepsGoing) { index in
            let cell = notebook.document.number(of: index) ?? 0
            console.showLive("cell \(cell) of \(count)")
        }
        console.clearLiveLine()
        switch ending {
        case .finished: return Status.done
        case .failed: return Status.failed
        case .interrupted: return Status.interrupted
        }
    }

    private func write(_ notebook: LoadedNotebook) -> Int32 {
        var status = Status.done
        for output in outputs {
            do {
                try notebook.write(NotebookFormat(path: output) ?? .html, to: output)
            } catch {
                terminal.report("error: \(error)\n")
                status = Status.failed
            }
        }
        return status
    }

    /// Why a file cannot be written there, looked at before the cells run for an hour; nil where nothing speaks
    /// against it.
    private func unwritable(_ path: String) -> String? {
        var information = stat()
        let isThere = stat(path, &information) == 0
        if isThere, information.st_mode & S_IFMT == S_IFDIR { return "cannot write \(path): it is a folder" }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard stat(folder, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
            return "cannot write \(path): there is no folder \(folder)"
        }
        return access(folder, W_OK | X_OK) == 0 ? nil : "cannot write \(path): you may not write in \(folder)"
    }

    /// `study.html` for `study.bridge`.
    private static func page(of file: String) -> String {
        for ending in [".bridge", ".ipynb"] where file.hasSuffix(ending) {
            return file.dropLast(ending.count) + ".html"
        }
        return file + ".html"
    }
}
