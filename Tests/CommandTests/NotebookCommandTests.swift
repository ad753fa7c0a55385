import Foundation
import TestSupport
import XCTest

/// `bridge notebook`: files, exit statuses, interruption.
final class NotebookCommandTests: XCTestCase {
    private func run(_ folder: TemporaryFolder, _ arguments: String...) throws -> BuiltCommand.Outcome {
        try BuiltCommand.run(["notebook"] + arguments, folder: folder.path)
    }

    private func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    func testAPageIsWrittenBesideTheFileUnlessANameIsGiven() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("# %%\nprint(\"hello\")\n", to: "a.bridge")
        let outcome = try run(folder, "a.bridge")
        XCTAssertEqual(outcome.status, 0)
        XCTAssertEqual(outcome.output, "")
        XCTAssertEqual(outcome.error, "")
        XCTAssertTrue(try text(folder, "a.html").contains("hello"))
        XCTAssertEqual(try run(folder, "a.bridge", "-o", "b.md", "--output", "c.ipynb").status, 0)
        XCTAssertTrue(try text(folder, "b.md").contains("hello"))
        XCTAssertTrue(try text(folder, "c.ipynb").contains("hello"))
    }

    func testAFailingCellIsOnThePageAndTheStatusIsOne() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("# %%\nprint(\"one\")\n# %%\n[1][7]\n# %%\nprint(\"three\")\n", to: "a.bridge")
        let outcome = try run(folder, "a.bridge", "-o", "a.md")
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.contains("--> a.bridge:4:"), outcome.error)
        let page = try text(folder, "a.md")
        XCTAssertTrue(page.contains("```text\none\n```") && page.contains("--> a.bridge:4:"), page)
        XCTAssertFalse(page.contains("```text\nthree"), page)
        XCTAssertEqual(try run(folder, "a.bridge", "-o", "a.md", "--keep-going").status, 1)
        XCTAssertTrue(try text(folder, "a.md").contains("```text\nthree"))
    }

    func testArgumentsBehindTheDashesBelongToTheCells() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("print(args())\n", to: "a.bridge")
        XCTAssertEqual(try run(folder, "a.bridge", "-o", "a.md", "--", "-o", "x").status, 0)
        XCTAssertTrue(try text(folder, "a.md").contains("[\"-o\", \"x\"]"))
    }

    func testThereAndBackAgain() throws {
        let folder = try TemporaryFolder()
        let source = "# %% One\nx = 1\n\n# %% [markdown]\n# text\n\n# %%\nx + 1\n"
        _ = try folder.write(source, to: "a.bridge")
        XCTAssertEqual(try run(folder, "a.bridge", "-o", "b.ipynb").status, 0)
        XCTAssertEqual(try run(folder, "b.ipynb", "-o", "c.bridge").status, 0)
        XCTAssertEqual(try text(folder, "c.bridge"), source)
        // Turning a notebook into a script runs nothing.
        _ = try folder.write("[1][2]", to: "bad.bridge")
        XCTAssertEqual(try run(folder, "bad.bridge", "-o", "same.bridge").status, 0)
        XCTAssertEqual(try text(folder, "same.bridge"), "[1][2]")
    }

    func testOutputsThatAreKeptMakeAPageWithoutARun() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("# %%\nx = clock()\nx\n# %%\ny = x + 1\n", to: "a.bridge")
        let missing = try run(folder, "a.bridge", "--no-run")
        XCTAssertEqual(missing.status, 1)
        XCTAssertTrue(missing.error.contains("a.ipynb"), missing.error)
        XCTAssertFalse(FileManager.default.fileExists(atPath: folder.file("a.html")))
        XCTAssertEqual(try run(folder, "a.bridge", "-o", "a.ipynb", "-o", "a.md").status, 0)
        let before = try text(folder, "a.md")
        XCTAssertEqual(try run(folder, "a.bridge", "-o", "a.md", "--no-run").status, 0)
        XCTAssertEqual(try text(folder, "a.md"), before)
        _ = try folder.write("# %%\nx = 4\nx\n# %%\ny = x + 1\n", to: "a.bridge")
        XCTAssertEqual(try run(folder, "a.bridge", "-o", "a.md", "--no-run").status, 0)
        XCTAssertEqual(try text(folder, "a.md").components(separatedBy: "**Stale:**").count, 3)
    }

    func testWrongUsageHasStatusTwo() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("1", to: "a.bridge")
        for arguments in [
            [], ["none.bridge"], ["a.bridge", "-o", "a.docx"], ["a.bridge", "-o"],
            ["a.bridge", "--no-run", "--keep-going"], ["."],
            ["a.bridge", "-o", "html"],
        ] {
            let outcome = try BuiltCommand.run(["notebook"] + arguments, folder: folder.path)
            XCTAssertEqual(outcome.status, 2, "\(arguments)")
            XCTAssertFalse(outcome.error.isEmpty, "\(arguments)")
        }
    }

    func testWhatCannotBeWrittenIsSaidBeforeAnythingRuns() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("write_text(\"ran\", \"x\")\n", to: "a.bridge")
        for (path, says) in [("no/such/a.html", "no folder"), ("b.html", "is a folder")] {
            try? FileManager.default.createDirectory(atPath: folder.file("b.html"), withIntermediateDirectories: true)
            let outcome = try run(folder, "a.bridge", "-o", path)
            XCTAssertEqual(outcome.status, 1)
            XCTAssertTrue(outcome.error.contains(says), outcome.error)
        }
        XCTAssertFalse(FileManager.default.fileExists(atPath: folder.file("ran")))
    }

    func testADamagedNotebookIsRefused() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("{", to: "a.ipynb")
        let outcome = try run(folder, "a.ipynb")
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.hasPrefix("error: cannot read a.ipynb as a Jupyter notebook: "), outcome.error)
    }

    func testCtrlCWritesWhatThereIs() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "# %%\nprint(\"one\")\n# %%\nwrite_text(\"\(folder.file("started"))\", \"\")\nwhile true { }\n",
            to: "a.bridge")
        let terminal = try PseudoTerminal(
            try BuiltCommand.path, ["notebook", path, "-o", folder.file("a.md")],
            environment: BuiltCommand.environment(home: folder.path))
        let deadline = Date().addingTimeInterval(20)
        while !FileManager.default.fileExists(atPath: folder.file("started")), Date() < deadline { usleep(10_000) }
        terminal.send("\u{3}")
        XCTAssertEqual(try terminal.waitForExit(), 130)
        let page = try text(folder, "a.md")
        XCTAssertTrue(page.contains("```text\none\n```") && page.contains("```text\ninterrupted\n```"), page)
    }
}
