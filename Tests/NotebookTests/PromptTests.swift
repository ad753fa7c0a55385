import Interruption
import Language
import Notebook
import TestSupport
import XCTest

final class PromptTests: XCTestCase {
    /// Types the lines at a prompt and gives what was shown.
    private func type(
        _ readings: [LineReading], history: HistoryFile? = nil, registry: Registry = Registry()
    ) -> (editor: ScriptedLineEditor, output: String, error: String) {
        let recorded = RecordedConsole()
        let editor = ScriptedLineEditor(readings)
        let session = Session(registry: registry, console: recorded.console)
        Prompt(session: session, editor: editor, history: history).run()
        return (editor, String(recorded.output.dropFirst(Prompt.greeting.count)), recorded.error)
    }

    private func type(_ lines: String...) -> (editor: ScriptedLineEditor, output: String, error: String) {
        type(lines.map { .line($0) })
    }

    func testResultOfAnExpressionIsShown() {
        XCTAssertEqual(type("1 + 2").output, "out[1]: 3\n")
    }

    func testSemicolonAndNilShowNothing() {
        XCTAssertEqual(type("1 + 2;", "nil", "x = 4").output, "")
    }

    func testNamesAreKeptBetweenLines() {
        XCTAssertEqual(type("x = 20", "x + 1").output, "out[2]: 21\n")
    }

    func testAnOpenBlockAsksForMoreLines() {
        let shown = type("fn double(x) {", "  x * 2", "}", "double(4)")
        XCTAssertEqual(
            shown.editor.prompts,
            [Prompt.firstPrompt, Prompt.nextPrompt, Prompt.nextPrompt, Prompt.firstPrompt, Prompt.firstPrompt])
        XCTAssertTrue(shown.output.hasSuffix("out[2]: 8\n"), shown.output)
    }

    func testABlockIsOneHistoryEntry() {
        XCTAssertEqual(type("[1,", "2]").editor.history, ["[1,\n2]"])
    }

    func testEnterRunsWhatIsWhole() {
        let isWhole = type("1").editor.isWhole
        for text in ["1 + 1", "", "  ", "?len", "len?", "fn f() {\n}", "1 + )", "??"] {
            XCTAssertEqual(isWhole?(text), true, text)
        }
        for text in ["[1,", "fn f() {", "1 +", "\"\"\"a"] { XCTAssertEqual(isWhole?(text), false, text) }
    }

    func testAnErrorEndsItsCellOnly() {
        let shown = type("x = 5", "y = [1][7]", "nonesuch + 1", "x")
        XCTAssertEqual(shown.output, "out[4]: 5\n")
        XCTAssertTrue(shown.error.contains("cell 2:1:"), shown.error)
        XCTAssertTrue(shown.error.contains("nonesuch"), shown.error)
    }

    func testASyntaxErrorIsReportedOnce() {
        let shown = type("1 + )", "2")
        XCTAssertEqual(shown.error.components(separatedBy: "error[").count, 2, shown.error)
        XCTAssertEqual(shown.output, "out[2]: 2\n")
    }

    func testCtrlCDropsTheLinesTypedSoFar() {
        let shown = type([.line("[1,"), .interrupted, .line("7")])
        XCTAssertEqual(shown.editor.prompts.prefix(3), [Prompt.firstPrompt, Prompt.nextPrompt, Prompt.firstPrompt])
        XCTAssertEqual(shown.output, "out[1]: 7\n")
    }

    func testEndOfInputInsideABlockDropsItAndThePromptComesBack() {
        let shown = type([.line("[1,"), .endOfFile, .line("7")])
        XCTAssertEqual(shown.output, "out[1]: 7\n")
        XCTAssertTrue(shown.error.contains("dropped"), shown.error)
    }

    func testInterruptedWorkComesBackToThePrompt() {
        let registry = Registry()
        registry.add(
            NativeFunction(name: "halt", summary: "Stops as Ctrl-C does.", example: "") { _ in
                throw Interrupted()
            })
        let shown = type([.line("x = 3"), .line("halt()"), .line("x")], registry: registry)
        XCTAssertEqual(shown.error, "interrupted at cell 2:1:1\n")
        XCTAssertEqual(shown.output, "out[3]: 3\n")
    }

    func testACallThatWasStoppedLeavesItsPartialValueInAns() {
        let registry = Registry()
        registry.add(
            NativeFunction(name: "halt", summary: "Stops as Ctrl-C does.", example: "") { _ in
                throw Interrupted(
                    leaving: PartialResult(.string("ab"), progress: "after 2 letters", name: "the text so far"))
            })
        let shown = type([.line("1"), .line("halt()"), .line("ans"), .line("out[2]")], registry: registry)
        XCTAssertEqual(shown.error, "interrupted at cell 2:1:1 after 2 letters\n`ans` holds the text so far\n")
        XCTAssertEqual(shown.output, "out[1]: 1\nout[3]: \"ab\"\nout[4]: \"ab\"\n")
        let taken = type([.line("ans = 7;"), .line("halt()"), .line("ans")], registry: registry)
        XCTAssertEqual(taken.error, "interrupted at cell 2:1:1 after 2 letters\n`out[2]` holds the text so far\n")
        XCTAssertEqual(taken.output, "out[3]: 7\n")
    }

    func testACallThatWasStoppedBeforeThereWasAnythingSaysWhyAndLeavesAnsAsItWas() {
        let registry = Registry()
        registry.add(
            NativeFunction(name: "halt", summary: "Stops as Ctrl-C does.", example: "") { _ in
                throw Interrupted(leaving: PartialResult(progress: "before the first letter"))
            })
        let shown = type([.line("1"), .line("halt()"), .line("ans")], registry: registry)
        XCTAssertEqual(shown.error, "interrupted at cell 2:1:1 before the first letter\n")
        XCTAssertEqual(shown.output, "out[1]: 1\nout[3]: 1\n")
    }

    func testExitLeavesUnlessItIsAName() {
        XCTAssertEqual(type("1", "exit", "2").output, "out[1]: 1\n")
        XCTAssertEqual(type("1", "quit()", "2").output, "out[1]: 1\n")
        XCTAssertEqual(type("exit = 6;", "exit", "2").output, "out[2]: 6\nout[3]: 2\n")
    }

    func testBlankLinesAreNeitherRunNorRemembered() {
        let shown = type("", "   ", "1")
        XCTAssertEqual(shown.editor.history, ["1"])
        XCTAssertEqual(shown.output, "out[1]: 1\n")
    }

    func testOutputWithoutALineEndDoesNotShareALineWithTheNextPrompt() {
        let registry = Registry()
        registry.add(
            NativeFunction(name: "whisper", summary: "Prints without a newline.", example: "") { call in
                call.interpreter.output("abc")
                return .null
            })
        XCTAssertEqual(type([.line("whisper()"), .line("1")], registry: registry).output, "abc\nout[2]: 1\n")
    }

    func testQuestionMarksAskForHelp() {
        for line in ["?len", "len?", "help(len)"] {
            XCTAssertTrue(type(line).output.contains("len("), line + ": " + type(line).output + type(line).error)
        }
    }

    func testTwoQuestionMarksShowTheSourceOfAFunctionOfTheSession() {
        let source = "fn twice(x, by = 2) {\n    x * by\n}"
        XCTAssertEqual(type(source, "??twice").output, source + "\n")
        XCTAssertEqual(type(source, "twice??").output, source + "\n")
        XCTAssertTrue(type("??len").output.hasPrefix("len("))
    }

    func testHelpOnAFunctionOfTheSessionShowsTheCommentAboveIt() {
        let shown = type("# Doubles a number.\n# Any number.\nfn twice(x) {\n    x * 2\n}", "?twice").output
        XCTAssertEqual(shown, "twice(x)\n\n  Doubles a number.\n  Any number.\n")
    }

    func testHelpOnAMistypedNameOfTheSessionNamesTheNearest() {
        XCTAssertEqual(type("fn twice(x) { 2 * x }", "?twce").output, "There is no `twce`; did you mean `twice`?\n")
    }

    func testHelpOnAnUnknownNameNamesIt() {
        let shown = type("?lenn")
        XCTAssertTrue((shown.output + shown.error).contains("lenn"))
    }

    func testHistoryOfEarlierSessionsIsLoadedAndThisOneSaved() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state/history")
        _ = type([.line("1 + 1"), .line("[1,"), .line("2]")], history: HistoryFile(path: path) { _ in })
        let next = type([.line("3")], history: HistoryFile(path: path) { _ in })
        XCTAssertEqual(next.editor.history, ["1 + 1", "[1,\n2]", "3"])
        XCTAssertTrue(HistoryFile(path: path) { _ in }.load().allSatisfy { ($0.duration ?? -1) >= 0 })
    }
}
