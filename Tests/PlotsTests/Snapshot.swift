import Foundation
import XCTest

/// Compares a text with the file of that name in Tests/Fixtures/plots. With BRIDGE_RECORD=1 the files are written anew,
/// and the test fails, so that recording is never taken for passing.
func assertSnapshot(_ text: String, _ name: String, file: StaticString = #filePath, line: UInt = #line) throws {
    let tests = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().deletingLastPathComponent()
    let url = tests.appendingPathComponent("Fixtures/plots/\(name)")
    if ProcessInfo.processInfo.environment["BRIDGE_RECORD"] == "1" {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
        return XCTFail("recorded \(name); run again without BRIDGE_RECORD", file: file, line: line)
    }
    guard let expected = try? String(contentsOf: url, encoding: .utf8) else {
        return XCTFail("there is no \(url.path): record it with BRIDGE_RECORD=1", file: file, line: line)
    }
    let pairs = zip(expected.split(separator: "\n"), text.split(separator: "\n"))
    let difference = pairs.first { $0 != $1 }.map { "expected \($0.0)\ngot      \($0.1)" }
    XCTAssertTrue(expected == text, "\(name) differs\n\(difference ?? "in its length")", file: file, line: line)
}
