import Language
import XCTest

/// Which name an error proposes.
final class SuggestionTests: XCTestCase {
    private final class Net: NativeObject {
        override var typeName: String { "Net" }
        override class var fields: [TypeField] { [TypeField("width", "Int", "rows"), TypeField("inner", "Net", "one more")] }
        override func member(_ name: String) -> Value? { name == "width" ? .int(3) : name == "inner" ? .object(self) : nil }
    }

    private var registry: Registry {
        let registry = Registry()
        registry.add(type: NativeType("Net", "A net.", fields: Net.fields))
        registry.add(
            NativeFunction(name: "net.load", returns: "Net", summary: "", example: "") { _ in .object(Net()) })
        registry.add(
            NativeFunction(
                name: "sample",
                parameters: [Parameter("model", .object("Net")), Parameter("temperature", .number, default: .float(1))],
                summary: "", example: ""
            ) { _ in .null })
        registry.add(
            NativeFunction(
                name: "Net.generate", parameters: [Parameter("prompt", .string), Parameter("width", .int, default: .int(1))],
                returns: "String", summary: "", example: ""
            ) { _ in .string("") })
        return registry
    }

    private func found(_ text: String) -> [String] {
        Interpreter(registry: registry).check(source: Source(name: "test", text: text)).map {
            "\($0.code) \($0.message)" + ($0.suggestion.map { "; \($0)" } ?? "")
        }
    }

    func testAFunctionIsProposedWhereSomethingIsCalled() {
        XCTAssertEqual(found("summ = 3\nsumx([1])"), ["E030 `sumx` is not defined; did you mean `sum`?"])
        XCTAssertEqual(found("summ = 3\nprint(sumx)"), ["E030 `sumx` is not defined; did you mean `summ`?"])
    }

    func testAValueOfTheParametersTypeIsProposed() {
        XCTAssertEqual(
            found("base1 = net.load()\nbase2 = 3\nsample(base0)"), ["E030 `base0` is not defined; did you mean `base1`?"])
        XCTAssertEqual(
            found("base1 = 3\nbase2 = net.load()\nsample(base0)"), ["E030 `base0` is not defined; did you mean `base2`?"])
    }

    func testTheBeginningOfANameProposesIt() {
        XCTAssertEqual(
            found("sample(net.load(), temp: 1)"), ["E032 `temp` is not an argument of `sample`; did you mean `temperature`?"])
    }

    func testAMemberWithoutItsNamespaceIsProposed() {
        XCTAssertEqual(found("load()"), ["E030 `load` is not defined; did you mean `net.load`?"])
    }

    func testAnOwnNameOneSlipAwayComesBeforeWhatOtherLanguagesMean() {
        XCTAssertEqual(found("lenght = 2\nprint(length)"), ["E030 `length` is not defined; did you mean `lenght`?"])
        XCTAssertEqual(found("print(length)"), ["E030 `length` is not defined; write `len(x)`"])
    }

    func testAMemberOfANamespaceComesBeforeAFunctionThatIsNear() {
        let registry = self.registry
        registry.add(NativeFunction(name: "var", summary: "", example: "") { _ in .null })
        registry.add(NativeFunction(name: "plot.bar", summary: "", example: "") { _ in .null })
        let found = Interpreter(registry: registry).check(source: Source(name: "test", text: "bar()"))
        XCTAssertEqual(found.map(\.suggestion), ["did you mean `plot.bar`?"])
    }

    func testHabitsOfOtherLanguagesAreNamed() {
        let cases = [
            ("print(\"%d\" % 3)", "write the value into the text: \"{x:d}\", \"{x:.3f}\""),
            ("print(\"n: \" + 3)", "write \"{a}{b}\", or convert with `str(...)`"),
            ("print(\"n\" - 3)", "convert with `int(...)` or `float(...)`"),
            ("matmul([1], [2])", "write `a @ b`"), ("[1, 2].size()", "write `len(x)`, or `x.shape` for a tensor"),
            ("m = net.load()\nm.view(1)", "write `x.reshape(...)`"), ("m = net.load()\nm.requires_grad", "write `x = param(x)`"),
            ("print([1, 2].len)", "`len` is a function: write `len(x)`"),
            ("x = nil\ny = x?.size", "write `if x != nil { x.name }`"),
            ("for i = 0; i < 3 { }", "write `for i in 0..n { }`"), ("for (i in 0..3) { }", "write `for i in ... { }`"),
            ("/* c */", "a comment begins with `#` and ends with its line"),
            ("r = {a = 1}", "write `a: ...`"),
            ("max(...[1])", "a range has a start and an end, `0..n`; there is no unpacking with `...`"),
        ]
        for (text, suggestion) in cases {
            let diagnostics = Interpreter(registry: registry).check(source: Source(name: "test", text: text))
            XCTAssertEqual(diagnostics.first?.suggestion, suggestion, text)
        }
    }

    func testArgumentsAfterVariadicOnesAreProposed() {
        XCTAssertEqual(
            found("print(\"plain\", 1, sep: \"\")"),
            ["E032 `sep` is not an argument of `print`; did you mean `separator`?"])
    }

    func testFunctionsThatPassOnToMethodsHaveTheirArgumentsCounted() {
        let registry = self.registry
        registry.add(
            NativeFunction(
                name: "width", parameters: [Parameter("x", .any)], summary: "", example: "", body: { _ in .null }))
        registry.add(
            NativeFunction(
                name: "Net.width", parameters: [Parameter("row", .int, default: .int(0))], summary: "", example: "",
                body: { _ in .null }))
        func codes(_ text: String) -> [String] {
            Interpreter(registry: registry).check(source: Source(name: "test", text: text)).map(\.code)
        }
        XCTAssertEqual(codes("width()"), ["E033"])
        XCTAssertEqual(codes("width([1], 2)"), ["E034"], "a List has no method of its own")
        XCTAssertEqual(codes("fn f(x) { width(x, 2) }"), [], "x may be a Net")
        XCTAssertEqual(codes("fn f(x) { width(x, 2, 3) }"), ["E034"])
        XCTAssertEqual(codes("n = net.load()\nwidth(n); width(n, 2); n.width(); n.width(1)"), [])
    }

    func testMembersOfAKnownTypeAreChecked() {
        XCTAssertEqual(
            found("m = net.load()\nm.generat(\"a\")"), ["E210 a Net has no method `generat`; did you mean `generate`?"])
        XCTAssertEqual(found("m = net.load()\nm.inner.widht"), ["E210 a Net has no field `widht`; did you mean `width`?"])
        XCTAssertEqual(
            found("m = net.load()\nm.generate(widht: 3)"),
            ["E032 `widht` is not an argument of `Net.generate`; did you mean `width`?"])
        XCTAssertEqual(found("m = net.load()\nm.generate()"), ["E033 `Net.generate` needs `prompt`"])
        XCTAssertEqual(
            found("m = net.load()\nm.generate(3)"), ["E203 `prompt` of `Net.generate` must be String, not Int 3"])
        XCTAssertEqual(found("sample(\"m\")"), ["E203 `model` of `sample` must be Net, not String \"m\""])
    }

    func testWhatIsNotCertainIsNotReported() {
        for text in [
            "m = net.load()\nm = 3\nm.foo", "fn f(m) { m.foo + m.bar() }", "for m in [1] { m.foo }",
            "if true { x = 1 } else { x = \"a\" }\nx + 1", "x = 3\nfn f(x) { x.foo }\nf(1)",
            "x = [net.load()][0]\nx.foo", "r = {a: 1}\nr.b = 2\nprint(r.b)", "(a, b) = [1, \"x\"]\na + b",
            "try { 1 + \"a\" } catch err { 0 }", "if false { print = 3 }\nprint(1)",
            "xs = [x for x in [\"a\"]]\nfor x in xs { x + \"b\" }", "fn f() { g() }\ng = x -> x",
        ] {
            XCTAssertEqual(found(text), [], text)
        }
    }

    func testTypesOfEarlierCellsAreKnown() throws {
        let interpreter = Interpreter(registry: registry)
        try interpreter.run(source: Source(name: "cell 1", text: "m = net.load()"))
        let found = interpreter.check(source: Source(name: "cell 2", text: "m.generat(\"a\")\nfn f() { m.foo }"))
        XCTAssertEqual(found.map(\.message), ["a Net has no method `generat`"])
        XCTAssertEqual(interpreter.check(source: Source(name: "cell 2", text: "if true { m = 3 }\nm.foo")).map(\.code), [])
    }

    func testANameIsReportedOnceWithTheLinesOfItsOtherUses() {
        let source = Source(name: "test", text: "print(nowhere, nowhere)\nnowhere\nnowhere")
        let found = Interpreter().check(source: source)
        XCTAssertEqual(found.map(\.notes), [["it is used again in lines 2, 3"]])
    }
}
