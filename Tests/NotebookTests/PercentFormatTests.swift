import Notebook
import TestSupport
import XCTest

final class PercentFormatTests: XCTestCase {
    func testACommentThatLooksLikeAMarkStaysInItsCell() {
        let cell = NotebookCell(kind: .code, title: "", content: "x = 1\n# %% no cell\ns = \"\"\"\n# %% text\n\"\"\"")
        let read = NotebookDocument(percent: NotebookDocument(cells: [cell]).percentText)
        XCTAssertEqual(read.cells.map(\.content), ["x = 1\n## %% no cell\ns = \"\"\"\n# %% text\n\"\"\""])
    }

    private func cells(_ text: String) -> [NotebookCell] { NotebookDocument(percent: text).cells }

    private func contents(_ text: String) -> [String] { cells(text).map(\.content) }

    func testMarksDivideAFile() {
        let found = cells("# %% One\nx = 1\n\n# %%\ny = 2\nz = 3\n")
        XCTAssertEqual(found.map(\.title), ["One", ""])
        XCTAssertEqual(found.map(\.content), ["x = 1", "y = 2\nz = 3"])
        XCTAssertEqual(found.map(\.firstLine), [2, 5])
    }

    func testTextBeforeTheFirstMarkIsACell() {
        XCTAssertEqual(contents("x = 1\n# %% Two\ny = 2"), ["x = 1", "y = 2"])
        XCTAssertEqual(contents("# %%\nx = 1"), ["x = 1"])
        XCTAssertEqual(contents("print(1)"), ["print(1)"])
    }

    func testFormsOfMarks() {
        for mark in [
            "# %%", "#%%", "#  %%", "# %% title", "# %%\ttitle", "# %% [Markdown]", "# %% title [md]", "#%%[markdown]",
        ] {
            XCTAssertEqual(contents("a\n\(mark)\n# b").count, 2, mark)
        }
        for line in ["# %%timeit", "# %", " # %%", "x # %%", "%%", "#", "# % %", "# 5%% more"] {
            XCTAssertEqual(contents("a\n\(line)\n# b").count, 1, line)
        }
    }

    func testMarkdownLosesItsCommentSigns() {
        let cell = cells("# %% [markdown] About\n# # Head\n#\n#   - item\n#tight\n\n# %%\n1")[0]
        XCTAssertEqual(cell.kind, .markdown)
        XCTAssertEqual(cell.title, "About")
        XCTAssertEqual(cell.content, "# Head\n\n  - item\ntight")
    }

    func testCodeBehindMarkdownIsACellOfItsOwnAsARunOfTheFileTakesIt() {
        let found = cells("# %% [markdown]\n# text\n\nx = 1\n# comment\ny = 2\n")
        XCTAssertEqual(found.map(\.kind), [.markdown, .code])
        XCTAssertEqual(found[1].content, "x = 1\n# comment\ny = 2")
        XCTAssertEqual(found[1].firstLine, 4)
    }

    func testAMarkInsideAStringIsNone() {
        XCTAssertEqual(contents("a = \"\"\"\n# %% no\n\"\"\"\n# %% yes\nb"), ["a = \"\"\"\n# %% no\n\"\"\"", "b"])
        // A string that is never closed is an error of its own cell, not of all that follow.
        XCTAssertEqual(contents("a = \"\"\"\n# %%\nb\n").count, 2)
    }

    /// The cells that jupytext 1.19 reads from the same text.
    func testCellsAreThoseThatJupytextReads() {
        let text = """
            x = 0
            # %% One
            x = 1

            # %% [markdown] About
            # # Study
            #
            # text *a*
            #
            # - b

            # %% [md]
            # more

            # %%
            y = \"""
            # %% not a cell
            \"""

            # %% Two
            z = 2


            # %% [raw]
            # as it is

            """
        let expected: [(NotebookCell.Kind, String, String)] = [
            (.code, "", "x = 0"), (.code, "One", "x = 1"), (.markdown, "About", "# Study\n\ntext *a*\n\n- b"),
            (.markdown, "", "more"), (.code, "", "y = \"\"\"\n# %% not a cell\n\"\"\""), (.code, "Two", "z = 2"),
            (.raw, "", "as it is"),
        ]
        let found = cells(text)
        XCTAssertEqual(found.map(\.kind), expected.map(\.0))
        XCTAssertEqual(found.map(\.title), expected.map(\.1))
        XCTAssertEqual(found.map(\.content), expected.map(\.2))
    }

    func testWindowsLineEnds() {
        let found = cells("# %% One\r\nx = 1\r\n# %% [markdown]\r\n# text\r\n# more\r\n")
        XCTAssertEqual(found.map(\.title), ["One", ""])
        XCTAssertEqual(found.map(\.content), ["x = 1", "text\nmore"])
    }

    func testWritingGivesTheSameBytes() throws {
        var texts = [
            "", "\n", "\n\n# %%", "# %%", "# %%\n", "x", "x\n", "x\n\n\n# %% a\n\n\ny\n\n",
            "# %% [markdown]\n#a\n# b\n\n\nx=1",
            "# %% a\r\nx\r\n\r\n# %% [md] b\r\n#  c\r\n", "#%%a\n#   %%   b  \n", "é\u{301} = \"👩‍👩‍👧\"\n# %% \u{0}\n\t\n",
            "# %% [raw]\n# x\n# %% [markdown]\nno comment\n", "\"\"\"\n# %%\n", "a\n# %%\r# %%\nb",
        ]
        texts += try GoldenScript.all { _ in true }.map(\.text)
        for text in texts {
            XCTAssertEqual(Array(NotebookDocument(percent: text).percentText.utf8), Array(text.utf8), text)
        }
    }

    func testCellsFromElsewhereAreReadBackAsTheyWere() {
        let cells = [
            NotebookCell(kind: .code, title: "One", content: "x = 1\n\n\ny = 2"),
            NotebookCell(kind: .markdown, content: "# Head\n\n- a\n  b"),
            NotebookCell(kind: .raw, title: "as it is", content: "<b>\n\n</b>"),
            NotebookCell(kind: .code, content: ""), NotebookCell(kind: .code, content: "z"),
        ]
        let read = NotebookDocument(percent: NotebookDocument(cells: cells).percentText).cells
        XCTAssertEqual(read.map(\.kind), cells.map(\.kind))
        XCTAssertEqual(read.map(\.title), cells.map(\.title))
        XCTAssertEqual(read.map(\.content), cells.map(\.content))
    }

    func testCellsAreNumberedByWhatCanRun() {
        let document = NotebookDocument(percent: "\n# %% [markdown]\n# text\n# %%\na\n# %% empty\n\n# %%\nb\n")
        XCTAssertEqual(document.runnable.map { document.cells[$0].content }, ["a", "b"])
        XCTAssertEqual(document.cells.indices.compactMap(document.number(of:)), [1, 2])
        XCTAssertEqual(
            [0, 1, 2, 3].map { document.index(ofCell: $0).map { document.cells[$0].content } }, [nil, "a", "b", nil])
    }

    func testTheTitleIsTheFirstHeading() {
        XCTAssertEqual(
            NotebookDocument(percent: "# %%\n1\n# %% [md]\n# some text\n#\n# ## A *small* `study`\n").title,
            "A small study")
        XCTAssertNil(NotebookDocument(percent: "# %% One\n1").title)
    }
}
