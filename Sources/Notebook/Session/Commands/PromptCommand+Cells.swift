import FoundationEssentials
import Language

/// Commands on the cells that were typed, and on those of a file that was loaded.
extension PromptCommand {
    static let cellCommands = [
        PromptCommand(
            name: "save", usage: "[3..9] FILE", summary: "writes what was typed in these cells as a script",
            argument: .file()
        ) { session, text in
            try save(session, text)
        },
        PromptCommand(
            name: "edit", usage: "[3 | NAME]", summary: "opens a cell or a function in $EDITOR, then runs it",
            argument: .name
        ) { session, text in
            try edit(session, text)
        },
        PromptCommand(
            name: "load", usage: "FILE", summary: "takes the cells of a file, or binds what save_session saved",
            argument: .file()
        ) { session, text in
            try load(session, text)
        },
        PromptCommand(name: "cells", usage: "", summary: "the loaded file's cells: what ran, how long, what is stale") {
            session, _ in
            let notebook = try session.currentNotebook()
            session.console.print(notebook.listing)
        },
        PromptCommand(
            name: "run", usage: "3 | 3..9 | all", summary: "runs cells of the loaded file", argument: .words(["all"])
        ) { session, text in
            let notebook = try session.currentNotebook()
            guard !text.isEmpty else {
                throw PromptCommandError("write which cells: `%run 3`, `%run 3..9` or `%run all`")
            }
            let numbers = text == "all"
                ? Array(1...max(1, notebook.document.runnable.count)) : try CellNumbers(text).numbers
            try session.run(numbers, of: notebook)
        },
        PromptCommand(
            name: "rerun", usage: "stale", summary: "runs the cells that a change has made stale, in order",
            argument: .words(["stale"])
        ) { session, text in
            guard text == "stale" else { throw PromptCommandError("write `%rerun stale`, or `%run 3` for one cell") }
            let notebook = try session.currentNotebook()
            guard notebook.runStale() != nil else { return session.console.print("no cell is stale\n") }
            session.keepOutputs(of: notebook)
        },
    ]

    private static func save(_ session: PromptSession, _ text: String) throws {
        let parts = text.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
        guard let path = parts.last else { throw PromptCommandError("name a file: `%save 3..9 study.bridge`") }
        let wanted = parts.count == 2 ? Set(try CellNumbers(parts[0]).numbers) : nil
        let named = session.cells.filter { wanted?.contains($0.number) ?? true }
        // What failed would end the script.
        let cells = named.filter { $0.ending != .failed }
        guard !cells.isEmpty else {
            throw PromptCommandError("there are no such cells; the next one is \(session.nextNumber)")
        }
        guard try session.mayReplace(path) else { return session.console.print("nothing was written\n") }
        let used = Set(cells.flatMap(\.uses).compactMap(\.cell))
        let texts = cells.map { "# %%\n\(ScriptText.of($0, namesResult: used.contains($0.number)))\n" }
        try TextFile.write(texts.joined(separator: "\n"), to: path)
        let left = named.filter { $0.ending == .failed }
        let without = left.isEmpty ? "" : ", without \(list(left))"
        session.console.print("wrote \(list(cells)) to \(path)\(without)\n")
        for problem in problems(cells) { session.console.report("warning: \(problem)\n") }
    }

    /// What a script of some cells lacks.
    private static func problems(_ cells: [RunCell]) -> [String] {
        let written = Set(cells.filter(\.hasResult).map(\.number))
        return cells.flatMap { cell in
            let missing = Set(cell.uses.compactMap(\.cell)).subtracting(written).sorted().map {
                "cell \(cell.number) uses the result of cell \($0), which is not among them"
            }
            let isOpen = cell.uses.contains { $0.cell == nil }
            return missing + (isOpen ? ["cell \(cell.number) uses `ans` or `out`, which a script does not have"] : [])
        }
    }

    /// `cell 3`, `cells 1, 2, 5`
    private static func list(_ cells: [RunCell]) -> String {
        "cell\(cells.count == 1 ? "" : "s") " + cells.map { "\($0.number)" }.joined(separator: ", ")
    }

    private static func edit(_ session: PromptSession, _ text: String) throws {
        let edited = try session.editor.editOutside(try editable(session, text))
        guard !edited.allSatisfy(\.isWhitespace) else { return session.console.print("nothing to run\n") }
        session.console.print(CodeStyles.painted(edited, hasColour: session.console.output.hasColour) + "\n")
        session.runCell(edited)
    }

    private static func editable(_ session: PromptSession, _ text: String) throws -> String {
        if text.isEmpty { return session.cells.last?.text ?? "" }
        if let number = Int(text) {
            guard let cell = session.cells.last(where: { $0.number == number }) else {
                throw PromptCommandError("there is no cell \(number); the next one is \(session.nextNumber)")
            }
            return cell.text
        }
        guard let function = session.interpreter.value(named: text)?.object as? FunctionObject else {
            throw PromptCommandError("`\(text)` is neither a cell's number nor a function of this session")
        }
        return function.text
    }

    private static func load(_ session: PromptSession, _ path: String) throws {
        guard !path.isEmpty else { throw PromptCommandError("name a file: `%load study.bridge`") }
        let saved = SavedSession(folder: path)
        if saved.isThere { return try bind(saved, session) }
        let notebook = try session.loadNotebook(path)
        let count = notebook.document.runnable.count
        session.console.print(
            "\(path): \(count) cell\(count == 1 ? "" : "s"); `%cells` lists them, `%run all` runs them\n")
    }

    private static func bind(_ saved: SavedSession, _ session: PromptSession) throws {
        let values = try saved.load()
        for (name, value) in values { session.interpreter.define(name, value) }
        let names = values.map(\.name).joined(separator: ", ")
        session.console.print(values.isEmpty ? "\(saved.folder) holds no names\n" : "bound \(names)\n")
    }
}
