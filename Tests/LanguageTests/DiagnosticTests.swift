import Interruption
import Language
import XCTest

/// How diagnostics look, and what they say beyond their first line.
final class DiagnosticTests: XCTestCase {
    private func rendered(_ text: String, _ renderer: DiagnosticRenderer = DiagnosticRenderer()) -> String {
        let interpreter = Interpreter()
        interpreter.output = { _ in }
        do {
            try interpreter.run(source: Source(name: "a.bridge", text: text))
            return ""
        } catch {
            return renderer.render(error.diagnostics)
        }
    }

    func testAnUnclosedBracketIsShownWhereItWasOpened() {
        XCTAssertEqual(
            rendered("x = 1\nprint(x,\n  2\ny = 3\n"),
            """
            error[E010]: this `(` is not closed
             --> a.bridge:2:6
              |
            2 | print(x,
              |      ^ close it with `)`
            3 |   2
              |   - `)` is missing behind this

            """)
    }

    func testOtherPlacesAreShownInTheOrderOfTheText() {
        XCTAssertEqual(
            rendered("fn f(width, tau) { width }\n\n\nf(1, 2, 3)\n"),
            """
            error[E034]: `f` takes at most 2 arguments, and 3 are given
             --> a.bridge:4:9
              |
            1 | fn f(width, tau) { width }
              | --------------- `f` is defined here
            ...
            4 | f(1, 2, 3)
              |         ^

            """)
    }

    func testARuntimeErrorShowsTheArgumentsOfTheCalls() {
        XCTAssertEqual(
            rendered("fn pick(xs, i) { xs[i] }\nfn last(n) { map([n], i -> pick([1, 2, 3], i)) }\nlast(7)\n"),
            """
            error[E209]: index 7 is out of range: the List has 3 elements
             --> a.bridge:1:18
              |
            1 | fn pick(xs, i) { xs[i] }
              |                  ^^^^^ write 0 to 2, or -3 to -1 from the end
              = in `pick(xs: [1, 2, 3], i: 7)`, called at a.bridge:2:28
              = in an unnamed function (i: 7), called at a.bridge:2:14
              = in `last(n: 7)`, called at a.bridge:3:1

            """)
    }

    func testLongTracesAreCutAndKeepBothEnds() {
        let text = rendered("fn f(n) { if n == 0 { [1][n + 5] } else { f(n - 1) } }\nf(50)\n")
        XCTAssertEqual(text.components(separatedBy: "= in `f(n: ").count, 9, text)
        XCTAssertTrue(text.contains("= in `f(n: 0)`") && text.contains("= in `f(n: 50)`, called at a.bridge:2:1"), text)
        XCTAssertTrue(text.contains("... 43 more calls ..."), text)
    }

    func testTheCaretStandsUnderWideCharactersAndBehindTabs() {
        XCTAssertEqual(
            rendered("\tprint(\"日本語\", nowhere)\n"),
            """
            error[E030]: `nowhere` is not defined
             --> a.bridge:1:15
              |
            1 |     print("日本語", nowhere)
              |                     ^^^^^^^

            """)
    }

    func testALongLineIsCutAroundTheCaret() {
        let text = rendered("x = [\(String(repeating: "1, ", count: 300))nowhere, \(String(repeating: "1, ", count: 300))2]")
        let lines = text.split(separator: "\n")
        let row = Array(lines[3]), caret = Array(lines[4])
        XCTAssertLessThan(row.count, 170)
        let column = caret.firstIndex(of: "^")!
        XCTAssertEqual(String(row[column..<column + 7]), "nowhere")
    }

    func testASignInsideACharacterIsShown() {
        for text in ["👩\u{200D}👩ℍ\u{200D}👧 nil) -> x", "e\u{301}$\u{301}", "\u{200D}\u{301}?", "x = 👩\u{200D}👧"] {
            XCTAssertTrue(rendered(text + "\n").hasPrefix("error"), text)
        }
    }

    func testControlCharactersOfASourceDoNotReachTheTerminal() {
        XCTAssertFalse(rendered("x = nowhere # \u{1B}[2J\u{7}").contains("\u{1B}"))
    }

    func testTheShortFormIsOneLineForEachError() {
        XCTAssertEqual(
            rendered("x = lenn([1])\nif x = 3 { }\n", DiagnosticRenderer(form: .short)),
            """
            a.bridge:1:5: error[E030]: `lenn` is not defined; did you mean `len`?
            a.bridge:2:6: error[E010]: expected `{` after the condition, found `=`; `=` binds a name; write `==` to compare

            """)
    }

    func testAnErrorInAnImportedFileNamesThatFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bridge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let library = folder.appendingPathComponent("lib.bridge")
        try "fn first(xs) {\n  xs[0]\n}\n".write(to: library, atomically: true, encoding: .utf8)
        func errors(_ text: String) -> String {
            let source = Source(name: "main.bridge", text: text, path: folder.path + "/main.bridge")
            do { try Interpreter().run(source: source) } catch { return error.description }
            return ""
        }
        XCTAssertEqual(
            errors("import \"lib.bridge\" as lib\nlib.first([])\n"),
            """
            error[E209]: index 0 is out of range: the List has 0 elements
             --> lib.bridge:2:3
              |
            2 |   xs[0]
              |   ^^^^^ it is empty
              = in `first(xs: [])`, called at main.bridge:2:1

            """)
        XCTAssertEqual(
            errors("import \"lib.bridge\" as lib\nlib.first()\n"),
            """
            error[E033]: `first` needs `xs`
             --> main.bridge:2:1
              |
            2 | lib.first()
              | ^^^^^^^^^^^
             ::: lib.bridge:1:1
              |
            1 | fn first(xs) {
              | ----------- `first` is defined here

            """)
    }

    func testAnInterruptionSaysWhereItWas() throws {
        let registry = Registry()
        registry.add(
            NativeFunction(name: "stop", summary: "", example: "") { _ in
                Interruption.request()
                return .null
            })
        defer { Interruption.clear() }
        let source = Source(name: "a.bridge", text: "x = 1\nfn f() {\n  stop()\n  while true { x }\n}\nf()\n")
        XCTAssertThrowsError(try Interpreter(registry: registry).run(source: source)) { error in
            let found = (error as? DiagnosticsError)?.diagnostics ?? []
            XCTAssertEqual(found.map(\.code), ["E299"])
            XCTAssertTrue(found.first?.place.hasPrefix("a.bridge:4:") ?? false, found.first?.place ?? "nowhere")
        }
    }

    func testAnErrorOfAnotherKindIsReportedWithItsDescription() throws {
        struct Full: Error, CustomStringConvertible { let description = "the disk is full" }
        let registry = Registry()
        registry.add(NativeFunction(name: "save", summary: "", example: "") { _ in throw Full() })
        XCTAssertThrowsError(try Interpreter(registry: registry).run(source: Source(name: "a", text: "save()"))) {
            let found = ($0 as? DiagnosticsError)?.diagnostics ?? []
            XCTAssertEqual(found.map(\.code), ["E200"])
            XCTAssertEqual(found.map(\.message), ["the disk is full"])
        }
    }

    func testFilesThatBindTooManyNamesAreRefused() {
        let text = (0..<70_000).map { "a\($0)=1" }.joined(separator: "\n")
        XCTAssertEqual(Interpreter().check(source: Source(name: "a", text: text)).map(\.code), [])
        XCTAssertThrowsError(try Interpreter().run(source: Source(name: "a", text: text))) {
            XCTAssertEqual(($0 as? DiagnosticsError)?.diagnostics.map(\.code), ["E235"])
        }
    }

    func testStringsNestedTooDeeplyAreRefused() {
        let text = (0..<30).reduce("1") { inner, _ in "\"{\(inner)}\"" }
        let found = Interpreter().check(source: Source(name: "a", text: text))
        XCTAssertTrue(found.contains { $0.code == "E005" }, "\(found.map(\.code))")
    }
}
