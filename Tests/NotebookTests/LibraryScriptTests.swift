import Language
import Notebook
import TestSupport
import XCTest

/// The library as scripts see it.
final class LibraryScriptTests: XCTestCase {
    func testScriptsOfTheLibraryDoWhatTheySay() throws {
        let scripts = try GoldenScript.all { $0 == "library" }
        XCTAssertGreaterThan(scripts.count, 3)
        for script in scripts {
            let (output, errors) = try run(script.text, name: script.name)
            XCTAssertNil(script.difference(output: output, errors: errors))
        }
    }

    func testEveryExampleOfTheLibraryRuns() throws {
        let registry = Library.registry(console: RecordedConsole().console)
        for function in registry.functions {
            XCTAssertFalse(function.example.isEmpty, "\(function.name) has no example")
            let (_, errors) = try run(function.example, name: function.name)
            XCTAssertEqual(errors, [], "the example of \(function.name) fails:\n\(function.example)")
        }
    }

    func testEveryFunctionSaysWhatItDoesAndWhatItTakes() {
        let registry = Library.registry(console: RecordedConsole().console)
        for function in registry.functions {
            XCTAssertFalse(function.summary.isEmpty, "\(function.name) has no summary")
            for parameter in function.parameters {
                XCTAssertFalse(
                    parameter.documentation.isEmpty, "`\(parameter.name)` of \(function.name) is not explained")
            }
            for name in function.seeAlso {
                XCTAssertNotNil(
                    registry.function(named: name), "\(function.name) refers to \(name), which is not there")
            }
        }
    }

    func testTheReferencePageIsTheOneThatTheLibraryGives() throws {
        let page = GoldenScript.folder.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
            "docs/reference.md")
        let generated = Reference(registry: Library.registry(console: RecordedConsole().console)).markdown
        if ProcessInfo.processInfo.environment["BRIDGE_RECORD"] != nil {
            try Data(generated.utf8).write(to: page)
            XCTFail("docs/reference.md was written anew; run again without BRIDGE_RECORD")
        }
        XCTAssertEqual(
            try String(contentsOf: page, encoding: .utf8), generated,
            "docs/reference.md is stale: BRIDGE_RECORD=1 writes it anew")
    }

    func testScriptsInTheDocumentationRun() throws {
        let root = GoldenScript.folder.deletingLastPathComponent().deletingLastPathComponent()
        for page in ["README.md", "docs/language.md", "docs/notebook.md"] {
            let text = try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
            let blocks = text.components(separatedBy: "```bridge\n").dropFirst()
            let scripts = blocks.map { $0.components(separatedBy: "```")[0] }
            XCTAssertGreaterThan(scripts.count, 0, page)
            for script in scripts { XCTAssertEqual(try run(script, name: page).errors, [], script) }
        }
    }

    /// Runs a script in a session of its own and an empty folder.
    private func run(_ text: String, name: String) throws -> (output: String, errors: [String]) {
        let recorded = RecordedConsole()
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        let outcome = try TemporaryFolder().asCurrentFolder {
            session.run(Cell(name: name, text: text), showsResult: false)
        }
        guard case .failed(let diagnostics) = outcome else { return (recorded.output, []) }
        let errors = diagnostics.map { diagnostic in
            let kind = diagnostic.code.hasPrefix("E0") ? "error" : "runtime error"
            let line = diagnostic.source.position(of: diagnostic.span.start).line
            return "\(line): \(kind): \(diagnostic.code) \(diagnostic.message)"
        }
        return (recorded.output, errors)
    }
}
