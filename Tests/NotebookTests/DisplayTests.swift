import Language
import Notebook
import XCTest

/// What a terminal shows: lines end between words and elements, not where the window does.
final class DisplayTests: XCTestCase {
    private func shown(_ code: String, columns: Int, rows: Int = 24, isTerminal: Bool = true) -> String {
        let recorded = RecordedConsole(isTerminal: isTerminal, columns: columns, rows: rows)
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

    func testATableOfSeveralBlocksFitsTheWindow() {
        for rows in [24, 40, 60] {
            for fields in [2, 6, 12, 30] {
                let record = (0..<fields).map { "field_number_\($0): 1_000_000 + i" }.joined(separator: ", ")
                let text = shown("[{i: i, \(record)} for i in 0..100]", columns: 80, rows: rows)
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                XCTAssertLessThan(lines.count, rows, "\(fields) fields\n\(text)")
                XCTAssertGreaterThan(lines.count, rows / 2, "\(fields) fields\n\(text)")
                XCTAssertTrue(text.contains(" more ..."), text)
            }
        }
        let some = shown("[{i: i, name: \"some text\", other: \"some text\"} for i in 0..10]", columns: 16, rows: 24)
        XCTAssertTrue(some.contains("... 3 more ..."), some)
    }

    func testCommasAndBracketsInStringsAreNoBreaks() {
        XCTAssertEqual(
            shown(#"["a, [b", "c\" ], d", "e, f"]"#, columns: 20), "[\"a, [b\",\n \"c\\\" ], d\", \"e, f\"]\n")
    }

    func testElsewhereAValueKeepsToOneLine() {
        XCTAssertEqual(shown("[100, 200, 300, 400, 500]", columns: 20, isTerminal: false), "[100, 200, 300, 400, 500]\n")
    }

    func testNumbersAreShownWithTheirCourse() {
        let list = shown("[8, 7, 6, 5, 4, 3, 2, 0.5]", columns: 80)
        XCTAssertEqual(list, "[8, 7, 6, 5, 4, 3, 2, 0.5]\n█▇▆▅▄▃▂▁  0.5 to 8\n")
        let rows = shown("[{step: i, loss: i * i, name: \"a\"} for i in 1..9]", columns: 80)
        XCTAssertTrue(rows.hasSuffix("\nloss  ▁▁▂▂▄▅▇█  1 to 64\n"), rows)
        for code in ["[1, 2, 3, 4, 5, 6, 7, 8]", "[1, 5, 2]", "[4, 4, 4, 4, 4, 4, 4, 4]", "[8, 7, 6, 5, 4, 3, 2, \"a\"]"] {
            XCTAssertEqual(shown(code, columns: 80).split(separator: "\n").count, 1, code)
        }
        XCTAssertEqual(shown("[8, 7, 6, 5, 4, 3, 2, 0.5]", columns: 80, isTerminal: false), "[8, 7, 6, 5, 4, 3, 2, 0.5]\n")
    }

    func testSparklinesScaleResampleAndLeaveGaps() {
        XCTAssertEqual(Sparkline.text([0, 1, .nan, 7], columns: 10), "▁▂ █")
        XCTAssertEqual(Sparkline.text([2, 2, 2], columns: 10), "▄▄▄")
        XCTAssertEqual(Sparkline.text([.nan, .infinity], columns: 10), "")
        XCTAssertEqual(Sparkline.text([0, 0, 4, 4, 8, 8], columns: 3), "▁▅█")
        XCTAssertEqual(Sparkline.text([-1e308, 1e308], columns: 3), "▁█")
    }

    func testARunIsShownWithTheCourseOfItsMetrics() {
        let code = """
            base = model.load("tiny"); sums = task.sums(terms: 2, digits: 1)
            net = bridge.attach(base, heads: 4, dim: 32)
            warmup(net, traces(base, sums, problems: 16, width: 2), epochs: 2, batch: 4)
            """
        let lines = shown(code, columns: 80).split(separator: "\n").map(String.init)
        XCTAssertNotNil(lines.first?.prefixMatch(of: #/warmup: \d+ of \d+ steps in /#), "\(lines)")
        XCTAssertTrue(lines.contains { $0.wholeMatch(of: #/  loss +[\d.]+ +[▁▂▃▄▅▆▇█]+ [\d.]+/#) != nil }, "\(lines)")
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
