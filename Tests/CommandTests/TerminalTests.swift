import Glibc
import TestSupport
import XCTest

/// The real program behind a pseudo-terminal.
final class TerminalTests: PromptTestCase {
    /// Waits for a result and for the prompt after it. Keys typed before the prompt stands would meet the terminal in
    /// the program's mode, where Ctrl-D means something else.
    private func expectResult(_ text: String, _ terminal: PseudoTerminal) throws {
        try terminal.expect(text + "\r\n")
        try terminal.expect("bridge>")
    }

    /// Leaves with Ctrl-D and expects status 0.
    private func leave(_ terminal: PseudoTerminal) throws {
        terminal.send("\u{4}")
        XCTAssertEqual(try terminal.waitForExit(), 0)
    }

    func testAnExpressionShowsItsValue() throws {
        let terminal = try open()
        terminal.send("6 * 7\r")
        try expectResult("42", terminal)
        try leave(terminal)
    }

    func testTabCompletesAName() throws {
        let terminal = try open()
        terminal.send("enumer\t")
        try terminal.expectScreen("bridge> enumerate")
        terminal.send("([\"q\"])\r")
        try expectResult("[[0, \"q\"]]", terminal)
        try leave(terminal)
    }

    func testTabListsCandidatesWithSummariesBelowTheLine() throws {
        let terminal = try open()
        terminal.send("apple_a = 1;\rapple_b = 2;\rapple_\t")
        try terminal.expectScreen("apple_\napple_a  Int\napple_b  Int")
        terminal.send("b\r")
        try expectResult("2", terminal)
        try leave(terminal)
    }

    func testCtrlCStopsALoopAndKeepsTheNames() throws {
        let terminal = try open()
        terminal.send("kept = 31\rwhile true {}\r")
        try terminal.expectScreen("while true {}")
        try terminal.expectCursor(row: 3, column: 0)
        terminal.send("\u{3}")
        try terminal.expect("interrupted")
        try terminal.expect("bridge>")
        terminal.send("kept + 1\r")
        try expectResult("32", terminal)
        try leave(terminal)
    }

    func testCtrlCInTrainingSaysHowToGoOn() throws {
        let terminal = try open()
        terminal.send("n = bridge.attach(model.load(\"tiny\"), heads: 4, dim: 16);\r")
        terminal.send("s = task.sums(terms: 2, digits: 1)\r")
        let folder = home.file("run")
        for (options, word) in [("", "the model keeps them"), (", folder: \"\(folder)\", checkpoint_every: 5", "resume(\"")] {
            terminal.send("rlvr(n, s, steps: 100000, problems: 2, width: 2\(options))\r")
            try terminal.expect("reward")
            terminal.send("\u{3}")
            try terminal.expect("steps; " + word)
            try terminal.expect("interrupted")
            try terminal.expect("bridge>")
        }
        try leave(terminal)
    }

    func testCtrlCClearsTheLine() throws {
        let terminal = try open()
        terminal.send("rubbish (")
        try terminal.expectScreen("rubbish (")
        terminal.send("\u{3}")
        try terminal.expectScreen("rubbish (^C\nbridge>")
        terminal.send("1 + 1\r")
        try expectResult("2", terminal)
        try leave(terminal)
    }

    func testAnOpenBracketContinuesOnTheNextLine() throws {
        let terminal = try open()
        terminal.send("[1,\r")
        try terminal.expect("...>")
        terminal.send("2]\r")
        try expectResult("[1, 2]", terminal)
        try leave(terminal)
    }

    func testAPasteOfTwoLinesIsOneCell() throws {
        let terminal = try open()
        terminal.send("\u{1B}[200~a = 20\rb = a + 3\r\u{1B}[201~")
        try terminal.expectScreen("bridge> a = 20\n   ...> b = a + 3")
        terminal.send("\r")
        try terminal.expect("bridge>")
        terminal.send("a + b\r")
        try expectResult("43", terminal)
        // Recalled, the block runs as a whole again.
        terminal.send("a = 1;\r")
        try terminal.expect("bridge>")
        terminal.send("\u{1B}[A\u{1B}[A\u{1B}[A\r")
        try terminal.expect("bridge>")
        terminal.send("[a]\r")
        try expectResult("[20]", terminal)
        try leave(terminal)
    }

    func testAPasteOfAnEarlierSessionLeavesPromptsAndResultsOut() throws {
        let terminal = try open()
        terminal.send("\u{1B}[200~bridge> [1,\r   ...> 5]\rout[1]: [1, 5]\rbridge> 30 + 3\rout[2]: 33\u{1B}[201~\r")
        try terminal.expectScreen("bridge> [1,\n   ...> 5]\n   ...> 30 + 3\nout[1]: 33\nbridge>")
        try leave(terminal)
    }

    func testSuspendingAndComingBackKeepsTheEditor() throws {
        let terminal = try open()
        terminal.send("40 + ")
        try terminal.expectScreen("40 +")
        kill(terminal.processIdentifier, SIGSTOP)
        kill(terminal.processIdentifier, SIGCONT)
        try terminal.expectScreen("40 +")
        terminal.send("x\u{7F}4\r")
        try expectResult("44", terminal)
        try leave(terminal)
    }

    func testCtrlZGivesTheTerminalBackAndTheTextIsThereAgain() throws {
        let terminal = try open()
        terminal.send("40 + ")
        try terminal.expectScreen("40 +")
        let seen = terminal.transcript.count
        // Without a shell the program is not stopped, but goes on at once.
        terminal.send("\u{1A}")
        try terminal.expect("\u{1B}[?2004l")
        try terminal.expect("\u{1B}[?2004h")
        try terminal.expectScreen("40 +")
        XCTAssertGreaterThan(terminal.transcript.count, seen)
        terminal.send("2\r")
        try expectResult("42", terminal)
        try leave(terminal)
    }

    func testKeysMoveAndDelete() throws {
        let terminal = try open()
        // Home, Delete, End, Ctrl-Left, F5 and a key that no terminal has: 91 + 1, then 2 before the last word.
        terminal.send("x1 + 1\u{1B}[H\u{1B}[3~9\u{1B}[F\u{1B}[1;5D2\u{1B}[15~\u{1B}[99;9~\r")
        try expectResult("112", terminal)
        try leave(terminal)
    }

    func testWideCharactersAreKept() throws {
        for variables in [[:], ["LANG": "C", "LC_ALL": "C"]] {
            let terminal = try open(variables)
            try terminal.enter("\"é漢字🙂\"", gives: "out[1]: \"é漢字🙂\"")
            try leave(terminal)
        }
    }

    func testHistoryOfTheSessionBefore() throws {
        let first = try open()
        first.send("1234 + 1\r")
        try expectResult("1235", first)
        try leave(first)
        let second = try open()
        second.send("\u{1B}[A\r")
        try expectResult("1235", second)
        try leave(second)
    }

    func testResizingKeepsTheLine() throws {
        let terminal = try open()
        terminal.send("70 + ")
        try terminal.expectScreen("70 +")
        terminal.resize(columns: 20, rows: 10)
        terminal.send("7\r")
        try expectResult("77", terminal)
        try leave(terminal)
    }

    func testAFigureIsDrawnInPixelsWhereTheTerminalSaysThatItHasThem() throws {
        for (answer, sign) in [("\u{1B}[?62;4;22c", "\u{1B}Pq"), ("\u{1B}[?62;22c", "⣀")] {
            let terminal = try open()
            terminal.send("plot.line([1, 1, 1, 4])\r")
            try terminal.expect("\u{1B}[c")
            terminal.send(answer)
            try terminal.expect(sign)
            try terminal.expect("figure-1.svg")
            try terminal.expect("bridge>")
            // It is asked once.
            terminal.send("plot.line([1, 1, 1, 4])\r")
            try terminal.expect(sign)
            try terminal.expect("figure-2.svg")
            XCTAssertEqual(terminal.transcript.components(separatedBy: "\u{1B}[c").count, 2)
        }
    }

    func testATerminalWithoutAbilities() throws {
        let terminal = try open(["TERM": "dumb"], columns: 20)
        terminal.send("1 + 1\r")
        try expectResult("2", terminal)
        XCTAssertFalse(terminal.transcript.contains("\u{1B}"), terminal.transcript)
        try leave(terminal)
    }

    func testNoColourWhereNobodyWantsIt() throws {
        let terminal = try open(["NO_COLOR": "1"])
        terminal.send("nonesuch\r")
        try terminal.expect("error[")
        try terminal.expect("bridge>")
        XCTAssertFalse(terminal.transcript.contains("\u{1B}[1;36m"), terminal.transcript)
        try leave(terminal)
    }

    func testCtrlCEndsAScriptWithStatus130() throws {
        let path = try home.write("print(\"begun\")\nwhile true {}\n", to: "loop.bridge")
        let terminal = try PseudoTerminal(
            try BuiltCommand.path, [path], environment: BuiltCommand.environment(home: home.path))
        try terminal.expect("begun")
        terminal.send("\u{3}")
        try terminal.expect("interrupted")
        XCTAssertEqual(try terminal.waitForExit(), 130)
    }
}
