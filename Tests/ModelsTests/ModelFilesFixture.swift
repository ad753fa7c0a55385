import Foundation
import JSON
import Models
import XCTest

/// The fixtures that `scripts/dev/make-model-fixtures.py` made with Hugging Face's libraries, and places for files.
enum ModelFilesFixture {
    static func path(_ name: String) -> String {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return "/\(tests)/Fixtures/models/\(name)"
    }

    static func json(_ name: String) throws -> JSONValue { try JSONValue(path: path(name)) }

    /// SmolLM2's GGUF file; the test is skipped where it was not fetched.
    static func smollm2() throws -> GGUFFile {
        guard case .gguf(let path)? = try? ModelLocator.standard.locate("smollm2") else {
            throw XCTSkip("SmolLM2 is not in the cache; run scripts/fetch-model smollm2 to run this test")
        }
        return try GGUFFile(path: path)
    }

    /// A new folder, removed when the test ends.
    static func temporaryFolder(_ test: XCTestCase) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        test.addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
        return folder.path
    }
}

/// The message of the `ModelError` that a call throws; empty, with a failure, when it throws none.
func modelErrorMessage<Result>(
    file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Result
) -> String {
    do {
        _ = try body()
        XCTFail("no error was thrown", file: file, line: line)
        return ""
    } catch let error as ModelError {
        return error.message
    } catch {
        XCTFail("another error: \(error)", file: file, line: line)
        return ""
    }
}

func assertModelError<Result>(
    _ part: String, file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Result
) {
    let message = modelErrorMessage(file: file, line: line, body)
    XCTAssertTrue(message.contains(part), "\"\(message)\" does not say \"\(part)\"", file: file, line: line)
}
