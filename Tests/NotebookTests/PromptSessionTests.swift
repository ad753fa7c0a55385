import Interruption
import Language
import Notebook
import TestSupport
import XCTest

final class PromptSessionTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    /// Types the lines at a prompt and gives what was shown.
    private func type(
        _ lines: [String], isTerminal: Bool = false, outsideEdit: @escaping (String) -> String = { $0 },
        history: HistoryFile? = nil
    ) -> (output: String, error: String) {
        let recorded = RecordedConsole(isTerminal: isTerminal)
        let editor = ScriptedLineEditor(lines.map { .line($0) })
        editor.outsideEdit = outsideEdit
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        Prompt(session: session, editor: editor, history: history).run()
        return (String(recorded.output.dropFirst(Prompt.greeting.count)), recorded.error)
    }

    // MARK: Results

    func testResultsHaveTheNumberOfTheirCell() {
        XCTAssertEqual(type(["1 + 1", "x = 5", "x"]).output, "out[1]: 2\nout[3]: 5\n")
    }

    func testAResultOfSeveralLinesStandsBelowItsNumber() {
        XCTAssertEqual(type(["[{a: 1}, {a: 2}]"], isTerminal: true).output, "out[1]:\na\n1\n2\n\n")
    }

    func testAnsIsTheLatestResultAlsoOfASilencedCell() {
        XCTAssertEqual(type(["20;", "ans + 1", "ans * 2"]).output, "out[2]: 21\nout[3]: 42\n")
    }

    func testTheResultsThemselvesCanBeAResult() {
        let shown = type(["5;", "out", "{o: out}", "out"])
        XCTAssertTrue(shown.output.contains("out[2]: out[1]: 5\n"), shown.output)
        XCTAssertTrue(shown.output.contains("out[3]: {o: <Results: 2>}"), shown.output)
    }

    func testACutListKeepsItsCountInOnePiece() {
        let shown = type(["list(0..5000)"], isTerminal: true).output
        XCTAssertTrue(shown.contains("... 4,900 more ..."), shown)
    }

    func testALongTableFitsTheWindow() {
        let shown = type(["[{a: i, b: 2} for i in 0..300]"], isTerminal: true).output
        XCTAssertTrue(shown.contains("... 282 more ..."), shown)
        XCTAssertLessThan(shown.count { $0 == "\n" }, 24, shown)
    }

    func testASavedScriptNamesTheResultsThatItUses() throws {
        let path = folder.file("saved.bridge")
        let lines = ["1 + 1", "x = 3", "(ans + x) * 2", "out[-1] - out[1]", "r = {ans: 1}", "print(ans)"]
        XCTAssertEqual(type(lines + ["%save \(path)"]).error, "")
        XCTAssertEqual(
            try String(contentsOfFile: path, encoding: .utf8),
            """
            # %%
            out_1 = 1 + 1

            # %%
            x = 3

            # %%
            out_3 = (out_1 + x) * 2

            # %%
            out_4 = out_3 - out_1

            # %%
            r = {ans: 1}

            # %%
            print(out_4)

            """)
    }

    func testWhatASavedScriptLacksIsSaid() {
        let shown = type(["1", "2", "ans", "out[ans]", "%save 3..=4 \(folder.file("part.bridge"))"])
        XCTAssertTrue(shown.error.contains("cell 3 uses the result of cell 2, which is not among them"), shown.error)
        XCTAssertTrue(shown.error.contains("cell 4 uses `ans` or `out`"), shown.error)
    }

    func testALogRunsAsAScript() throws {
        let path = folder.file("log.bridge")
        _ = type(["%log \(path)", "1 + 1", "1/0", "nonesuch", "y = ans * 3", "out[1] + y"])
        let log = try String(contentsOfFile: path, encoding: .utf8)
        let recorded = RecordedConsole()
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        session.run(Cell(name: "log", text: log + "\nprint(y, out_1)"), showsResult: false)
        XCTAssertEqual(recorded.error, "", log)
        XCTAssertEqual(recorded.output, "6 2\n", log)
        XCTAssertTrue(log.contains("#! 1/0"), log)
    }

    func testLinesForThePromptInAPastedSessionAreDoneOneByOne() {
        let shown = type(["x = 2\n%time x + 1\n?len\nfn f(a) {\n  a\n}\nf(x)"])
        XCTAssertEqual(shown.error, "")
        XCTAssertTrue(shown.output.contains("out[2]: 3\ntook "), shown.output)
        XCTAssertTrue(shown.output.contains("len("), shown.output)
        XCTAssertTrue(shown.output.hasSuffix("out[3]: 2\n"), shown.output)
    }

    func testANameThatACommandHasTooIsAHintOnlyWhereTheCommandIsMeant() {
        XCTAssertTrue(type(["run 3"]).error.contains("write `%run`"))
        XCTAssertTrue(type(["history"]).error.contains("write `%history`"))
        XCTAssertFalse(type(["run"]).error.contains("%run"))
        XCTAssertFalse(type(["run + 1"]).error.contains("%run"))
    }

    func testAnInterruptedEvaluationLeavesTheProblemsThatAreDone() {
        let registry = { (console: Console) in
            let registry = Library.registry(console: console)
            registry.add(
                NativeFunction(name: "halted", summary: "", example: "") { call in
                    throw Interrupted(leaving: PartialResult(.int(7), progress: "after 7 of 9", name: "those"))
                })
            return registry
        }
        let recorded = RecordedConsole()
        let session = Session(registry: registry(recorded.console), console: recorded.console)
        Prompt(
            session: session, editor: ScriptedLineEditor([.line("x = halted()"), .line("ans + out[1]")]), history: nil
        ).run()
        XCTAssertTrue(recorded.error.hasSuffix(" after 7 of 9\n`ans` holds those\n"), recorded.error)
        XCTAssertTrue(recorded.output.hasSuffix("out[2]: 14\n"), recorded.output)
    }

    func testANameThatTheUserTookIsTheUsers() {
        XCTAssertEqual(type(["ans = 7;", "1;", "ans"]).output, "out[3]: 7\n")
        XCTAssertEqual(type(["out = 7;", "1;", "out"]).output, "out[3]: 7\n")
    }

    func testEarlierResultsAreFoundByNumber() {
        XCTAssertEqual(type(["10;", "20;", "out[1] + out[2]", "out[-1]"]).output, "out[3]: 30\nout[4]: 30\n")
    }

    func testAResultThatIsNotThereIsAnErrorThatSaysWhichAre() {
        let shown = type(["10;", "x = 3", "out[2]", "out[\"a\"]"])
        XCTAssertTrue(shown.error.contains("cell 2 has no result; there are 1, from cell 1 to 1"), shown.error)
        XCTAssertTrue(shown.error.contains("results are numbered"), shown.error)
    }

    func testResultsAreLetGoOldestFirstWhenTheyTakeTooMuchMemory() throws {
        let results = Results(byteLimit: 100_000)
        for number in 1...10 { results.add(.list(Array(repeating: .int(number), count: 2000)), number: number) }
        XCTAssertEqual(try results.index([.value(.int(10))]).asList?.count, 2000)
        XCTAssertThrowsError(try results.index([.value(.int(1))])) { error in
            XCTAssertTrue("\(error)".contains("no longer kept"), "\(error)")
        }
        XCTAssertLessThan(results.elements().count, 4)
        results.add(.list(Array(repeating: .int(0), count: 20_000)), number: 11)
        XCTAssertThrowsError(try results.index([.value(.int(11))])) { error in
            XCTAssertTrue("\(error)".contains("takes more than 97.7 KiB"), "\(error)")
        }
        XCTAssertEqual(try results.index([.value(.int(10))]).asList?.count, 2000)
    }

    // MARK: Names

    func testWhoListsNamesTypesAndShapes() {
        let lines = type(["x = zeros([2, 3])", "names = [1, 2]", "%who"], isTerminal: true).output.split(separator: "\n")
        guard lines.count == 3 else { return XCTFail("\(lines)") }
        XCTAssertTrue(lines[1].hasPrefix("x") && lines[1].contains("Tensor") && lines[1].contains("[2, 3]"))
        XCTAssertTrue(lines[2].hasPrefix("names") && lines[2].contains("List"))
    }

    func testResetForgetsNamesAfterAQuestion() {
        XCTAssertEqual(type(["x = 1", "%reset", "n", "x"]).output, "nothing was forgotten\nout[2]: 1\n")
        let shown = type(["x = 1", "%reset", "y", "x"])
        XCTAssertTrue(shown.error.contains("`x`"), shown.error)
        XCTAssertTrue(type(["x = 1", "%reset -f", "x"]).error.contains("`x`"))
    }

    func testNamesCanBeBoundAgainAfterAReset() {
        XCTAssertEqual(type(["x = 1", "%reset -f", "x = 2", "x + 1"]).output, "out[3]: 3\n")
    }

    func testLoadBindsTheNamesOfASavedSession() throws {
        let path = folder.file("kept")
        _ = type(["x = [1, 2]", "y = {inner: x}", "out[9];", "save_session(\"\(path)\");"])
        let shown = type(["%load \(path)", "push(y.inner, 3);", "x", "%load \(path)x"])
        XCTAssertEqual(shown.output, "bound x, y\nout[2]: [1, 2, 3]\n")
        XCTAssertTrue(shown.error.contains("kept" + "x"), shown.error)
    }

    // MARK: Time

    func testTimeShowsTheResultAndTheTime() {
        let output = type(["%time sum(0..10)"]).output
        XCTAssertTrue(output.hasPrefix("out[1]: 45\ntook "), output)
    }

    func testTimeTellsTheTokensThatWereDrawn() {
        let output = type(["m = model.load(\"tiny\")", "%time m.generate(\"1+2=\", max_tokens: 4);"]).output
        XCTAssertNotNil(output.firstMatch(of: /took .* \d+ tokens at .* tokens\/s/), output)
    }

    func testTimeitGivesTheMedianAndTheQuartiles() {
        let output = type(["%timeit sum(0..100)"]).output
        XCTAssertNotNil(output.firstMatch(of: /median [\d.]+ \S+ a run  \(quartiles .* to .*, \d+ runs\)/), output)
    }

    func testWhatTimeitRunsBindsNoNames() {
        XCTAssertTrue(type(["%timeit fresh = 3", "fresh"]).error.contains("`fresh`"))
    }

    func testAnErrorInMeasuredCodeIsShown() {
        XCTAssertTrue(type(["%timeit [1][5]"]).error.contains("5"))
        XCTAssertTrue(type(["%timeit nonesuch"]).error.contains("nonesuch"))
        let unfinished = type(["%timeit 1 + )"]).error
        XCTAssertTrue(unfinished.contains(" --> %timeit:1:3"), unfinished)
        XCTAssertFalse(unfinished.contains("->  {"), unfinished)
    }

    // MARK: Cells

    func testSaveWritesTheCellsAsAScriptThatRuns() throws {
        let path = folder.file("saved.bridge")
        let shown = type(["x = 1", "x = x + 1", "print(x)", "%save 1..3 \(path)"])
        XCTAssertEqual(shown.output, "2\nwrote cells 1, 2 to \(path)\n")
        XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "# %%\nx = 1\n\n# %%\nx = x + 1\n")
    }

    func testSaveWithoutNumbersTakesWhatSucceeded() throws {
        let path = folder.file("saved.bridge")
        for command in ["%save \(path)", "%save 1..9 \(path)"] {
            let shown = type(["x = 1", "nonesuch", "x", command, "y"])
            XCTAssertTrue(shown.output.hasSuffix("wrote cells 1, 3 to \(path), without cell 2\n"), shown.output)
        }
        XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "# %%\nx = 1\n\n# %%\nx\n")
    }

    func testSaveAsksBeforeItReplacesAFile() throws {
        let path = folder.file("saved.bridge")
        try "precious".write(toFile: path, atomically: true, encoding: .utf8)
        XCTAssertEqual(type(["1;", "%save \(path)", "n"]).output, "nothing was written\n")
        XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "precious")
    }

    func testEditRunsWhatTheUsersEditorMakesOfACell() {
        let shown = type(["1 + 1", "%edit 1"]) { $0 + " + 40" }
        XCTAssertEqual(shown.output, "out[1]: 2\n1 + 1 + 40\nout[2]: 42\n")
    }

    func testEditTakesAFunctionByName() {
        let shown = type(["fn f(x) { x + 1 }", "%edit f", "f(1)"]) { $0.replacing("+ 1", with: "+ 10") }
        XCTAssertTrue(shown.output.hasSuffix("out[3]: 11\n"), shown.output)
    }

    // MARK: A loaded file

    private func notebookFile(_ text: String) throws -> String {
        let path = folder.file("study.bridge")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    func testCellsOfALoadedFileRunByNumber() throws {
        let path = try notebookFile("# %% one\nx = 20\n\n# %% two\nx + 1\n")
        let shown = type(["%load \(path)", "%run 1", "%run 2", "%cells"])
        XCTAssertTrue(shown.output.contains("2 cells"), shown.output)
        XCTAssertTrue(shown.output.contains("\n21\n"), shown.output)
        XCTAssertNotNil(shown.output.firstMatch(of: /1 +finished .*one/), shown.output)
        XCTAssertNotNil(shown.output.firstMatch(of: /2 +finished .*two/), shown.output)
    }

    func testSeveralCellsHaveTheirTitlesAboveThem() throws {
        let path = try notebookFile("# %% one\n1\n\n# %%\n2\n")
        let lines = type(["%load \(path)", "%run all"]).output.split(separator: "\n").dropFirst()
        XCTAssertEqual(Array(lines), ["cell 1: one", "1", "cell 2", "2"])
    }

    func testAChangedCellMakesThoseThatUseItStale() throws {
        let path = try notebookFile("# %%\nx = 20\n\n# %%\nx + 1\n")
        let recorded = RecordedConsole()
        let change = { try! "# %%\nx = 30\n\n# %%\nx + 1\n".write(toFile: path, atomically: true, encoding: .utf8) }
        let editor = ScriptedLineEditor(
            ["%load \(path)", "%run all", "%edit", "%cells", "%rerun stale", "%rerun stale"].map { .line($0) })
        editor.outsideEdit = { _ in
            change()
            return ""
        }
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        Prompt(session: session, editor: editor, history: nil).run()
        XCTAssertTrue(recorded.output.contains("stale"), recorded.output + recorded.error)
        XCTAssertTrue(recorded.output.contains("\n31\n"), recorded.output)
        XCTAssertTrue(recorded.output.hasSuffix("no cell is stale\n"), recorded.output)
    }

    func testOutputsAreKeptBesideTheSourceAndFoundAgain() throws {
        let path = try notebookFile("# %%\n6 * 7\n")
        _ = type(["%load \(path)", "%run 1"])
        let shown = type(["%load \(path)", "%cells"])
        XCTAssertTrue(shown.output.contains("finished"), shown.output + shown.error)
        XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "# %%\n6 * 7\n")
    }

    func testACellThatUsedWhatWasTypedIsStale() throws {
        let path = try notebookFile("# %%\nx = 20\n\n# %%\nx + 1\n")
        let shown = type(["%load \(path)", "%run all", "x = 7", "%run 2", "%cells"]).output
        XCTAssertNotNil(shown.firstMatch(of: /2 +stale/), shown)
    }

    func testACommandWithoutItsSignIsToldSoUnlessItIsAName() {
        XCTAssertEqual(type(["history"]).error, "error: write `%history`: commands of the prompt begin with %\n")
        XCTAssertEqual(type(["history = 4", "history"]).output, "out[2]: 4\n")
        XCTAssertTrue(type(["help"]).output.contains("Namespaces:"))
    }

    func testCommandsSayWhatTheyNeed() {
        let shown = type(["%run 1", "%cells", "%rerun", "%load", "%save", "%save 9..2 x", "%nonesuch", "%tiem 1", "%log off", "%time"])
        XCTAssertEqual(shown.error.split(separator: "\n").count, 10, shown.error)
        XCTAssertTrue(shown.error.contains("did you mean `%time`?"), shown.error)
        XCTAssertTrue(type(["%"]).output.contains("%timeit CODE"))
    }

    // MARK: Log and history

    func testTheLogIsAScriptWithWhatWasShownInComments() throws {
        let path = folder.file("session.log")
        _ = type(["%log \(path)", "print(\"a\\nb\")", "2 + 2", "%log off", "3"])
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("# %%") }
        XCTAssertEqual(lines, ["print(\"a\\nb\")", "#> a", "#> b", "out_2 = 2 + 2", "#> out[2]: 4"])
    }

    func testALogThatCannotBeWrittenIsWorthOneWarning() {
        let shown = type(["%log /dev/full", "1 + 1", "2 + 2"])
        XCTAssertEqual(shown.error.components(separatedBy: "cannot write the log `/dev/full`").count, 2, shown.error)
        XCTAssertTrue(shown.output.hasSuffix("out[1]: 2\nout[2]: 4\n"), shown.output)
    }

    func testHistoryShowsWhatWasTypedWithTimeAndDuration() {
        let history = HistoryFile(path: folder.file("history")) { _ in }
        let shown = type(["x = 1", "y = 2", "%history x ="], history: history)
        XCTAssertNotNil(shown.output.firstMatch(of: /\d{4}-\d\d-\d\d \d\d:\d\d +\S+ \S+  x = 1\n/), shown.output)
        XCTAssertFalse(shown.output.contains("y = 2") || shown.output.contains("%history"), shown.output)
    }
}
