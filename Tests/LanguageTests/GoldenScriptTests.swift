import Language
import XCTest

/// Runs every script under Tests/Scripts and compares with the expectations written in it:
/// `# expect: text` a line of output, `# error: text` a diagnostic of the check on this line, `# runtime error: text`.
final class GoldenScriptTests: XCTestCase {
    private static var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scripts")
    }

    func testScriptsDoWhatTheySay() throws {
        let files = FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: nil)!
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "bridge" && !$0.path.contains("/lib/") }
        XCTAssertGreaterThan(files.count, 10)
        for file in files.sorted(by: { $0.path < $1.path }) { try run(file) }
    }

    private func run(_ file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let name = file.path.replacingOccurrences(of: Self.folder.path + "/", with: "")
        var output = ""
        let interpreter = Interpreter()
        interpreter.output = { output += $0 }
        var found: [String] = []
        do {
            try interpreter.run(source: Source(name: name, text: text, path: file.path))
        } catch {
            let kind = error.phase == .checking ? "error" : "runtime error"
            found = error.diagnostics.map { "\($0.source.position(of: $0.span.start).line): \(kind): \($0.code) \($0.message)" }
        }
        XCTAssertEqual(output, expectations("# expect: ", in: text).map { $0.text + "\n" }.joined(), name)
        let wanted = expectations("# error: ", in: text).map { "\($0.line): error: \($0.text)" }
            + expectations("# runtime error: ", in: text).map { "\($0.line): runtime error: \($0.text)" }
        XCTAssertEqual(found.count, wanted.count, "\(name): \(found)")
        for (found, wanted) in zip(found, wanted) { XCTAssertTrue(found.hasPrefix(wanted), "\(name): \(found)") }
    }

    private func expectations(_ mark: String, in text: String) -> [(line: Int, text: String)] {
        text.components(separatedBy: "\n").enumerated().compactMap { index, line in
            guard let range = line.range(of: mark) else { return nil }
            return (index + 1, String(line[range.upperBound...]))
        }
    }
}
