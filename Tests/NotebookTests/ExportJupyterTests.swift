import Foundation
import Language
import Notebook
import TestSupport
import XCTest

final class ExportJupyterTests: XCTestCase {
    private let source = """
        x = 1
        # %% [markdown] About
        # # Study
        #
        # text
        # %% One
        print("a\\nb")
        x + 1
        # %%
        print([{n: "<b>", v: 1}, {n: "c", v: 2}])
        plot.line([1, 2, 4], title: "growth")
        # %% [raw]
        # as it is
        # %% Fails
        nonesuch(3)
        # %%
        "reached"
        """

    private func json(_ text: String) throws -> [String: Any] {
        try XCTUnwrap(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func joined(_ value: Any?) -> String { (value as? [String])?.joined() ?? "" }

    func testTheFileHoldsCellsAndOutputsAsJupyterWantsThem() throws {
        let ran = try RanNotebook(source, folder: try TemporaryFolder(), keepsGoing: true, expecting: .failed)
        let file = try json(try ran.written("study.ipynb"))
        XCTAssertEqual(file["nbformat"] as? Int, 4)
        XCTAssertEqual(file["nbformat_minor"] as? Int, 5)
        let kernel = (file["metadata"] as? [String: Any])?["kernelspec"] as? [String: String]
        XCTAssertEqual(kernel?["name"], "bridge")
        let cells = try XCTUnwrap(file["cells"] as? [[String: Any]])
        XCTAssertEqual(
            cells.map { $0["cell_type"] as? String }, ["code", "markdown", "code", "code", "raw", "code", "code"])
        XCTAssertEqual(Set(cells.compactMap { $0["id"] as? String }).count, cells.count)
        XCTAssertEqual(joined(cells[1]["source"]), "# Study\n\ntext")
        XCTAssertEqual(cells[2]["execution_count"] as? Int, 2)
        XCTAssertTrue(cells[5]["execution_count"] is NSNull)
        XCTAssertEqual((cells[6]["outputs"] as? [Any])?.count, 1)

        let one = try XCTUnwrap(cells[2]["outputs"] as? [[String: Any]])
        XCTAssertEqual(one.map { $0["output_type"] as? String }, ["stream", "execute_result"])
        XCTAssertEqual(joined(one[0]["text"]), "a\nb\n")
        let rich = try XCTUnwrap(cells[3]["outputs"] as? [[String: Any]]).compactMap { $0["data"] as? [String: Any] }
        XCTAssertTrue(joined(rich[0]["text/html"]).contains("<td>&lt;b&gt;</td>"))
        XCTAssertTrue(joined(rich[0]["text/plain"]).contains("<b>"))
        XCTAssertTrue(joined(rich[1]["image/svg+xml"]).contains("<svg"))
        let error = try XCTUnwrap((cells[5]["outputs"] as? [[String: Any]])?.first)
        XCTAssertEqual(error["output_type"] as? String, "error")
        XCTAssertEqual(error["ename"] as? String, "E030")
        XCTAssertTrue(((error["traceback"] as? [String]) ?? []).contains { $0.contains("study.bridge:15:1") })
    }

    func testJupytersOwnValidatorAcceptsIt() throws {
        let folder = try TemporaryFolder()
        let ran = try RanNotebook(source, folder: folder, keepsGoing: true, expecting: .failed)
        _ = try ran.written("study.ipynb")
        let code = """
            import sys
            try:
                import nbformat
            except ImportError:
                sys.exit(77)
            notebook = nbformat.read(sys.argv[1], as_version=4)
            nbformat.validate(notebook)
            assert nbformat.reads(open(sys.argv[1]).read(), as_version=nbformat.NO_CONVERT).nbformat_minor == 5
            print(len(notebook.cells))
            """
        let outcome = try BuiltCommand.run(
            program: "/usr/bin/env", ["python3", "-c", code, folder.file("study.ipynb")],
            environment: ProcessInfo.processInfo.environment)
        if outcome.status == 77 || outcome.status == 127 { throw XCTSkip("python3 has no nbformat") }
        XCTAssertEqual(outcome.output, "7\n", outcome.error)
    }

    func testReadingItBackGivesTheSameCellsAndOutputs() throws {
        let folder = try TemporaryFolder()
        let ran = try RanNotebook(source, folder: folder, keepsGoing: true, expecting: .failed)
        let path = try ran.notebook.saveOutputs()
        XCTAssertEqual(path, folder.file("study.ipynb"))
        let again = try RanNotebook.loaded(path, console: RecordedConsole())
        try again.restoreOutputs()
        XCTAssertEqual(again.document.cells.map(\.content), ran.notebook.document.cells.map(\.content))
        XCTAssertEqual(again.document.cells.map(\.title), ran.notebook.document.cells.map(\.title))
        XCTAssertEqual(again.document.cells.map(\.kind), ran.notebook.document.cells.map(\.kind))
        XCTAssertEqual(again.records.map { $0?.outputs }, ran.notebook.records.map { $0?.outputs })
        XCTAssertTrue("\(again.records)".contains("narrowSVG: Optional"))
        XCTAssertEqual(again.records.map { $0?.ending }, ran.notebook.records.map { $0?.ending })
        XCTAssertEqual(again.records.map { $0?.order }, ran.notebook.records.map { $0?.order })
    }

    func testOutputsBesideTheSourceAreFoundAgainAndTheStaleOnesMarked() throws {
        let folder = try TemporaryFolder()
        let ran = try RanNotebook("# %%\nx = 1\n# %%\ny = x\ny\n# %%\n\"alone\"\n", folder: folder)
        try ran.notebook.saveOutputs()
        let path = try folder.write(
            "# %%\nx = 2\n# %% new\nz = 5\n# %%\ny = x\ny\n# %%\n\"alone\"\n", to: "study.bridge")
        let later = try RanNotebook.loaded(path, console: RecordedConsole())
        try later.restoreOutputs()
        XCTAssertEqual(later.records.map { $0 == nil }, [false, true, false, false])
        XCTAssertEqual(later.staleReasons, [0: [.changed], 2: [.boundByChanged(name: "x", cell: 0)]])
        try later.write(.html, to: folder.file("study.html"))
        let html = try String(contentsOfFile: folder.file("study.html"), encoding: .utf8)
        XCTAssertTrue(
            html.contains("<b>Stale:</b> uses <code>x</code> of cell 1, whose text has changed since it ran"), html)
        XCTAssertTrue(html.contains("2 stale"))
    }

    func testANotebookFromElsewhereIsRead() throws {
        let text = """
            {"cells": [
              {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# Head\\n"},
              {"cell_type": "code", "id": "not an id!", "metadata": {}, "execution_count": 4, "source": ["\\n", "x = 1\\n", "x\\n", "\\n"],
               "outputs": [
                 {"output_type": "stream", "name": "stderr", "text": "\\u001b[31mred\\u001b[0m"},
                 {"output_type": "execute_result", "execution_count": 4, "metadata": {}, "data": {"text/html": "<b>", "text/plain": ["1"]}},
                 {"output_type": "error", "ename": "E1", "evalue": "bad", "traceback": []},
                 {"output_type": "update_display_data"}, 7]}],
             "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
            """
        let folder = try TemporaryFolder()
        let notebook = try RanNotebook.loaded(try folder.write(text, to: "a.ipynb"), console: RecordedConsole())
        try notebook.restoreOutputs()
        XCTAssertEqual(notebook.document.cells.map(\.content), ["# Head", "x = 1\nx"])
        XCTAssertEqual(notebook.document.cells.map(\.id), ["m", nil])
        XCTAssertEqual(
            notebook.records[1]?.outputs,
            [
                .text("red"), .value(ShownValue(text: "1"), isResult: true),
                .failure(CellFailure(code: "E1", message: "bad", text: "E1: bad\n")),
            ])
        XCTAssertEqual(notebook.document.percentText, "# %% [markdown]\n# # Head\n\n# %%\nx = 1\nx\n")
    }

    func testFilesThatAreNoNotebooksAreRefusedWithAReason() {
        let cases = [
            ("", "line 1"), ("[]", "nbformat"), ("{\"nbformat\": 3, \"worksheets\": []}", "nbformat 3"),
            ("{\"nbformat\": 4}", "cells"),
            ("{\"nbformat\": 4, \"cells\": [{}]}", "cell 1"), ("{\"nbformat\": 4, \"cells\": [3]}", "cell 1"),
            ("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"heading\", \"source\": \"\"}]}", "`heading`"),
            ("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": [1]}]}", "cell 1"),
            ("{\"nbformat\": 4,\n ", "line 2"),
        ]
        for (text, reason) in cases {
            XCTAssertThrowsError(try NotebookDocument(jupyter: text, name: "a.ipynb"), text) { error in
                XCTAssertTrue("\(error)".hasPrefix("cannot read a.ipynb as a Jupyter notebook: "), "\(error)")
                XCTAssertTrue("\(error)".contains(reason), "\(error)")
                XCTAssertFalse("\(error)".contains("\n"))
            }
        }
    }

    /// Whatever is cut out of or put into a notebook file, reading it ends with cells or a reason.
    func testDamagedFilesNeverCrash() throws {
        let ran = try RanNotebook(
            "# %% a\nprint([{a: 1}, {a: 2}])\nplot.line([1])\n[1][2]", folder: try TemporaryFolder(), expecting: .failed
        )
        let bytes = Array(try ran.written("study.ipynb").utf8)
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<300 {
            var damaged = bytes
            let start = next(damaged.count)
            switch next(3) {
            case 0: damaged.removeSubrange(start..<min(damaged.count, start + next(200)))
            case 1: damaged[start] = UInt8(32 + next(95))
            default: damaged.insert(contentsOf: Array("{\"[,:1null".utf8).suffix(next(10)), at: start)
            }
            _ = try? NotebookDocument(jupyter: String(decoding: damaged, as: UTF8.self), name: "a")
        }
    }
}
