import Language
import Notebook
import XCTest

/// What scripts write for a terminal, as it stands on a page: through a recorded cell, as a script would do it.
final class TerminalOutputTests: XCTestCase {
    private func recorded(_ code: String) -> [CellOutput] {
        let recorded = RecordedConsole()
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        let document = NotebookDocument(percent: code)
        let notebook = LoadedNotebook(document: document, name: "a.bridge", path: nil, session: session)
        XCTAssertEqual(notebook.runAll(keepsGoing: false), .finished, recorded.error)
        return notebook.records.last.flatMap { $0?.outputs } ?? []
    }

    private func text(printed text: String) -> String {
        guard case .text(let text)? = recorded("print(\"\(text)\", end: \"\")").first else { return "" }
        return text
    }

    func testColoursAreTakenOff() {
        XCTAssertEqual(text(printed: #"\x1b[1;31mred\x1b[0m \x1b]0;title\x07plain"#), "red plain")
    }

    func testACarriageReturnWritesOverTheLine() {
        XCTAssertEqual(text(printed: #"10%\r100%\ndone"#), "100%\ndone")
        XCTAssertEqual(text(printed: #"long line\rxy\x1b[K\n"#), "xy\n")
        XCTAssertEqual(text(printed: #"a\r\nb"#), "a\nb")
    }

    func testTheCursorGoesUp() {
        XCTAssertEqual(text(printed: #"one\ntwo\n\x1b[2Ax\n\n"#), "xne\ntwo\n")
        XCTAssertEqual(text(printed: #"a\n\x1b[99999999999999999999Ab"#), "b\n")
        XCTAssertEqual(text(printed: #"a\x1b["#), "a")
    }

    func testEndlessOutputKeepsItsBeginningAndItsEnd() throws {
        let outputs = recorded("for i in 0..60 { print(\"{i}\" + \"x\" * 200000) }")
        guard case .text(let text)? = outputs.first else { return XCTFail("no text") }
        XCTAssertLessThan(text.utf8.count, 2 << 20)
        XCTAssertTrue(text.hasPrefix("0x"))
        XCTAssertTrue(text.contains("bytes are left out"))
        XCTAssertTrue(text.hasSuffix("xx\n"))
    }
}
