import Language
import Notebook
import TestSupport
import XCTest

/// What is drawn, seen on a terminal's screen.
final class LineDisplayTests: XCTestCase {
    private var display = LineDisplay(hasColour: true, nextPrompt: "  > ")
    private var screen = TerminalScreen(columns: 20, rows: 6)

    override func setUp() {
        display = LineDisplay(hasColour: true, nextPrompt: "  > ")
        screen = TerminalScreen(columns: 20, rows: 6)
        display.begin(prompt: "1 > ")
    }

    /// Draws the text with the cursor where `|` stands.
    @discardableResult
    private func draw(_ marked: String, footer: [String] = [], phase: LineDisplay.Phase = .live) -> String {
        let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let buffer = EditBuffer(parts.joined(), cursor: parts.count > 1 ? parts[0].utf8.count : nil)
        let bytes = display.draw(buffer, footer: footer, size: (20, 6), phase: phase)
        screen.write(bytes)
        XCTAssertEqual(screen.unknown, [])
        return bytes
    }

    func testEachLineHasItsPrompt() {
        draw("a|\nbc")
        XCTAssertEqual(screen.text, "1 > a\n  > bc")
        XCTAssertEqual([screen.row, screen.column], [0, 5])
    }

    func testLongLinesAreFoldedAndTheCursorGoesWithThem() {
        draw("0123456789abcdefghij|")
        XCTAssertEqual(screen.text, "1 > 0123456789abcdef\nghij")
        XCTAssertEqual([screen.row, screen.column], [1, 4])
        // Exactly full: the cursor waits on the next row.
        draw("0123456789abcdef|")
        XCTAssertEqual(screen.text, "1 > 0123456789abcdef")
        XCTAssertEqual([screen.row, screen.column], [1, 0])
    }

    func testAWideCharacterIsNotCutInTwo() {
        draw("0123456789abcde漢|")
        XCTAssertEqual(screen.text, "1 > 0123456789abcde\n漢")
        XCTAssertEqual([screen.row, screen.column], [1, 2])
    }

    func testControlCharactersAreShownAsLetters() {
        draw("a\u{1}\u{7F}\t|b")
        XCTAssertEqual(screen.text, "1 > a^A^?    b")
        XCTAssertEqual(screen.column, 13)
    }

    func testAnyTextAfterAnyOtherIsDrawnRight() {
        // The screen after a change must be what a fresh drawing gives.
        let texts = [
            "", "a|", "abc|\ndef", "abc\nd|ef\nghi\njkl", "x|", "漢字漢字漢字漢字漢字|", "a\n\n\n\n\n\n|b", "\n|", "\"s\" # c|",
            "[(1|)]", "0123456789abcdef|\n0123456789abcdef", "1\n2\n3\n4\n5\n6\n7\n8|\n9",
        ]
        for first in texts {
            for second in texts {
                setUp()
                draw(first)
                draw(second)
                let (changed, place) = (screen.lines, [screen.row, screen.column])
                setUp()
                draw(second)
                let fresh = screen.lines
                XCTAssertEqual(place, [screen.row, screen.column], "\(first) -> \(second)")
                // A window that has scrolled may show other rows of a long text, all of which are its own.
                guard fresh != changed else { continue }
                XCTAssertGreaterThan(second.split(separator: "\n").count, 5, "\(first) -> \(second)")
            }
        }
    }

    func testTheRowsAroundTheCursorOfALongTextAreShown() {
        draw("1\n2\n3\n4\n5\n6\n7\n8|")
        XCTAssertEqual(screen.lines, ["  > 3", "  > 4", "  > 5", "  > 6", "  > 7", "  > 8"])
        draw("1|\n2\n3\n4\n5\n6\n7\n8")
        XCTAssertEqual(screen.lines, ["1 > 1", "  > 2", "  > 3", "  > 4", "  > 5", "  > 6"])
        draw("1\n2\n3\n4\n5\n6\n7\n8", phase: .accepted)
        XCTAssertEqual(screen.text, "1 > 1\n  > 2\n  > 3\n  > 4\n  > 5\n  > 6\n  > 7\n  > 8")
        XCTAssertEqual([screen.row, screen.column], [5, 0])
    }

    func testTheFooterStandsBelowAndGoesAgain() {
        draw("a|b", footer: ["one", "two"])
        XCTAssertEqual(screen.text, "1 > ab\none\ntwo")
        XCTAssertEqual([screen.row, screen.column], [0, 5])
        draw("a|b")
        XCTAssertEqual(screen.text, "1 > ab")
    }

    func testAFooterThatDoesNotFitIsCut() {
        draw("a\nb\nc|", footer: (1...9).map { "line \($0) is longer than twenty columns" })
        XCTAssertEqual(screen.lines.count, 6)
        XCTAssertEqual(screen.lines[2], "  > c")
        XCTAssertEqual(screen.lines[3], "line 1 is longer th")
    }

    func testLeavingGoesBelowTheText() {
        draw("a|\nb")
        draw("a|\nb", phase: .accepted)
        XCTAssertEqual([screen.row, screen.column], [2, 0])
        display.begin(prompt: "2 > ")
        draw("c|", phase: .interrupted)
        XCTAssertEqual(screen.text, "1 > a\n  > b\n2 > c^C")
    }

    func testALetterAtTheEndRewritesOneRowOnly() {
        draw("a\nb\nc|")
        let bytes = draw("a\nb\ncd|")
        XCTAssertFalse(bytes.contains("\n"), bytes)
        XCTAssertLessThan(bytes.utf8.count, 60)
    }

    func testTheBracketThatBelongsToTheOneAtTheCursorIsMarked() {
        XCTAssertTrue(draw("f(x)|").contains("\u{1B}[1;4m("))
        XCTAssertFalse(draw("f(\")\")|").replacing("\u{1B}[1;4m(", with: "").contains("\u{1B}[1;4m)\""))
    }

    func testWithoutColourNoneIsUsed() {
        display = LineDisplay(hasColour: false, nextPrompt: "  > ")
        display.begin(prompt: "1 > ")
        XCTAssertFalse(draw("fn f(x) { \"a\" }|").contains("m"))
    }

    func testWidthsOfCharacters() {
        // From Unicode's EastAsianWidth.txt and emoji-data.txt.
        let widths: [(String, Int)] = [
            ("a", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("ｱ", 1), ("Ａ", 2), ("🙂", 2), ("한", 2), ("→", 1), ("☃", 1),
            ("⌚", 2), ("\u{200B}", 0), ("ไ", 1), ("กำ", 2), ("\u{3000}", 2), ("√", 1), ("𝛼", 1),
            ("🇩🇪", 2), ("👩‍👩‍👧", 2), ("☃\u{FE0F}", 2), ("👍🏽", 2), ("\u{1}", 2), ("1\u{FE0F}\u{20E3}", 2),
        ]
        for (text, width) in widths { XCTAssertEqual(text.columns, width, text) }
    }

    func testAFlagAndAFamilyTakeTwoColumnsEach() {
        draw("🇩🇪👩‍👩‍👧x|")
        XCTAssertEqual(screen.column, 4 + 5)
    }

    func testALowWindowSaysHowManyLinesOfTheFooterAreLeftOut() {
        let shown = display.draw(
            EditBuffer("a"), footer: (1...9).map { "line \($0)" }, size: (columns: 30, rows: 5))
        XCTAssertTrue(shown.contains("line 3"), shown)
        XCTAssertTrue(shown.contains("... 6 more lines"), shown)
    }
}
