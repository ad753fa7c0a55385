import Foundation
import Language
import XCTest

final class ErrorCodeTests: XCTestCase {
    /// The codes that stand in the sources, apart from the table itself.
    private func codesInUse() throws -> Set<String> {
        let sources = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }
            .filter { $0.pathExtension == "swift" && $0.lastPathComponent != "ErrorCodes.swift" } ?? []
        return try files.reduce(into: []) { codes, file in
            let text = try String(contentsOf: file, encoding: .utf8)
            codes.formUnion(text.matches(of: /"(E\d\d\d)"/).map { String($0.1) })
        }
    }

    func testHelpExplainsEveryCodeThatTheSourcesUse() throws {
        let codes = try codesInUse()
        XCTAssertGreaterThan(codes.count, 40)
        XCTAssertEqual(codes.sorted(), ErrorCodes.all)
        for code in codes {
            let text = Help(registry: Registry(), width: 1000).text(for: .string(code))
            XCTAssertTrue(text.hasPrefix("\(code): "), text)
        }
    }
}
