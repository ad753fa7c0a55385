import Foundation
import TestSupport
import XCTest

/// What terminals send besides letters, and what the system sends while a cell runs.
final class TerminalInputTests: PromptTestCase {
    func testAPasteKeepsItsLinesWhateverEndsThem() throws {
        // As files have them, and as terminals and tmux send them: tmux makes CR of every LF.
        for end in ["\r\n", "\n", "\r", "\r\r"] {
            let terminal = try open()
            let text = ["[1,", "", "2,", "3]", ""].joined(separator: end)
            terminal.send("\u{1B}[200~\(text)\u{1B}[201~\r")
            try terminal.expectScreen(
                "bridge> [1,\n   ...>\n   ...> 2,\n   ...> 3]\nout[1]: [1, 2, 3]\nbridge>")
        }
    }

    func testSequencesWithoutAMeaningLeaveNothingBehind() throws {
        let terminal = try open()
        let sequences = [
            "\u{1B}[[A", "\u{1B}]11;rgb:0000/0000/0000\u{7}", "\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\",
            "\u{1B}P>|xterm(370)\u{1B}\\", "\u{1B}[M !!", "\u{1B}[?62;4c", "\u{1B}O5P",
        ]
        for sequence in sequences {
            terminal.send(sequence)
            terminal.send("1")
        }
        terminal.send("\r")
        try terminal.expectScreen("bridge> 1111111\nout[1]: 1111111\nbridge>")
        terminal.send("one two\u{1B}O5D\u{1B}O5DX")
        try terminal.expectScreen("bridge> Xone two")
    }

    func testAPasteInASearchIsSearchedFor() throws {
        let terminal = try open()
        terminal.send("first = 10 + 1\r")
        try terminal.expectScreen("first = 10 + 1\nbridge>")
        terminal.send("2\r")
        try terminal.expectScreen("out[2]: 2\nbridge>")
        terminal.send("\u{12}\u{1B}[200~10 + 1\r\n\u{1B}[201~")
        try terminal.expectScreen("bridge> first = 10 + 1\nsearch the history: 10 + 1")
    }

    func testARequestToEndWritesTheCheckpointOfTheRunAtThePrompt() throws {
        for (number, name) in [(SIGTERM, "term"), (SIGHUP, "hup")] {
            let terminal = try open()
            let folder = home.file(name)
            terminal.send("m = model.new(layers: 1, dim: 32, heads: 2, context: 32);\r")
            try terminal.expectScreen("context: 32);\nbridge>")
            terminal.send("examples = task.sums(terms: 2, digits: 1).examples(64);\r")
            try terminal.expectScreen("examples(64);\nbridge>")
            terminal.send("sft(m, examples, epochs: 100000, folder: \"\(folder)\", checkpoint_every: 90000)\r")
            try terminal.expect("step", within: 60)
            kill(terminal.processIdentifier, number)
            XCTAssertEqual(try terminal.waitForExit(), 128 + Int(number))
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            XCTAssertTrue(files.contains("checkpoint.safetensors"), "\(files)")
        }
    }
}
