import Notebook
import XCTest

/// Keys and what they make of a text; the cursor is written as `|`.
final class BlockEditorTests: XCTestCase {
    private func editor(history: [String] = []) -> BlockEditor {
        let editor = BlockEditor(hasColour: false, nextPrompt: "  > ")
        history.forEach(editor.addHistory)
        editor.begin(prompt: "1 > ")
        return editor
    }

    private func buffer(_ marked: String) -> EditBuffer {
        let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        return EditBuffer(parts.joined(), cursor: parts.count > 1 ? parts[0].utf8.count : nil)
    }

    private func marked(_ buffer: EditBuffer) -> String {
        String(buffer.text[..<buffer.cursor]) + "|" + String(buffer.text[buffer.cursor...])
    }

    private func press(_ keys: String..., on start: String, editor: BlockEditor? = nil) -> String {
        let editor = editor ?? self.editor()
        var buffer = buffer(start)
        for key in keys { _ = editor.press(key, &buffer) }
        return marked(buffer)
    }

    private let up = "\u{1B}[A", down = "\u{1B}[B", left = "\u{1B}[D", right = "\u{1B}[C"

    func testKeysOfOlderTerminals() {
        XCTAssertEqual(press("\u{1B}O5D", on: "one two|"), "one |two")
        XCTAssertEqual(press("\u{1B}[[A", "\u{1B}[M !!", "\u{1B}O5P", on: "a|b"), "a|b")
        var buffer = buffer("x|")
        guard case .accept = editor().press("\u{1B}OM", &buffer) else { return XCTFail("Enter of the number pad") }
    }

    func testWhatOtherSessionsAddIsFoundByUpAndBySearch() {
        let editor = editor(history: ["old"])
        var news = ["theirs"]
        editor.historyNews = {
            defer { news = [] }
            return news
        }
        XCTAssertEqual(press(up, on: "|", editor: editor), "theirs|")
        XCTAssertEqual(press(up, up, on: "|", editor: editor), "old|")
        news = ["another"]
        XCTAssertEqual(press("\u{12}", "anoth", on: "|", editor: editor), "|another")
    }

    func testMovingByCharactersWordsAndLines() {
        XCTAssertEqual(press(left, on: "e\u{301}|"), "|e\u{301}")
        XCTAssertEqual(press(left, on: "👩‍🚀|"), "|👩‍🚀")
        XCTAssertEqual(press(right, on: "|"), "|")
        XCTAssertEqual(press("\u{1B}[1;5D", on: "one two_3 |"), "one |two_3 ")
        XCTAssertEqual(press("\u{1B}[1;5C", on: "|one, two"), "one|, two")
        XCTAssertEqual(press("\u{1B}f", "\u{1B}f", on: "|a\nb"), "a\nb|")
        XCTAssertEqual(press("\u{1B}[H", on: "x\n    abc|"), "x\n    |abc")
        XCTAssertEqual(press("\u{1}", "\u{1}", on: "x\n    abc|"), "x\n|    abc")
        XCTAssertEqual(press("\u{1B}OF", on: "|ab\ncd"), "ab|\ncd")
        XCTAssertEqual(press("\u{1B}[1;5H", on: "ab\ncd|"), "|ab\ncd")
        XCTAssertEqual(press("\u{1B}>", on: "|ab\ncd"), "ab\ncd|")
    }

    func testUpAndDownKeepTheColumnThroughShorterLines() {
        XCTAssertEqual(press(up, on: "abcdef\nx\nabcd|ef"), "abcdef\nx|\nabcdef")
        XCTAssertEqual(press(up, up, on: "abcdef\nx\nabcd|ef"), "abcd|ef\nx\nabcdef")
        XCTAssertEqual(press(down, down, on: "漢字|\n\nabcdef"), "漢字\n\nabcd|ef")
        XCTAssertEqual(press(down, on: "abc|\n漢字"), "abc\n漢|字")
    }

    func testDeleting() {
        XCTAssertEqual(press("\u{7F}", on: "ae\u{301}|b"), "a|b")
        XCTAssertEqual(press("\u{1B}[3~", on: "|e\u{301}b"), "|b")
        XCTAssertEqual(press("\u{17}", on: "one two |three"), "one |three")
        XCTAssertEqual(press("\u{1B}[3;5~", on: "a| b c"), "a| c")
        XCTAssertEqual(press("\u{7F}", on: "|a"), "|a")
        XCTAssertEqual(press("\u{7F}", on: "f {\n    |x"), "f {\n  |x")
        XCTAssertEqual(press("\u{7F}", on: "f {\n   |x"), "f {\n  |x")
        XCTAssertEqual(press("\u{7F}", on: "a\n|b"), "a|b")
    }

    func testCuttingAndPuttingBack() {
        XCTAssertEqual(press("\u{B}", on: "a|b\nc"), "a|\nc")
        XCTAssertEqual(press("\u{B}", "\u{B}", on: "a|b\nc"), "a|c")
        XCTAssertEqual(press("\u{15}", down, "\u{19}", on: "ab|c\nd"), "c\nab|d")
    }

    func testSwappingCharacters() {
        XCTAssertEqual(press("\u{14}", on: "a|b"), "ba|")
        XCTAssertEqual(press("\u{14}", on: "ab|"), "ba|")
        XCTAssertEqual(press("\u{14}", on: "x\n|ab"), "x\n|ab")
    }

    func testUndoGoesBackByWords() {
        let editor = editor()
        var buffer = EditBuffer()
        for text in ["o", "on", "one", "one ", "one t", "one tw"] {
            _ = editor.draw(buffer, size: (80, 24), phase: .live)
            buffer = EditBuffer(text)
        }
        _ = editor.press("\u{1F}", &buffer)
        XCTAssertEqual(marked(buffer), "one |")
        _ = editor.press("\u{1F}", &buffer)
        _ = editor.press("\u{1F}", &buffer)
        XCTAssertEqual(marked(buffer), "|")
        _ = editor.press("\u{1F}", &buffer)
        XCTAssertEqual(marked(buffer), "|")
    }

    // MARK: Enter

    func testEnterAsksWhetherTheTextIsWhole() {
        let editor = editor()
        editor.isWhole = { $0 != "open" }
        var buffer = buffer("done|")
        guard case .accept = editor.press("\r", &buffer) else { return XCTFail("not accepted") }
        buffer = self.buffer("op|en")
        guard case .goOn = editor.press("\n", &buffer) else { return XCTFail("accepted") }
        XCTAssertEqual(marked(buffer), "op\n|en")
    }

    func testLinesAreIndentedByTheBracketsThatAreOpen() {
        let alt = "\u{1B}\r"
        XCTAssertEqual(press(alt, on: "fn f() {|"), "fn f() {\n  |")
        XCTAssertEqual(press(alt, on: "fn f() {\n  g([|"), "fn f() {\n  g([\n    |")
        XCTAssertEqual(press(alt, on: "fn f() {\n  x|"), "fn f() {\n  x\n  |")
        XCTAssertEqual(press(alt, on: "fn f() {\n}|"), "fn f() {\n}\n|")
        XCTAssertEqual(press(alt, on: "x = 1 +|"), "x = 1 +\n  |")
        XCTAssertEqual(press(alt, on: "x = 1 + # more\n  2 and|"), "x = 1 + # more\n  2 and\n  |")
        XCTAssertEqual(press(alt, on: "x = 1 +\n  2|"), "x = 1 +\n  2\n|")
        XCTAssertEqual(press(alt, on: "if x {\n  y = 1 +|"), "if x {\n  y = 1 +\n    |")
        XCTAssertEqual(press(alt, on: "if x {\n  y = 1 +\n    2|"), "if x {\n  y = 1 +\n    2\n  |")
        XCTAssertEqual(press(alt, on: "f(1 +|"), "f(1 +\n  |")
        XCTAssertEqual(press(alt, on: "x = 1;|"), "x = 1;\n|")
        XCTAssertEqual(press(alt, on: "s = \"\"\"a {|"), "s = \"\"\"a {\n|")
        XCTAssertEqual(press(alt, on: "\"(\" # {|"), "\"(\" # {\n|")
        XCTAssertEqual(press(alt, on: ")|"), ")\n|")
    }

    func testAClosingBracketGoesBackToItsLine() {
        XCTAssertEqual(press("}", on: "fn f() {\n  if x {\n    |"), "fn f() {\n  if x {\n  }|")
        XCTAssertEqual(press("]", on: "x = [\n  1,\n  |"), "x = [\n  1,\n]|")
        XCTAssertEqual(press(")", on: "f(1 + |"), "f(1 + )|")
        XCTAssertEqual(press("}", on: "  |"), "  }|")
    }

    func testABracketGoesBackAlsoWhenKeysWaitBehindIt() {
        let editor = editor()
        editor.isWhole = { _ in false }
        var buffer = buffer("fn f() {|")
        _ = editor.press("\r", &buffer)
        _ = editor.press("}", &buffer, moreWaits: true)
        XCTAssertEqual(marked(buffer), "fn f() {\n}|")
    }

    func testKeysThatFollowAtOnceAreNotIndented() {
        let editor = editor()
        editor.isWhole = { _ in false }
        var buffer = buffer("fn f() {|")
        _ = editor.press("\r", &buffer, moreWaits: true)
        XCTAssertEqual(marked(buffer), "fn f() {\n|")
    }

    // MARK: History

    func testUpRecallsAndDownComesBackToWhatWasTyped() {
        let editor = editor(history: ["one", "two\nlines", "three"])
        var buffer = EditBuffer()
        var seen: [String] = []
        for key in [up, up, up, up, down, down, down, down] {
            _ = editor.press(key, &buffer)
            seen.append(marked(buffer))
        }
        // Down inside a block first goes to its second line.
        XCTAssertEqual(
            seen, ["three|", "two|\nlines", "one|", "one|", "two\nlines|", "three|", "|", "|"])
    }

    func testTextBeforeTheCursorChoosesWhatIsRecalled() {
        let editor = editor(history: ["len(a)", "print(b)", "len(c)", "len(c)"])
        XCTAssertEqual(press(up, on: "le|", editor: editor), "len(c)|")
        XCTAssertEqual(press(up, up, on: "le|", editor: editor), "len(a)|")
        XCTAssertEqual(press(up, up, up, down, down, on: "le|", editor: editor), "le|")
        XCTAssertEqual(press(up, on: "nothing like it|", editor: editor), "nothing like it|")
    }

    func testTheSearchNarrowsGoesBackAndGivesUp() {
        let search = "\u{12}"
        let editor = editor(history: ["alpha(1)", "beta\nalpha(2)", "gamma"])
        XCTAssertEqual(press(search, "a", "l", on: "x|", editor: editor), "beta\n|alpha(2)")
        XCTAssertEqual(press("\u{7}", on: "|", editor: editor), "x|")
        XCTAssertEqual(press(search, "A", on: "x|", editor: editor), "x|")
        XCTAssertEqual(press("\u{7F}", "p", search, on: "", editor: editor), "al|pha(1)")
        XCTAssertEqual(press("\u{13}", on: "", editor: editor), "beta\nal|pha(2)")
        XCTAssertEqual(press("\u{5}", on: "beta\nal|pha(2)", editor: editor), "beta\nalpha(2)|")
    }

    func testALetterInASearchIsTakenByIt() {
        let editor = editor(history: ["one"])
        var buffer = EditBuffer()
        guard case .takeAll = editor.press("\u{12}", &buffer) else { return XCTFail("letters are not asked for") }
        guard case .takeAll = editor.press("n", &buffer) else { return XCTFail("letters are not asked for") }
        XCTAssertTrue(editor.draw(buffer, size: (80, 24), phase: .live).contains("search the history: n"))
        editor.isWhole = { _ in true }
        guard case .accept = editor.press("\r", &buffer) else { return XCTFail("Enter does not run what was found") }
        XCTAssertEqual(buffer.text, "one")
    }

    func testCtrlDLeavesOnlyWhenNothingIsTyped() {
        let editor = editor()
        var buffer = EditBuffer()
        guard case .leave = editor.press("\u{4}", &buffer) else { return XCTFail("does not leave") }
        XCTAssertEqual(press("\u{4}", on: "|ab"), "|b")
    }

    func testKeysWithoutAMeaningChangeNothing() {
        for key in ["\u{1B}[15~", "\u{1B}[I", "\u{1B}[?1;2c", "\u{1B}OP", "\u{18}q", "\u{1B}[<0;1;1M", "\u{1B}[Z"] {
            XCTAssertEqual(press(key, on: "a|b"), "a|b", key)
        }
    }
}
