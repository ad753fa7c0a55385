import Foundation
import Language
import Notebook
import TestSupport
import XCTest

/// Laying out the project's own scripts: they keep their meaning, and the models of style are laid out.
final class LibraryFormattingTests: XCTestCase {
    private let root = GoldenScript.folder.deletingLastPathComponent().deletingLastPathComponent()
    private let registry = Library.registry(console: RecordedConsole().console)

    private func scripts(_ folder: String) throws -> [(name: String, text: String)] {
        let files = FileManager.default.enumerator(at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
        return try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "bridge" }
            .map { ($0.path, try String(contentsOf: $0, encoding: .utf8)) }
    }

    private func blocks(_ page: String) throws -> [(name: String, text: String)] {
        let text = try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
        return text.components(separatedBy: "```bridge\n").dropFirst().map { (page, $0.components(separatedBy: "```")[0]) }
    }

    private func code(_ text: String, _ name: String) -> String {
        Disassembler.disassemble(Source(name: name, text: text, path: name), registry: registry)
    }

    private func keepsMeaning(_ text: String, _ name: String) throws {
        let code = code(text, name)
        XCTAssertFalse(code.isEmpty, name)
        for width in [100, 50, 10] {
            let once = try SourceFormatter.format(Source(name: name, text: text), lineWidth: width)
            XCTAssertEqual(try SourceFormatter.format(Source(name: name, text: once), lineWidth: width), once, name)
            XCTAssertEqual(self.code(once, name), code, name)
        }
    }

    func testScriptsThatUseTheLibraryKeepTheirMeaning() throws {
        let golden = try GoldenScript.all { $0 == "library" }.filter { $0.expectedErrors.isEmpty }
        let all = try golden.map { (name: $0.path, text: $0.text) } + scripts("scripts") + blocks("README.md")
            + blocks("docs/language.md")
        XCTAssertGreaterThan(all.count, 10)
        for script in all { try keepsMeaning(script.text, script.name) }
    }

    func testExamplesOfTheLibraryKeepTheirMeaning() throws {
        for function in registry.functions { try keepsMeaning(function.example, function.name) }
    }

    func testTheScriptsToLearnFromAreLaidOut() throws {
        let all = try scripts("scripts") + blocks("README.md") + blocks("docs/language.md")
        XCTAssertGreaterThan(all.count, 5)
        for script in all {
            XCTAssertEqual(
                try SourceFormatter.format(Source(name: script.name, text: script.text)), script.text,
                "bridge format lays \(script.name) out")
        }
    }
}
