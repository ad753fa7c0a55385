import Language
import Notebook
import XCTest

/// What a terminal shows: lines end between words and elements, not where the window does.
final class DisplayTests: XCTestCase {
    private func shown(_ code: String, columns: Int, isTerminal: Bool = true) -> String {
        let recorded = RecordedConsole(isTerminal: isTerminal, columns: columns)
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        session.run(Cell(name: "cell 1", text: code), showsResult: true)
        return recorded.output
    }

    func testAListThatFitsStaysOnItsLine() {
        XCTAssertEqual(shown("[1, 2, [3]]", columns: 20), "[1, 2, [3]]\n")
    }

    func testPlainElementsFillTheLines() {
        XCTAssertEqual(shown("[100, 200, 300, 400, 500]", columns: 20), "[100, 200, 300, 400,\n 500]\n")
    }

    func testListsInsideAListHaveALineEach() {
        XCTAssertEqual(
            shown("[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]", columns: 20), "[[1.0, 0.0],\n [0.0, 1.0],\n [1.0, 1.0]]\n")
        XCTAssertEqual(shown("{a: [1, 2, 3, 4], b: [5, 6, 7]}", columns: 20), "{a: [1, 2, 3, 4],\n b: [5, 6, 7]}\n")
    }

    func testRecordsAreATableWhoseColumnsGoOnBelow() {
        let code = "[{arm: \"base\", right: 3}, {arm: \"bridge\", right: 12}]"
        XCTAssertEqual(shown(code, columns: 40), "arm     right\nbase        3\nbridge     12\n")
        let wide = "[{arm: \"base\", accuracy: 1, coverage: 2}, {arm: \"rlvr\", accuracy: 3, coverage: 4}]"
        XCTAssertEqual(
            shown(wide, columns: 20),
            "arm   accuracy\nbase         1\nrlvr         3\n\narm   coverage\nbase         2\nrlvr         4\n")
        XCTAssertEqual(shown(code, columns: 40, isTerminal: false), "arm     right\nbase        3\nbridge     12\n")
    }

    func testCommasAndBracketsInStringsAreNoBreaks() {
        XCTAssertEqual(
            shown(#"["a, [b", "c\" ], d", "e, f"]"#, columns: 20), "[\"a, [b\",\n \"c\\\" ], d\", \"e, f\"]\n")
    }

    func testElsewhereAValueKeepsToOneLine() {
        XCTAssertEqual(shown("[100, 200, 300, 400, 500]", columns: 20, isTerminal: false), "[100, 200, 300, 400, 500]\n")
    }

    func testHelpIsBrokenAtWords() {
        for columns in [30, 80] {
            let whole = shown("help(\"rlvr\")", columns: 100_000)
            let text = shown("help(\"rlvr\")", columns: columns)
            XCTAssertEqual(text.split(whereSeparator: \.isWhitespace), whole.split(whereSeparator: \.isWhitespace))
            // Examples are code and stay as they are.
            let prose = text.split(separator: "\n").prefix { !$0.hasSuffix("Example:") }
            XCTAssertTrue(prose.allSatisfy { $0.count <= columns }, text)
        }
    }
}
