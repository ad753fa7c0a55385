import Language
import Notebook
import TestSupport
import XCTest

/// What the checker believes of the library must be so: the types of fields and of results.
final class StaticKnowledgeTests: XCTestCase {
    private let certain: Set<String> = [
        "Bool", "Int", "Float", "String", "List", "Record", "Range", "Function", "Tensor", "Model", "Task", "Groups",
        "Traces", "Run", "Evaluation", "Figure", "Optimiser",
    ]

    private func errors(_ text: String, _ registry: Registry) -> [Diagnostic] {
        let interpreter = Interpreter(registry: registry)
        interpreter.output = { _ in }
        do { try interpreter.run(source: Source(name: "test", text: text)) } catch { return error.diagnostics }
        return []
    }

    func testFieldsHaveTheTypesThatTheRegistrySays() throws {
        let values = [
            "Tensor": "tensor([[1, 2], [3, 4]])", "Model": "model.load(\"tiny\")", "Task": "task.sums(terms: 2, digits: 1)",
            "Figure": "plot.line([1, 2])", "Optimiser": "adamw([param([1.0])], lr: 0.1)",
            "Groups": "sample(model.load(\"tiny\"), task.sums(terms: 2, digits: 1), problems: 2, width: 2)",
            "Traces": "traces(model.load(\"tiny\"), task.sums(terms: 2, digits: 1), problems: 16, width: 8)",
            "Evaluation": "evaluate(model.load(\"tiny\"), task.sums(terms: 2, digits: 1), problems: 2, width: 2)",
            "Run": """
            sft(model.new(layers: 1, dim: 32, heads: 2, context: 32), task.sums(terms: 2, digits: 1).examples(4))
            """,
        ]
        let registry = Library.registry(console: RecordedConsole().console)
        XCTAssertEqual(certain.filter { registry.fields(of: $0) != nil }.sorted(), values.keys.sorted())
        for (type, maker) in values {
            let interpreter = Interpreter(registry: registry)
            let value = try interpreter.run(source: Source(name: "test", text: maker))
            let object = try XCTUnwrap(value.object as? NativeObject)
            XCTAssertEqual(object.typeName, type)
            for field in registry.fields(of: type) ?? [] {
                let member = try XCTUnwrap(try object.member(field.name), "\(type).\(field.name)")
                let declared = field.type.components(separatedBy: " or ")
                XCTAssertTrue(declared.contains(member.typeName), "\(type).\(field.name) is \(member.typeName)")
            }
        }
    }

    func testFunctionsGiveTheTypesThatTheyDeclare() throws {
        let registry = Library.registry(console: RecordedConsole().console)
        var wrong: Set<String> = []
        var calls = 0
        for function in registry.functions where certain.contains(function.returns) {
            registry.add(
                NativeFunction(
                    name: function.name, parameters: function.parameters, returns: function.returns,
                    summary: function.summary, example: function.example
                ) { call in
                    let value = try function.body(call)
                    calls += 1
                    if value.typeName != function.returns { wrong.insert("\(function.name) gives \(value.typeName)") }
                    return value
                })
        }
        try TemporaryFolder().asCurrentFolder {
            for function in registry.functions { XCTAssertEqual(errors(function.example, registry).map(\.message), []) }
        }
        XCTAssertEqual(wrong, [])
        XCTAssertGreaterThan(calls, 200)
    }

    func testErrorsOfFilesAndTables() throws {
        let registry = Library.registry(console: RecordedConsole().console)
        let folder = try TemporaryFolder()
        let text = try folder.write("{\"a\":", to: "a.json")
        let cases = [
            ("E300", "read_text(\"\(folder.file("none.txt"))\")"), ("E301", "read_json(\"\(text)\")"),
            ("E302", "write_json(\"\(folder.file("b.json"))\", [x -> x])"),
            ("E303", "write_csv(\"\(folder.file("b.csv"))\", [1, 2])"), ("E036", "model.lod(\"tiny\")"),
        ]
        for (code, script) in cases { XCTAssertEqual(errors(script, registry).map(\.code), [code], script) }
    }

    func testMistakesWithModelsAreFoundBeforeAnythingRuns() {
        let registry = Library.registry(console: RecordedConsole().console)
        let text = """
            m = model.load("no such model")
            m.generat("a")
            m.generate("a", tempature: 1)
            x = zeros("3")
            g = sample(m, task.sums(terms: 2, digits: 1), problems: "2")
            g.rewrds
            t = tensor([1, 2])
            t.shap
            """
        let found = Interpreter(registry: registry).check(source: Source(name: "test", text: text))
        XCTAssertEqual(
            found.map { "\($0.source.position(of: $0.span.start).line) \($0.code) \($0.suggestion ?? "")" },
            [
                "2 E210 did you mean `generate`?", "3 E032 did you mean `temperature`?", "4 E203 ", "5 E203 ",
                "6 E210 did you mean `rewards`?", "8 E210 did you mean `shape`?",
            ])
    }
}
