import Foundation
import Language
import XCTest

final class ErrorCodeTests: XCTestCase {
    private let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func texts(in folder: String, _ isWanted: (URL) -> Bool) throws -> [String] {
        let files = FileManager.default.enumerator(
            at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
        return try (files?.compactMap { $0 as? URL } ?? []).filter(isWanted).map {
            try String(contentsOf: $0, encoding: .utf8)
        }
    }

    /// The codes that stand in the sources, apart from the table itself.
    private func codesInUse() throws -> Set<String> {
        let texts = try texts(in: "Sources") {
            $0.pathExtension == "swift" && !$0.lastPathComponent.hasPrefix("ErrorCodes")
        }
        return Set(texts.flatMap { $0.matches(of: /"(E\d\d\d)"/).map { String($0.1) } })
    }

    private func codes(of script: String) -> [String] {
        let interpreter = Interpreter()
        interpreter.output = { _ in }
        do {
            try interpreter.run(source: Source(name: "example", text: script))
            return []
        } catch {
            return error.diagnostics.map(\.code)
        }
    }

    func testHelpExplainsEveryCodeThatTheSourcesUse() throws {
        let codes = try codesInUse()
        XCTAssertGreaterThan(codes.count, 40)
        XCTAssertEqual(codes.sorted(), ErrorCodes.all)
        for code in codes {
            let text = Help(registry: Registry(), width: 100).text(for: .string(code))
            XCTAssertTrue(text.hasPrefix("\(code): "), text)
        }
    }

    func testTheWrongExampleOfACodeGivesItAndTheRightOneNothing() throws {
        for code in ErrorCodes.all {
            let entry = try XCTUnwrap(ErrorCodes.entry(code))
            // LibraryErrorCodeTests runs those that need the library.
            if entry.needs == .library { continue }
            if let wrong = entry.wrong, entry.needs == .core { XCTAssertEqual(codes(of: wrong), [code], wrong) }
            if let right = entry.right { XCTAssertEqual(codes(of: right), [], "\(code): \(right)") }
        }
    }

    func testEveryCodeButTheFormattersHasAnExample() throws {
        for code in ErrorCodes.all where code != "E025" {
            let entry = try XCTUnwrap(ErrorCodes.entry(code))
            XCTAssertNotNil(entry.wrong, code)
        }
    }

    /// By its example, by a script in Tests/Scripts, or by another test. E025 stands for a mistake of the formatter: whoever
    /// finds a way to provoke it mends that.
    func testEveryCodeIsProvokedSomewhere() throws {
        let scripts = try texts(in: "Tests/Scripts") { $0.pathExtension == "bridge" }.joined(separator: "\n")
        let tests = try texts(in: "Tests") {
            $0.pathExtension == "swift" && $0.lastPathComponent != "ErrorCodeTests.swift"
        }.joined(separator: "\n")
        for code in ErrorCodes.all where ErrorCodes.entry(code)?.needs == .nothing && code != "E025" {
            XCTAssertTrue(scripts.contains("error: \(code) ") || tests.contains(code), code)
        }
    }

    func testHelpShowsAWrongAndARightExample() {
        XCTAssertEqual(
            Help(registry: Registry(), width: 100).text(for: .string("e013")),
            """
            E013: there are no tuples: write a list.

              Wrong:
                pair = (1, 2)

              Right:
                pair = [1, 2]
                (a, b) = pair

            """)
    }
}
