import Foundation
import Language
import XCTest

/// Thousands of small expressions against what CPython gives: formats, numbers as text and back, division, rounding,
/// slices, strings, sorting, precedence. `scripts/dev/make-language-fixtures.py` writes the file.
final class PythonFixtureTests: XCTestCase {
    private struct Case: Decodable {
        let expression: String
        /// `nil` where Python raises an error.
        let result: String?

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            expression = try parts.decode(String.self)
            result = try parts.decodeNil() ? nil : parts.decode(String.self)
        }
    }

    private func cases() throws -> [Case] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/language/python.jsonl")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return try lines.map { try JSONDecoder().decode(Case.self, from: Data($0.utf8)) }
    }

    func testExpressionsGiveWhatPythonGives() throws {
        let cases = try cases()
        XCTAssertGreaterThan(cases.count, 5_000)
        let interpreter = Interpreter()
        var wrong: [String] = []
        for one in cases {
            let result = try? interpreter.run(source: Source(name: "case", text: one.expression))
            let text = result.map { Printer.repr($0) }
            if text.map({ Array($0.utf8) }) != one.result.map({ Array($0.utf8) }) {
                wrong.append("\(one.expression) gives \(text ?? "an error"), in Python \(one.result ?? "an error")")
            }
        }
        XCTAssertEqual(wrong, [])
    }
}
