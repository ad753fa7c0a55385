import Foundation
import Interruption
import Language
import Notebook
import TestSupport
import XCTest

final class LoadedNotebookTests: XCTestCase {
    private func loaded(_ source: String, _ console: RecordedConsole = RecordedConsole(), library: Bool = true)
        -> LoadedNotebook
    {
        let registry = library ? Library.registry(console: console.console) : Registry()
        registry.add(
            NativeFunction(name: "halt", summary: "Stops as Ctrl-C does.", example: "") { _ in throw Interrupted() })
        let session = Session(registry: registry, console: console.console)
        return LoadedNotebook(
            document: NotebookDocument(percent: source), name: "a.bridge", path: nil, session: session)
    }

    private func outputs(_ source: String) -> [CellOutput] {
        let notebook = loaded(source)
        _ = notebook.runAll(keepsGoing: false)
        return notebook.records.last.flatMap { $0?.outputs } ?? []
    }

    func testPrintedTextAndTheResultAreKeptInTheirOrder() {
        XCTAssertEqual(
            outputs("print(1)\nprint(2)\n\"a\""), [.text("1\n2\n"), .value(ShownValue(text: "\"a\""), isResult: true)])
        XCTAssertEqual(outputs("1 + 1;"), [])
        XCTAssertEqual(outputs("x = 4"), [])
        XCTAssertEqual(outputs("nil"), [])
    }

    func testRecordsPrintedByThemselvesAreATable() {
        let table = Table(columns: ["a", "b"], rows: [["x", "1"], ["y", "25"]], isNumber: [false, true])
        let records = "[{a: \"x\", b: 1}, {a: \"y\", b: 25}]"
        guard case .value(let value, true)? = outputs(records).first else { return XCTFail("no result") }
        XCTAssertEqual(value.table, table)
        XCTAssertTrue(value.text.hasSuffix("25"), value.text)
        XCTAssertEqual(
            outputs("print(0)\nprint(\(records))\nprint(3)"),
            [.text("0\n"), .value(value, isResult: false), .text("3\n")])
        XCTAssertEqual(outputs("show(\(records))"), [.value(value, isResult: false)])
        XCTAssertEqual(outputs("print(\"t\", \(records))"), [.text("t " + value.text + "\n")])
    }

    func testAFigureIsDrawnAsItIsWhenItIsShown() {
        guard
            case .value(let value, false)? = outputs("for i in 1..3 { print(plot.line([1, i], title: \"a{i}\")) }")
                .first,
            case let svg? = value.svg
        else { return XCTFail("no figure") }
        XCTAssertTrue(svg.contains("a1"))
        XCTAssertEqual(value.text, "<Figure \"a1\": 1 series>")
    }

    func testErrorsNameTheFilesLines() {
        let console = RecordedConsole()
        let notebook = loaded("# %%\nx = 1\n\n# %% two\n\n\nx[2]\n", console)
        XCTAssertEqual(notebook.runAll(keepsGoing: false), .failed)
        XCTAssertTrue(console.error.contains("--> a.bridge:7:"), console.error)
        XCTAssertTrue(console.error.contains("7 | x[2]"), console.error)
        guard case .failure(let failure)? = notebook.records[1]?.outputs.last else { return XCTFail("no failure") }
        XCTAssertEqual(failure.text, console.error)
    }

    func testErrorsInFunctionsOfEarlierCellsNameTheirLines() {
        let console = RecordedConsole()
        _ = loaded("# %%\nfn f(x) {\n  x[9]\n}\n# %%\nf([1])\n", console).runAll(keepsGoing: false)
        XCTAssertTrue(console.error.contains("a.bridge:3:"), console.error)
        XCTAssertTrue(console.error.contains("a.bridge:6:1"), console.error)
    }

    func testErrorsOfLaterCellsAreReportedBeforeAnythingRuns() {
        let console = RecordedConsole()
        let notebook = loaded("# %%\nprint(\"ran\")\n# %%\nnonesuch\n# %%\nprint(wrong\n# %%\n1", console)
        XCTAssertEqual(notebook.runAll(keepsGoing: true), .failed)
        XCTAssertEqual(console.error.components(separatedBy: "error[").count, 3, console.error)
        XCTAssertEqual(console.output, "ran\n1\n")
        XCTAssertEqual(notebook.records.map { $0?.ending }, [.finished, .failed, .failed, .finished])
        XCTAssertEqual(notebook.records.map { $0?.order }, [1, nil, nil, 2])
    }

    func testNothingRunsWhereACellIsKnownToBeWrong() {
        let console = RecordedConsole()
        let notebook = loaded("# %%\nprint(\"ran\")\n# %%\nnonesuch\n", console)
        XCTAssertEqual(notebook.runAll(keepsGoing: false), .failed)
        XCTAssertEqual(console.output, "")
        XCTAssertEqual(notebook.records.map { $0?.ending }, [nil, .failed])
    }

    func testEachCellSeesTheNamesAboveItOnly() {
        let notebook = loaded("# %%\ny = later\n# %%\nlater = 1\n")
        XCTAssertEqual(notebook.check().keys.sorted(), [0])
        let typed = """
            # %%
            m = model.load("tiny")
            xs = [1, 2]
            n = 4
            # %%
            net = bridge.attach(m, heads: n, dim: 32)
            # %%
            if len(xs) > n { net.summary() }
            sample(net, task.sums(terms: 2, digits: 1), problems: xs[0] + n)
            net.generate("1+1=")
            plot.line(xs)
            """
        XCTAssertEqual(loaded(typed).check().values.flatMap { $0 }.map(\.message), [])
        XCTAssertEqual(loaded("# %%\nfn f(x) { x }\n# %%\ny = f(2)\n(a, b) = [y, y]\n# %%\na + b").check().count, 0)
    }

    func testARunEndsAtTheFirstFailureUnlessItKeepsGoing() {
        let source = "# %%\n1\n# %%\n[1][2]\n# %%\nprint(\"third\")"
        let stopping = loaded(source), going = loaded(source)
        XCTAssertEqual(stopping.runAll(keepsGoing: false), .failed)
        XCTAssertEqual(stopping.records.map { $0?.ending }, [.finished, .failed, nil])
        XCTAssertEqual(going.runAll(keepsGoing: true), .failed)
        XCTAssertEqual(going.records.map { $0?.ending }, [.finished, .failed, .finished])
    }

    func testAnInterruptionEndsTheRunAndKeepsWhatThereIs() {
        let notebook = loaded("# %%\nprint(1)\n# %%\nprint(2)\nhalt()\n# %%\nprint(3)")
        XCTAssertEqual(notebook.runAll(keepsGoing: true), .interrupted)
        XCTAssertEqual(notebook.records.map { $0?.ending }, [.finished, .interrupted, nil])
        XCTAssertEqual(notebook.records[1]?.outputs.first, .text("2\n"))
    }

    func testCellsRunInAnyOrderAndTheListingSaysWhatIsStale() {
        let console = RecordedConsole()
        let notebook = loaded("# %% Data\nx = 1\n# %%\ny = x\ny\n# %% Rest\n3", console)
        notebook.run(0)
        notebook.run(1)
        XCTAssertEqual(console.output, "1\n")
        notebook.replace(NotebookDocument(percent: "# %% Data\nx = 2\n# %%\ny = x\ny\n# %% Rest\n3"))
        XCTAssertEqual(notebook.staleReasons.keys.sorted(), [0, 1])
        let listing = notebook.listing.replacing(/[\d.]+ [mµ]s +/, with: "0 ms      ")
        XCTAssertEqual(
            listing,
            """
               1  stale        0 ms      Data
                  its text has changed since it ran
               2  stale        0 ms      y = x
                  uses `x` of cell 1, whose text has changed since it ran
               3  not run                Rest

            """)
        let ran = notebook.runStale()
        XCTAssertEqual(ran?.cells, [0, 1])
        XCTAssertEqual(notebook.staleReasons, [:])
        XCTAssertEqual(console.output, "1\n2\n")
        XCTAssertNil(notebook.runStale())
    }

    func testRunningStaleCellsEndsAtAFailureAndNeverGoesRound() {
        let notebook = loaded("# %%\nn = 0\n# %%\nn += 1\n# %%\nm = n")
        _ = notebook.runAll(keepsGoing: false)
        notebook.run(1)
        XCTAssertEqual(notebook.staleReasons.keys.sorted(), [1, 2])
        // A cell that counts up stays stale until the cell above it has run: it runs once, not for ever.
        XCTAssertEqual(notebook.runStale()?.cells, [1, 2])
        notebook.replace(NotebookDocument(percent: "# %%\nn = [1][4]\n# %%\nn += 1\n# %%\nm = n"))
        let ran = notebook.runStale()
        XCTAssertEqual(ran?.cells, [0])
        guard case .failed? = ran?.last else { return XCTFail("it did not fail") }
    }

    func testOutputsStayWithTheirCellsWhenTheFileIsEdited() {
        let notebook = loaded("# %%\n1\n# %%\n2\n# %%\n3")
        _ = notebook.runAll(keepsGoing: false)
        notebook.replace(NotebookDocument(percent: "# %%\n0\n# %%\n1\n# %%\n3\n# %%\n4"))
        let texts = notebook.records.map { record -> String? in
            guard case .value(let value, _)? = record?.outputs.first else { return nil }
            return value.text
        }
        XCTAssertEqual(texts, [nil, "1", "3", nil])
        XCTAssertEqual(notebook.staleReasons, [:])
    }
}
