import Language
import XCTest

final class HelpTests: XCTestCase {
    private let registry = Registry(withCore: false)

    override func setUp() {
        func add(
            _ name: String, _ summary: String, _ parameters: [Parameter] = [], returns: String = "Nil",
            details: String = ""
        ) {
            registry.add(
                NativeFunction(
                    name: name, parameters: parameters, returns: returns, summary: summary, details: details,
                    example: ""
                ) { _ in .null })
        }
        add("sample", "Answers in parallel.", [Parameter("width", .int, "rows of a group")], returns: "Groups")
        add("widen", "Makes it broader.", returns: "Groups")
        add("plot.widths", "A figure.")
        add("Groups.first", "The first group.")
        add("other", "Speaks of nothing.", details: "Except of width, in passing.")
        registry.add(type: NativeType("Groups", "Rows side by side.", fields: [TypeField("width", "Int", "rows in a group")]))
    }

    private func help(_ name: String) -> String { Help(registry: registry, width: 80).text(for: .string(name)) }
    private func search(_ text: String) -> String { Help(registry: registry, width: 80).search(text) }

    func testATypeIsExplainedWithItsFieldsItsMethodsAndWhatMakesIt() {
        XCTAssertEqual(
            help("Groups"),
            """
            Groups: Rows side by side.

              Fields:
              width  rows in a group

              Methods:
              first  The first group.

              Made by: sample, widen

            """)
    }

    func testAnUnknownNameComesWithTheNearest() {
        XCTAssertEqual(help("Group"), "There is no `Group`; did you mean `Groups`, `Groups.first`, `Groups.width`?\n")
        XCTAssertEqual(help("quarrel"), "There is no `quarrel`; `apropos(\"quarrel\")` searches\n")
    }

    func testParametersAndFieldsAreExplainedByTheirNames() {
        XCTAssertEqual(
            help("width"),
            """
            `width` is a parameter or field of

              sample  rows of a group
              Groups  rows in a group

            """)
        XCTAssertEqual(help("Groups.width"), "`Groups.width` is a field of\n\n  Groups  rows in a group\n")
        XCTAssertEqual(help("widht"), "There is no `widht`; did you mean `width`?\n")
        XCTAssertTrue(help("Groups.widt").hasPrefix("There is no `Groups.widt`; did you mean `Groups.width`"))
    }

    func testExamplesAreBrokenBehindCommasInBrackets() {
        let call = "run(first: 1, second: \"a, b\", third: [1, 2, 3], fourth: 4, fifth: 5, sixth: 6)"
        let text = "print(\"" + String(repeating: "word, ", count: 20) + "\")"
        registry.add(
            NativeFunction(name: "run", summary: "Runs.", example: "if true { \(call) }\n\(text)") { _ in .null })
        XCTAssertTrue(
            help("run").contains(
                """
                    if true { run(first: 1, second: "a, b", third: [1, 2, 3], fourth: 4,
                        fifth: 5, sixth: 6) }
                    \(text)

                """), help("run"))
    }

    func testASearchShowsNamesBeforeParametersBeforeDetails() {
        XCTAssertEqual(
            search("WIDTH"),
            """
              plot.widths  A figure.
              sample       takes `width`: rows of a group
              other        Speaks of nothing.

            """)
    }

    func testEveryWordMustBeFound() {
        XCTAssertEqual(search("figure width"), "  plot.widths  A figure.\n")
        XCTAssertTrue(search("figure broader").hasPrefix("Nothing has to do with"))
        XCTAssertTrue(search("  ").hasPrefix("Nothing"))
    }

    func testALongListIsCut() {
        for number in 0..<40 {
            registry.add(NativeFunction(name: "item\(number)", summary: "An item.", example: "") { _ in .null })
        }
        XCTAssertTrue(search("item").hasSuffix("  ... and 15 more; add a word\n"), search("item"))
    }
}

final class GrammarHelpTests: XCTestCase {
    private func help(_ name: String) -> String { Help(registry: Registry(), width: 80).text(for: .string(name)) }

    func testEveryWordAndSignOfTheGrammarIsExplained() {
        XCTAssertGreaterThan(GrammarHelp.all.count, 50)
        for word in GrammarHelp.all {
            XCTAssertNotNil(GrammarHelp.explanation(of: word), word)
            XCTAssertTrue(help(word).contains("Example:"), word)
        }
    }

    func testTheExamplesRun() {
        // An import needs a file.
        for entry in GrammarHelp.entries where !entry.words.contains("import") {
            let interpreter = Interpreter()
            interpreter.output = { _ in }
            XCTAssertNoThrow(try interpreter.run(source: Source(name: "example", text: entry.example)), entry.example)
        }
    }

    func testAWordIsExplainedInAFewLines() {
        XCTAssertEqual(
            help("|>"),
            """
            `|>`: passes a value on as the first argument: `x |> f(y)` is `f(x, y)`.

              Example:
                [3, 1, 2] |> sort(descending: true) |> print

            """)
        XCTAssertEqual(help("whil"), "There is no `whil`; did you mean `while`?\n")
    }
}
