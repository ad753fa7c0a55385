import FoundationEssentials
import Language

/// The file that `%load` took, and its outputs beside it.
extension PromptSession {
    /// Takes a file's cells, and what is kept of their last run.
    /// - Throws: `PromptCommandError`, `RuntimeError` when the file cannot be read.
    func loadNotebook(_ path: String) throws -> LoadedNotebook {
        let notebook = LoadedNotebook(document: try Self.document(path), name: path, path: path, session: session)
        if FileManager.default.fileExists(atPath: LoadedNotebook.outputsPath(for: path)) {
            try notebook.restoreOutputs()
        }
        self.notebook = notebook
        return notebook
    }

    /// The loaded file as it is now on the disk.
    /// - Throws: `PromptCommandError` when none is loaded or it can no longer be read.
    func currentNotebook() throws -> LoadedNotebook {
        guard let notebook else { throw PromptCommandError("no file is loaded: `%load study.bridge` takes its cells") }
        let document = try Self.document(notebook.name)
        if document != notebook.document { notebook.replace(document) }
        return notebook
    }

    /// Runs cells by the numbers that users see, until one fails.
    func run(_ numbers: [Int], of notebook: LoadedNotebook) throws {
        let runnable = notebook.document.runnable
        for number in numbers where number > runnable.count {
            throw PromptCommandError("\(notebook.name) has \(runnable.count) cells that run, and no cell \(number)")
        }
        for number in numbers {
            if numbers.count > 1 { announce(number, notebook.document.cells[runnable[number - 1]]) }
            guard case .finished = notebook.run(runnable[number - 1]) else { break }
        }
        keepOutputs(of: notebook)
    }

    /// A line above what a cell gives.
    private func announce(_ number: Int, _ cell: NotebookCell) {
        console.endLine()
        let line = "cell \(number)" + (cell.title.isEmpty ? "" : ": " + cell.title)
        console.print((console.output.hasColour ? "\u{1B}[2m\(line)\u{1B}[0m" : line) + "\n")
    }

    func keepOutputs(of notebook: LoadedNotebook) {
        do {
            try notebook.saveOutputs()
        } catch {
            console.report("warning: the outputs are not kept: \(error)\n")
        }
    }

    private static func document(_ path: String) throws -> NotebookDocument {
        let text = try TextFile.read(path)
        return path.hasSuffix(".ipynb")
            ? try NotebookDocument(jupyter: text, name: path) : NotebookDocument(percent: text)
    }

    /// Whether a file may be written: it is new, or the user says so.
    func mayReplace(_ path: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return true }
        return isConfirmed("\(path) is there: replace it?")
    }

    /// Asks a question that only `y` answers with yes.
    func isConfirmed(_ question: String) -> Bool {
        guard case .line(let answer) = editor.readLine(prompt: question + " [y/N] ") else { return false }
        return ["y", "yes"].contains(answer.trimmed.lowercased())
    }
}
