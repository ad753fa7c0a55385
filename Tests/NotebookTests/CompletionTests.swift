import Foundation
import Language
import Notebook
import TestSupport
import XCTest

final class CompletionTests: XCTestCase {
    /// A handle that counts how often a field is asked for: completion must not.
    private final class Handle: NativeObject {
        var asked = 0
        override var typeName: String { "Model" }
        override var memberNames: [String] { ["parameters", "new_fraction"] }
        override func member(_ name: String) throws -> Value? {
            asked += 1
            return .int(1)
        }
    }

    private func library() -> Registry {
        let registry = Registry(withCore: false)
        func add(_ name: String, _ parameters: [Parameter], returns: String = "Nil", _ summary: String) {
            registry.add(
                NativeFunction(name: name, parameters: parameters, returns: returns, summary: summary, example: "") {
                    _ in
                    .null
                })
        }
        add("tensor", [Parameter("values")], returns: "Tensor", "Makes a tensor.")
        add("sample", [
            Parameter("model", .object("Model")), Parameter("task"), Parameter("width", .int, default: .int(8), "rows"),
            Parameter("temperature", .number, default: .float(1)), Parameter("top_p", .number, default: .null),
        ], "Samples groups.")
        add("model.load", [Parameter("where", .string)], returns: "Model", "Loads a model.")
        add("model.new", [], returns: "Model", "Makes a model.")
        add("Model.generate", [Parameter("prompt", .string), Parameter("max_tokens", .int)], "Generates.")
        add("Model.save", [Parameter("folder", .string)], "Saves.")
        return registry
    }

    private func answer(_ text: String, define: (Interpreter) -> Void = { _ in }) -> CompletionAnswer {
        let interpreter = Interpreter(registry: library())
        define(interpreter)
        return Completer(interpreter).answer(text: text, cursor: text.utf8.count, columns: 80)
    }

    private func names(_ text: String, define: (Interpreter) -> Void = { _ in }) -> [String] {
        let interpreter = Interpreter(registry: library())
        define(interpreter)
        return Completer(interpreter).candidates(for: TypedText(text)).map { $0.name + $0.suffix }
    }

    func testASingleCandidateIsInserted() {
        XCTAssertEqual(answer("te"), CompletionAnswer(insertion: "nsor"))
        XCTAssertEqual(answer("x = [te"), CompletionAnswer(insertion: "nsor"))
    }

    func testElementsOfListsAndRecordsHaveTheirFields() throws {
        let bind = { (interpreter: Interpreter) in
            let rows = Value.list([.record(["alpha": .int(1), "beta": .record(["gamma": .int(2)])])])
            interpreter.define("xs", rows)
            interpreter.define("r", .record(["alpha": .int(1), "albatross": .int(2), "other": rows]))
        }
        XCTAssertEqual(names("xs[0].", define: bind), ["alpha", "beta"])
        XCTAssertEqual(names("xs[i].beta.", define: bind), ["gamma"])
        XCTAssertEqual(names("r.other[-1].al", define: bind), ["alpha"])
        XCTAssertEqual(names("r[\"other\"][0].", define: bind), ["alpha", "beta"])
        XCTAssertEqual(names("r[\"al", define: bind), ["alpha", "albatross"])
        XCTAssertEqual(answer("r[\"alp", define: bind), CompletionAnswer(insertion: "ha\""))
        XCTAssertEqual(names("xs[0", define: bind), [])
    }

    func testAFunctionOfTheSessionShowsItsDefaults() throws {
        let interpreter = Interpreter(registry: library())
        try interpreter.run(source: Source(name: "", text: "fn grow(x, by = 2 + 1) { x }"))
        let shown = Completer(interpreter).answer(text: "grow(", cursor: 5, columns: 80).listing
        XCTAssertTrue(shown.contains("by:  = 2 + 1"), shown)
    }

    func testNothingIsOfferedRightBehindAValue() {
        for text in ["sample(\"x\"", "sample([1]", "sample((1) ", "sample({a: 1}"] {
            XCTAssertEqual(answer(text), CompletionAnswer(), text)
        }
    }

    func testAWholeRequestForHelpIsNotCompleted() {
        XCTAssertEqual(answer("sam?"), CompletionAnswer())
        XCTAssertEqual(answer("?sam"), CompletionAnswer(insertion: "ple"))
    }

    func testTheCommonPrefixIsInsertedFirst() {
        let bind = { (interpreter: Interpreter) in
            interpreter.define("quality_a", .int(1))
            interpreter.define("quality_b", .int(2))
        }
        XCTAssertEqual(answer("qu", define: bind), CompletionAnswer(insertion: "ality_"))
        XCTAssertEqual(answer("quality_", define: bind).listing, "quality_a  Int\nquality_b  Int")
    }

    func testMembersOfANamespace() {
        XCTAssertEqual(names("model."), ["load", "new"])
        XCTAssertEqual(answer("model.l"), CompletionAnswer(insertion: "oad"))
        XCTAssertTrue(answer("model.").listing.contains("Loads a model."))
    }

    func testMembersOfABoundHandleWithoutAskingForThem() {
        let handle = Handle()
        let found = names("net.", define: { $0.define("net", .object(handle)) })
        XCTAssertEqual(found, ["parameters", "new_fraction", "generate", "save"])
        XCTAssertEqual(handle.asked, 0)
    }

    func testFieldsOfRecordsThroughSeveralLevels() {
        let inner: Value = .record(["width": .int(4), "weight": .int(1)])
        XCTAssertEqual(names("r.a.w", define: { $0.define("r", .record(["a": inner])) }), ["width", "weight"])
    }

    func testMethodsOfTheResultOfAKnownFunction() {
        XCTAssertEqual(names("model.load(\"tiny\").s"), ["save"])
    }

    func testNamedArgumentsInsideACall() {
        XCTAssertEqual(
            answer("sample(net, sums, te"),
            CompletionAnswer(listing: "temperature:  Int or Float = 1.0\ntensor        Makes a tensor."))
        XCTAssertEqual(names("sample(net, sums, "), ["width: ", "temperature: ", "top_p: "])
        XCTAssertEqual(names("sample(net, sums, width: 4, "), ["temperature: ", "top_p: "])
        XCTAssertEqual(answer("sample(net, sums, wi"), CompletionAnswer(insertion: "dth: "))
    }

    func testNamedArgumentsOfAMethodOfABoundHandle() {
        XCTAssertEqual(
            names("net.generate(\"hi\", ", define: { $0.define("net", .object(Handle())) }), ["max_tokens: "])
    }

    func testAValueAfterANameIsNoPlaceForNames() {
        XCTAssertFalse(names("sample(net, width: te").contains("temperature: "))
        XCTAssertTrue(names("sample(net, width: te").contains("tensor"))
    }

    func testBracketsInsideTheCallDoNotConfuseIt() {
        XCTAssertEqual(names("sample(f(1, [2, 3]), {a: 1}, "), ["width: ", "temperature: ", "top_p: "])
    }

    func testNothingIsOfferedInStringsAndComments() {
        XCTAssertEqual(names("\"te"), [])
        XCTAssertEqual(names("x # te"), [])
        XCTAssertEqual(names("\"\"\"a \" te"), [])
        XCTAssertEqual(names("\"done\" + te"), ["tensor"])
        XCTAssertEqual(names(#""a \" b" + te"#), ["tensor"])
    }

    func testPathsInStrings() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("sub"), withIntermediateDirectories: true)
        for name in ["study.bridge", "study.json", "sub/inner.txt", ".hidden", "odd\"name"] {
            _ = try folder.write("", to: name)
        }
        let path = folder.path + "/"
        XCTAssertEqual(names("read(\"\(path)st").sorted(), [path + "study.bridge", path + "study.json"])
        XCTAssertEqual(answer("read(\"\(path)su"), CompletionAnswer(insertion: "b/"))
        XCTAssertEqual(answer("read(\"\(path)sub/in"), CompletionAnswer(insertion: "ner.txt\""))
        XCTAssertEqual(answer("x = '\(path)sub/in"), CompletionAnswer(insertion: "ner.txt'"))
        XCTAssertEqual(names("\"\(path).h"), [path + ".hidden"])
        XCTAssertEqual(names("\"\(path)nonesuch/"), [])
        XCTAssertEqual(names("\"\(path)o"), [])
    }

    func testAClosingQuoteThatIsThereIsNotWrittenAgain() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("", to: "only.txt")
        let text = "f(\"\(folder.path)/on\")"
        let answer = Completer(Interpreter(registry: library())).answer(
            text: text, cursor: text.utf8.count - 2, columns: 80)
        XCTAssertEqual(answer, CompletionAnswer(insertion: "ly.txt"))
    }

    func testTextsThatAParameterTakes() {
        let interpreter = Interpreter(registry: library())
        interpreter.registry.add(
            NativeFunction(
                name: "paint",
                parameters: [Parameter("x"), Parameter("colour", .string).offering(["red", "rose", "blue"])],
                summary: "", example: "") { _ in .null })
        let completer = Completer(interpreter)
        for text in ["paint(1, \"r", "paint(colour: \"r", "paint(1, 'r"] {
            XCTAssertEqual(completer.candidates(for: TypedText(text)).map(\.name), ["red", "rose"], text)
        }
        XCTAssertEqual(completer.candidates(for: TypedText("paint(\"r")).map(\.name), [])
    }

    func testCodeInsideAStringIsCode() {
        XCTAssertEqual(names("\"value {te"), ["tensor"])
        XCTAssertEqual(names("\"value {1} te"), [])
        XCTAssertEqual(names("r\"value {te"), [])
        XCTAssertEqual(names("\"value \\{te"), [])
    }

    func testFieldsOfTheResultOfAKnownFunction() {
        let interpreter = Interpreter(registry: library())
        interpreter.registry.add(type: NativeType("Model", "A model.", fields: [TypeField("dim", "Int", "its width")]))
        let found = Completer(interpreter).candidates(for: TypedText("model.new().d"))
        XCTAssertEqual(found, [Candidate(name: "dim", summary: "its width")])
    }

    func testArgumentsOfAFunctionOfTheSession() throws {
        let interpreter = Interpreter(registry: library())
        try interpreter.run(source: Source(name: "", text: "fn mix(left, ratio = 0.5) { left }"))
        let completer = Completer(interpreter)
        XCTAssertEqual(completer.candidates(for: TypedText("mix(1, ra")).map { $0.name + $0.suffix }, ["ratio: "])
        XCTAssertEqual(completer.candidates(for: TypedText("mi")).map(\.summary), ["mix(left, ratio = 0.5)"])
    }

    func testCommandsOfThePromptAndWhatTheyTake() throws {
        XCTAssertEqual(answer("%rel").insertion, "")
        XCTAssertEqual(answer("%hi").insertion, "story ")
        XCTAssertTrue(answer("%t").insertion == "ime" && answer("%time").listing.contains("%timeit"))
        XCTAssertEqual(answer("%timeit tens").insertion, "or")
        XCTAssertEqual(answer("%edit lo") { $0.define("longest", .int(1)) }.insertion, "ngest")
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "study_of_today.bridge")
        XCTAssertEqual(answer("%load \(path.dropLast(12))").insertion, "today.bridge")
        XCTAssertEqual(answer("%save 1..3 \(path.dropLast(12))").insertion, "today.bridge")
        XCTAssertEqual(answer("%history tens"), CompletionAnswer())
    }

    func testEveryWordOfTheLanguageIsOffered() {
        for word in ["fn", "no_grad", "import", "as", "nil"] { XCTAssertTrue(names(word).contains(word), word) }
    }

    func testABoundNameHidesTheLibrarys() {
        XCTAssertEqual(names("sample(", define: { $0.define("sample", .int(3)) }).contains("model: "), false)
    }

    func testTabInAnEmptyLineIndents() {
        XCTAssertEqual(answer("fn f() {\n"), CompletionAnswer(insertion: "  "))
    }

    func testTheCursorCountsInBytes() {
        let interpreter = Interpreter(registry: library())
        let text = "\"é漢\" + te + 1"
        let cursor = "\"é漢\" + te".utf8.count
        XCTAssertEqual(
            Completer(interpreter).answer(text: text, cursor: cursor, columns: 80), CompletionAnswer(insertion: "nsor"))
    }

    func testAHalfTypedNumberOrRangeHasNoMembers() {
        XCTAssertEqual(names("1."), [])
        XCTAssertTrue(names("0..te").contains("tensor"))
    }

    func testManyCandidatesFitOnOnePage() {
        let many = (0..<500).map { Candidate(name: "name\($0)", summary: "summary") }
        let lines = CandidateListing(columns: 40).text(many).split(separator: "\n")
        XCTAssertLessThanOrEqual(lines.count, 21)
        XCTAssertTrue(lines.allSatisfy { $0.count < 40 })
        XCTAssertTrue(lines.last!.contains("more"))
    }

    func testNarrowTerminalsCutSummaries() {
        let listing = CandidateListing(columns: 20).text([Candidate(name: "abc", summary: "a long summary of things")])
        XCTAssertEqual(listing.count, 19)
    }
}
