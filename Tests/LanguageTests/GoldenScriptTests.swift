import Language
import TestSupport
import XCTest

final class GoldenScriptTests: XCTestCase {
    func testScriptsDoWhatTheySay() throws {
        let scripts = try GoldenScript.all { !["lib", "files", "library"].contains($0) }
        XCTAssertGreaterThan(scripts.count, 10)
        for script in scripts {
            var output = ""
            let interpreter = Interpreter()
            interpreter.output = { output += $0 }
            var found: [String] = []
            do {
                try interpreter.run(source: Source(name: script.name, text: script.text, path: script.path))
            } catch {
                let kind = error.phase == .checking ? "error" : "runtime error"
                found = error.diagnostics.map {
                    "\($0.source.position(of: $0.span.start).line): \(kind): \($0.code) \($0.message)"
                }
            }
            XCTAssertNil(script.difference(output: output, errors: found))
        }
    }
}
