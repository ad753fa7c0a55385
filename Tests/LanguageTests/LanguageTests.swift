import Interruption
import Language
import XCTest

final class LanguageTests: XCTestCase {
    private func run(_ text: String, _ interpreter: Interpreter = Interpreter()) throws -> Value {
        try interpreter.run(source: Source(name: "test", text: text))
    }

    private func diagnostics(_ text: String) -> [Diagnostic] {
        Interpreter().check(source: Source(name: "test", text: text))
    }

    func testValueTakesSixteenBytes() { XCTAssertEqual(MemoryLayout<Value>.stride, 16) }

    func testDiagnosticsLookAsDocumented() throws {
        let registry = Registry()
        registry.add(
            NativeFunction(
                name: "sample",
                parameters: [
                    Parameter("model"), Parameter("width", .int), Parameter("temperature", .number, default: .null),
                ],
                summary: "", example: ""
            ) { _ in .null })
        let source = Source(
            name: "quickstart.bridge", text: "net = 1\ngroups = sample(net, width: 8, tempature: 0.7)\n")
        let found = Interpreter(registry: registry).check(source: source)
        XCTAssertEqual(
            DiagnosticRenderer().render(found),
            """
            error[E032]: `tempature` is not an argument of `sample`
             --> quickstart.bridge:2:32
              |
            2 | groups = sample(net, width: 8, tempature: 0.7)
              |                                ^^^^^^^^^ did you mean `temperature`?

            """)
    }

    func testEveryErrorOfAFileIsReportedInOnePass() {
        let found = diagnostics("a = (1\nb = undefined_name\nfn f( { }\nbreak\n")
        XCTAssertGreaterThanOrEqual(Set(found.map { $0.source.position(of: $0.span.start).line }).count, 3)
    }

    func testUndefinedNamesComeWithTheNearestName() {
        XCTAssertEqual(diagnostics("width = 3\nprint(widht)").first?.suggestion, "did you mean `width`?")
        XCTAssertEqual(diagnostics("pirnt(1)").first?.suggestion, "did you mean `print`?")
        XCTAssertEqual(diagnostics("x = None").first?.suggestion, "write `nil`")
    }

    func testUnknownMembersOfNamespacesAreFoundBeforeRunning() {
        let registry = Registry()
        registry.add(
            NativeFunction(name: "model.load", parameters: [Parameter("where", .string)], summary: "", example: "") {
                _ in .int(7)
            })
        let interpreter = Interpreter(registry: registry)
        let found = interpreter.check(source: Source(name: "test", text: "model.lod(\"x\")"))
        XCTAssertEqual(found.map(\.message), ["`model` has no `lod`"])
        XCTAssertEqual(found.first?.suggestion, "did you mean `load`?")
        XCTAssertEqual(try run("model.load(\"x\")", interpreter).asInt, 7)
    }

    func testNamesOutliveARunThatFails() throws {
        let interpreter = Interpreter()
        _ = try run("x = 1", interpreter)
        XCTAssertThrowsError(try run("y = 2\n[][0]", interpreter))
        XCTAssertThrowsError(try run("x = nowhere", interpreter))
        XCTAssertEqual(try run("x + y", interpreter).asInt, 3)
    }

    func testARuntimeErrorNamesTheCallsThatLedToIt() throws {
        XCTAssertThrowsError(try run("fn inner(x) { x[3] }\nfn outer() { inner([1]) }\nouter()")) { error in
            let diagnostic = (error as! DiagnosticsError).diagnostics[0]
            XCTAssertEqual(diagnostic.calls.map(\.function), ["inner", "outer"])
            XCTAssertEqual(diagnostic.source.position(of: diagnostic.span.start).line, 1)
            XCTAssertEqual(diagnostic.calls.map { $0.source.position(of: $0.span.start).line }, [2, 3])
        }
    }

    func testAnInterruptionStopsAnEndlessLoop() throws {
        let registry = Registry()
        registry.add(
            NativeFunction(name: "stop", summary: "", example: "") { _ in
                Interruption.request(); return .null
            })
        let interpreter = Interpreter(registry: registry)
        defer { Interruption.clear() }
        XCTAssertThrowsError(
            try run("n = 0\nwhile true { try { n += 1; if n == 10 { stop() } } catch e { nil } }", interpreter)
        ) {
            XCTAssertTrue(($0 as! DiagnosticsError).isInterrupted)
        }
        Interruption.clear()
        XCTAssertEqual(try run("n", interpreter).asInt, 10)
    }

    func testTheParserSaysWhetherATextIsComplete() {
        let interpreter = Interpreter()
        for text in ["fn f(x) {", "[1,", "1 +", "x = \"\"\"a", "if a {\n1\n} else {", "f("] {
            XCTAssertFalse(interpreter.isComplete(text), text)
        }
        for text in ["x = 1", "fn f() { }", "1 + )", "\"open", ""] { XCTAssertTrue(interpreter.isComplete(text), text) }
    }

    func testASemicolonAsksNotToShowTheResult() throws {
        let interpreter = Interpreter()
        XCTAssertEqual(try run("1 + 1;", interpreter).asInt, 2)
        XCTAssertTrue(interpreter.isResultSilenced)
        _ = try run("1; 2", interpreter)
        XCTAssertFalse(interpreter.isResultSilenced)
    }

    func testEveryExampleOfTheCoreLibraryRuns() throws {
        for function in Registry().functions {
            let interpreter = Interpreter()
            interpreter.output = { _ in }
            XCTAssertNoThrow(try run(function.example, interpreter), function.name)
            XCTAssertFalse(function.summary.isEmpty, function.name)
        }
    }

    func testTheCoreLibraryHasItsNames() {
        let names = """
            print show help type len range enumerate zip map filter reduce sort reverse unique sum mean median std \
            min max abs sqrt exp log floor ceil round str int float keys values items push pop insert contains split \
            join lower upper trim replace starts_with ends_with find assert error clock time args env list
            """
        let registry = Registry()
        for name in names.split(separator: " ") {
            XCTAssertNotNil(registry.function(named: String(name)), String(name))
        }
    }

    func testHelpFindsNearNames() throws {
        let interpreter = Interpreter()
        var output = ""
        interpreter.output = { output += $0 }
        _ = try run("help(\"lenn\"); help(len); help(\"E030\")", interpreter)
        XCTAssertTrue(output.contains("did you mean `len`"), output)
        XCTAssertTrue(output.contains("len(value) -> Int"), output)
        XCTAssertTrue(output.contains("neither the script nor the library binds"), output)
    }

    func testImportsThatFormACycleAreReported() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bridge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "import \"b.bridge\" as b".write(
            to: folder.appendingPathComponent("a.bridge"), atomically: true, encoding: .utf8)
        try "import \"a.bridge\" as a".write(
            to: folder.appendingPathComponent("b.bridge"), atomically: true, encoding: .utf8)
        let source = Source(name: "main", text: "import \"a.bridge\" as a", path: folder.path + "/main.bridge")
        XCTAssertEqual(
            Interpreter().check(source: source).map(\.message),
            ["these files import each other: a.bridge -> b.bridge -> a.bridge"])
    }

    func testNativeObjectsTakeOperatorsMethodsAndDispatch() throws {
        final class Box: NativeObject {
            let number: Int
            init(_ number: Int) { self.number = number }
            override var typeName: String { "Box" }
            override func member(_ name: String) -> Value? { name == "number" ? .int(number) : nil }
            override func binary(_ op: BinaryOperator, _ other: Value, isLeft: Bool) -> Value? {
                op == .add ? other.asInt.map { .object(Box(number + $0)) } : nil
            }
            override func index(_ items: [IndexItem]) -> Value { .int(items.count) }
        }
        let registry = Registry()
        registry.add(
            NativeFunction(name: "box", parameters: [Parameter("n", .int)], summary: "", example: "") {
                .object(Box(try $0.int("n")))
            })
        registry.add(
            NativeFunction(
                name: "Box.sum", parameters: [Parameter("dim", .int, default: .int(5))], summary: "", example: ""
            ) {
                .int(try $0.receiver(as: Box.self).number * (try $0.int("dim")))
            })
        let interpreter = Interpreter(registry: registry)
        XCTAssertEqual(try run("b = box(2) + 1; b.number", interpreter).asInt, 3)
        XCTAssertEqual(try run("sum(b, dim: 2) + b.sum() + (b |> sum)", interpreter).asInt, 36)
        XCTAssertEqual(try run("b[1:3, :, -1]", interpreter).asInt, 3)
        XCTAssertEqual(try run("f = b.sum; f(1)", interpreter).asInt, 3)
        XCTAssertThrowsError(try run("b * 2", interpreter)) {
            XCTAssertEqual(($0 as! DiagnosticsError).diagnostics[0].message, "`*` cannot be used on a Box and Int 2")
        }
    }

    func testTheHookRunsAroundNoGradBlocks() throws {
        let interpreter = Interpreter()
        var log: [String] = []
        interpreter.noGradHook = { body in
            log.append("in")
            defer { log.append("out") }
            return try body()
        }
        _ = try run(
            "fn f() { no_grad { return 3 } }\nx = f()\ntry { no_grad { error(\"e\") } } catch e { y = 1 }", interpreter)
        XCTAssertEqual(log, ["in", "out", "in", "out"])
        XCTAssertEqual(try run("x + y", interpreter).asInt, 4)
    }
}
