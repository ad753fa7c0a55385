import Glibc
import TestSupport
import XCTest

/// Blocks of lines typed at the real program: keys in, screen out.
final class BlockEditingTests: PromptTestCase {
    /// Types lines one by one, waiting for each, so that they are not taken for a paste.
    private func type(_ lines: [(keys: String, shown: String)], _ terminal: PseudoTerminal) throws {
        for line in lines {
            for key in line.keys { terminal.send(String(key)) }
            try terminal.expectScreen(line.shown)
        }
    }

    /// Presses Enter and waits for the next line's prompt with its indentation, by the cursor.
    private func enter(_ terminal: PseudoTerminal, column: Int) throws {
        let row = terminal.screen.row
        terminal.send("\r")
        try terminal.expectCursor(row: row + 1, column: column)
    }

    private func typeFunction(_ terminal: PseudoTerminal) throws {
        try type([("fn f(x) {", "bridge> fn f(x) {")], terminal)
        try enter(terminal, column: 10)
        try type([("if x > 0 {", "   ...>   if x > 0 {")], terminal)
        try enter(terminal, column: 12)
        try type([("x * 2", "   ...>     x * 2")], terminal)
        try enter(terminal, column: 12)
        try type([("}", "   ...>   }")], terminal)
        try enter(terminal, column: 10)
        try type([("}", "   ...> }")], terminal)
        terminal.send("\r")
        try terminal.expectScreen("   ...> }\nbridge>")
    }

    func testLinesOfABlockAreIndentedAndClosingBracketsGoBack() throws {
        let terminal = try open()
        try typeFunction(terminal)
        try terminal.enter("f(21)", gives: "out[2]: 42")
        XCTAssertEqual(terminal.screen.unknown, [])
    }

    func testABlockIsRecalledAndEditedInTheMiddle() throws {
        let terminal = try open()
        try typeFunction(terminal)
        try terminal.enter("f(1)", gives: "out[2]: 2")
        terminal.send("\u{1B}[A\u{1B}[A")
        try terminal.expectCursor(row: 8, column: 17)
        // Down to the third line, to its end, and another factor.
        terminal.send("\u{1B}[B\u{1B}[B\u{1B}[F\u{7F}7\r")
        try terminal.expectScreen("   ...>     x * 7\n   ...>   }\n   ...> }\nbridge>")
        try terminal.enter("f(3)", gives: "out[4]: 21")
    }

    func testUpAndDownStayInsideABlockBeforeTheyReachTheHistory() throws {
        let terminal = try open()
        try terminal.enter("111", gives: "out[1]: 111")
        terminal.send("[1,\r2,\r3")
        try terminal.expectScreen("bridge> [1,\n   ...> 2,\n   ...> 3")
        terminal.send("\u{1B}[A\u{1B}[A")
        try terminal.expectCursor(row: 3, column: 9)
        terminal.send("\u{1B}[B")
        try terminal.expectCursor(row: 4, column: 9)
        terminal.send("\u{1B}[B\u{1B}[B]\r")
        try terminal.expectScreen("   ...> 3]\nout[2]: [1, 2, 3]\nbridge>")
    }

    func testAltEnterBeginsALineInAWholeText() throws {
        let terminal = try open()
        terminal.send("a = 4\u{1B}\ra + 1\r")
        try terminal.expectScreen("bridge> a = 4\n   ...> a + 1\nout[1]: 5\nbridge>")
    }

    func testWideAndCombiningCharactersTakeTheirColumns() throws {
        let terminal = try open()
        terminal.send("\"漢字\"")
        try terminal.expectCursor(row: 1, column: 14)
        terminal.send("\u{1B}[D\u{1B}[D")
        try terminal.expectCursor(row: 1, column: 11)
        terminal.send("\u{5} + \"e\u{301}🙂\"")
        try terminal.expectCursor(row: 1, column: 22)
        // Back over the quote, the emoji and the accented letter, which is one character.
        terminal.send("\u{7F}\u{7F}\u{7F}")
        try terminal.expectCursor(row: 1, column: 18)
        terminal.send("!\"\r")
        try terminal.expectScreen("\nout[1]: \"漢字!\"\nbridge>")
    }

    func testEveryKeyOfXtermIsBoundOrSwallowed() throws {
        let terminal = try open()
        var keys: [String] = []
        for modifier in ["", ";2", ";3", ";4", ";5", ";6", ";7", ";8"] {
            let parameters = modifier.isEmpty ? "" : "1" + modifier
            for final in "ABCDEFGHPQRSZ" { keys.append("\u{1B}[\(parameters)\(final)") }
            for number in [1, 2, 4, 7, 8] + Array(11...34) { keys.append("\u{1B}[\(number)\(modifier)~") }
        }
        keys += "ABCDEFHPQRSMjklmnopqrstuvwxy".filter { $0 != "M" }.map { "\u{1B}O\($0)" }
        keys += ["\u{1B}[I", "\u{1B}[O", "\u{1B}[?1;2c", "\u{1B}[24;80R", "\u{1B}[<0;10;10M", "\u{1B}[<0;10;10m"]
        for key in keys { terminal.send(key) }
        terminal.send("\u{5}6 * 7\r")
        try terminal.expectScreen("bridge> 6 * 7\nout[1]: 42\nbridge>")
    }

    func testCtrlCInABlockLeavesItOnTheScreenAndGivesAFreshPrompt() throws {
        let terminal = try open()
        terminal.send("fn f() {\r1\u{1B}[A")
        try terminal.expectCursor(row: 1, column: 9)
        terminal.send("\u{3}")
        try terminal.expectScreen("bridge> fn f() {\n   ...> 1^C\nbridge>")
        try terminal.enter("2 + 2", gives: "out[1]: 4")
    }

    func testCtrlDInABlockDeletesOrDoesNothing() throws {
        let terminal = try open()
        terminal.send("[5\r\u{4}]\r")
        try terminal.expectScreen("bridge> [5\n   ...> ]\nout[1]: [5]\nbridge>")
        terminal.send("\u{4}")
        XCTAssertEqual(try terminal.waitForExit(), 0)
    }

    func testCtrlRFindsABlockByALetterOfItsSecondLine() throws {
        let terminal = try open()
        terminal.send("[10,\rabs(-20)]\r")
        try terminal.expectScreen("out[1]: [10, 20]\nbridge>")
        try terminal.enter("7", gives: "out[2]: 7")
        terminal.send("\u{12}abs")
        try terminal.expectScreen("bridge> [10,\n   ...> abs(-20)]\nsearch the history: abs")
        terminal.send("\r")
        try terminal.expectScreen("bridge> 7\nout[2]: 7\nbridge> [10,\n   ...> abs(-20)]\nout[3]: [10, 20]\nbridge>")
    }

    func testCtrlXCtrlEEditsTheTextInTheEditorOfTheEnvironment() throws {
        let script = try home.write("#!/bin/sh\necho '+ 40' >> \"$1\"\n", to: "editor.sh")
        chmod(script, 0o755)
        let terminal = try open(["EDITOR": script])
        terminal.send("2 \\\u{18}\u{5}")
        try terminal.expectScreen("bridge> 2 \\\n   ...> + 40")
        terminal.send("\u{1F}\u{7F}+ 5\r")
        try terminal.expectScreen("bridge> 2 + 5\nout[1]: 7\nbridge>")
    }

    func testAnEditorThatFailsLeavesTheTextAndSaysSo() throws {
        let terminal = try open(["EDITOR": "/no/such/editor"])
        terminal.send("8 + 1\u{18}\u{5}")
        try terminal.expectScreen("bridge> 8 + 1\nthe editor `/no/such/editor` failed")
        terminal.send("\r")
        try terminal.expectScreen("bridge> 8 + 1\nout[1]: 9\nbridge>")
    }

    func testATerminalOfTwentyColumnsFoldsLines() throws {
        let terminal = try open(columns: 20, rows: 12)
        terminal.send("[111, 222, 333, 444]")
        try terminal.expectScreen("bridge> [111, 222, 3\n33, 444]")
        try terminal.expectCursor(row: terminal.screen.row, column: 8)
        terminal.send("\u{1}\u{1B}[C\u{1B}[3~9\r")
        try terminal.expectScreen("bridge> [911, 222, 3\n33, 444]\nout[1]:\n[911, 222, 333, 444]\nbridge>")
        XCTAssertEqual(terminal.screen.unknown, [])
    }

    func testABlockTallerThanTheWindowScrollsAndIsLeftWhole() throws {
        let terminal = try open(rows: 6)
        let lines = (1...12).map { "\($0)," }
        terminal.send("\u{1B}[200~[\r" + lines.joined(separator: "\r") + "\r]\u{1B}[201~")
        try terminal.expectScreen("   ...> 12,\n   ...> ]")
        terminal.send("\u{1B}<")
        try terminal.expectScreen("bridge> [\n   ...> 1,\n   ...> 2,\n   ...> 3,\n   ...> 4,\n   ...> 5,")
        terminal.send("\r")
        let block = "bridge> [\n" + lines.map { "   ...> \($0)\n" }.joined() + "   ...> ]\n"
        try terminal.expectScreen(block + "out[1]: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]\nbridge>")
    }

    func testResizingInABlockKeepsIt() throws {
        let terminal = try open()
        terminal.send("[1,\r2,\r")
        try terminal.expectScreen("   ...> 2,\n   ...>")
        terminal.resize(columns: 40, rows: 12)
        terminal.send("3]\r")
        try terminal.expectScreen("out[1]: [1, 2, 3]\nbridge>")
    }

    func testPathsAndModelsAreCompletedInStrings() throws {
        _ = try home.write("[]", to: "results_of_today.json")
        let terminal = try open(columns: 200)
        terminal.send("len(\"\(home.path)/results_\t")
        try terminal.expectScreen("results_of_today.json\"")
        terminal.send("\u{3}")
        try terminal.expectScreen("^C\nbridge>")
        terminal.send("model.load(\"ti\t")
        try terminal.expectScreen("bridge> model.load(\"tiny\"")
    }

    func testAHangUpDuringARunLeavesTheHistoryAndTheTerminalInOrder() throws {
        for signal in [SIGHUP, SIGTERM] {
            let terminal = try PseudoTerminal(
                try BuiltCommand.path, environment: BuiltCommand.environment(home: home.path))
            let before = terminal.settings
            try terminal.expectScreen("bridge>")
            XCTAssertNotEqual(terminal.settings, before)
            terminal.send("print(\"be\" + \"gun\"); while true { \(signal) }\r")
            try terminal.expectScreen("\nbegun")
            kill(terminal.processIdentifier, signal)
            XCTAssertEqual(try terminal.waitForExit(), 128 + Int(signal))
            XCTAssertEqual(terminal.settings, before)
            XCTAssertFalse(terminal.transcript.contains("at 0x"), terminal.transcript)
            let next = try open()
            next.send("\u{1B}[A")
            try next.expectScreen("while true { \(signal) }")
            kill(next.processIdentifier, signal)
            XCTAssertEqual(try next.waitForExit(), 128 + Int(signal))
            XCTAssertEqual(next.settings, before)
        }
    }

    func testAPasteThatIsNotMarkedKeepsItsOwnIndentation() throws {
        let terminal = try open()
        terminal.send("fn g(x) {\r    if x {\r        1\r    }\r}\r")
        try terminal.expectScreen("fn g(x) {\n   ...>     if x {\n   ...>         1\n   ...>     }\n   ...> }\nbridge>")
    }

    func testTheScreenIsClearedWithTheTextKept() throws {
        let terminal = try open()
        terminal.send("[1,\r2\u{C}")
        try terminal.expectCursor(row: 1, column: 9)
        XCTAssertEqual(Array(terminal.screen.lines.prefix(3)), ["bridge> [1,", "   ...> 2", ""])
    }
}
