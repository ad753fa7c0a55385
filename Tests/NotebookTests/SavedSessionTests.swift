import Language
import Notebook
import TestSupport
import XCTest

final class SavedSessionTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    /// Runs scripts, each in a session of its own; FOLDER stands for the saved session's.
    private func run(_ scripts: String...) -> (output: String, error: String) {
        var shown = (output: "", error: "")
        for script in scripts {
            let recorded = RecordedConsole()
            let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
            let text = script.replacing("FOLDER", with: folder.file("session"))
            session.run(Cell(name: "script", text: text), showsResult: false)
            shown = (shown.output + recorded.output, shown.error + recorded.error)
        }
        return shown
    }

    func testValuesOfEveryKindComeBack() {
        let shown = run(
            """
            a = [nil, true, 9223372036854775807, -0.0, nan, inf, "text\\n\\{", 0..=4]
            b = {name: "x", inner: {list: [1, [2.5]]}}
            c = tensor([[1.5, -2], [3, 1e-30]])
            save_session("FOLDER")
            """,
            "s = load_session(\"FOLDER\")\n(a, b, c) = [s.a, s.b, s.c]\nprint(a, b, type(a[2]), type(a[3]), type(a[7]))\nprint(c.list())")
        XCTAssertEqual(shown.error, "")
        XCTAssertEqual(
            shown.output,
            "[nil, true, 9223372036854775807, -0.0, nan, inf, \"text\\n\\{\", 0..5] "
                + "{name: \"x\", inner: {list: [1, [2.5]]}} Int Float Range\n[[1.5, -2.0], [3.0, 1.0000000031710769e-30]]\n")
    }

    func testWhatNamesShareTheyShareAgainAndAListMayHoldItself() {
        let shown = run(
            "a = [1]\nb = {a: a}\npush(a, a)\nsave_session(\"FOLDER\")",
            "s = load_session(\"FOLDER\")\n(a, b) = [s.a, s.b]\na[0] = 5\nprint(b.a[0], a[1][1][0])")
        XCTAssertEqual(shown.output, "5 5\n", shown.error)
    }

    func testAModelThatWasOnlyLoadedIsSavedByItsNameAndAChangedOneInFull() throws {
        let shown = run(
            """
            m = model.load("tiny")
            net = bridge.attach(m, heads: 4, dim: 32)
            save_session("FOLDER")
            """,
            "s = load_session(\"FOLDER\")\nprint(s.m.parameters, s.net.blocks, s.m.generate(\"1+2=\", max_tokens: 3, temperature: 0))",
            "m = model.load(\"tiny\")\nprint(m.generate(\"1+2=\", max_tokens: 3, temperature: 0))")
        let lines = shown.output.split(separator: "\n").map(String.init)
        guard lines.count == 2 else { return XCTFail("\(shown)") }
        XCTAssertEqual(lines[0], "1193728 bridge " + lines[1])
        let folders = try FileManager.default.contentsOfDirectory(atPath: folder.file("session"))
        XCTAssertEqual(folders.filter { $0.hasPrefix("model-") }.count, 1)
    }

    func testWhatCannotBeSavedIsNamed() {
        let shown = run(
            "f = x -> x\nt = task.sums(terms: 3, digits: 1)\nok = 1\nlost = [1, f]\nprint(save_session(\"FOLDER\"))",
            "print(keys(load_session(\"FOLDER\")))")
        XCTAssertEqual(shown.output, "{saved: [\"ok\"], left_out: [\"f\", \"t\", \"lost\"]}\n[\"ok\"]\n", shown.error)
    }

    func testAFolderThatHoldsOtherThingsIsLeftAlone() throws {
        let path = folder.file("session")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try "precious".write(toFile: path + "/file", atomically: true, encoding: .utf8)
        XCTAssertTrue(run("x = 1\nsave_session(\"FOLDER\")").error.contains("is not a saved session"))
        XCTAssertEqual(try String(contentsOfFile: path + "/file", encoding: .utf8), "precious")
    }

    func testADamagedSessionIsAnErrorAndBindsNothing() throws {
        _ = run("x = [1, 2]\ny = tensor([1, 2])\nsave_session(\"FOLDER\")")
        let path = folder.file("session/session.json")
        let whole = try String(contentsOfFile: path, encoding: .utf8)
        for damage in [
            "", "{}", String(whole.dropLast(20)), whole.replacing("\"object\":0", with: "\"object\":77"),
            whole.replacing("bridge session 1", with: "bridge session 9"), whole.replacing("\"tensor\":0", with: "\"tensor\":5"),
            whole.replacing("\"list\"", with: "\"lost\""),
        ] {
            try damage.write(toFile: path, atomically: true, encoding: .utf8)
            let shown = run("x = 3\ntry { load_session(\"FOLDER\") } catch err { print(err.message) }\nprint(x)")
            XCTAssertTrue(shown.output.contains("damaged") && shown.output.hasSuffix("\n3\n"), shown.output + shown.error)
        }
    }
}
