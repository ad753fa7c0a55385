import Foundation
import Notebook
import TestSupport
import XCTest

/// A notebook that was written to a folder, loaded and run.
struct RanNotebook {
    let folder: TemporaryFolder
    let notebook: LoadedNotebook
    let recorded: RecordedConsole

    init(
        _ source: String, folder: TemporaryFolder, keepsGoing: Bool = false,
        expecting ending: LoadedNotebook.RunEnding = .finished
    ) throws {
        self.folder = folder
        recorded = RecordedConsole()
        notebook = try Self.loaded(try folder.write(source, to: "study.bridge"), console: recorded)
        XCTAssertEqual(notebook.runAll(keepsGoing: keepsGoing), ending, recorded.error)
    }

    /// The name that diagnostics show is the file's, without the folder.
    static func loaded(_ path: String, console: RecordedConsole) throws -> LoadedNotebook {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let document =
            path.hasSuffix(".ipynb")
            ? try NotebookDocument(jupyter: text, name: path) : NotebookDocument(percent: text)
        let session = Session(registry: Library.registry(console: console.console), console: console.console)
        return LoadedNotebook(
            document: document, name: URL(fileURLWithPath: path).lastPathComponent, path: path, session: session)
    }

    /// Writes the notebook under a name in its folder and gives what was written.
    func written(_ name: String) throws -> String {
        let path = folder.file(name)
        try notebook.write(try XCTUnwrap(NotebookFormat(path: path)), to: path)
        return try String(contentsOfFile: path, encoding: .utf8)
    }
}
