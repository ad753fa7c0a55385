import Language
import Notebook
import TestSupport
import XCTest

/// The examples that `help` shows for the codes of the library's errors.
final class LibraryErrorCodeTests: XCTestCase {
    func testTheWrongExampleOfACodeGivesItAndTheRightOneNothing() throws {
        let entries = ErrorCodes.all.compactMap { code in ErrorCodes.entry(code).map { (code, $0) } }
            .filter { $0.1.needs == .library }
        XCTAssertGreaterThan(entries.count, 4)
        for (code, entry) in entries {
            if let wrong = entry.wrong { XCTAssertEqual(try codes(of: wrong), [code], wrong) }
            if let right = entry.right { XCTAssertEqual(try codes(of: right), [], right) }
        }
    }

    func testAMissingFileOfATaskIsAFileThatCannotBeRead() throws {
        XCTAssertEqual(try codes(of: "task.jsonl(\"nofile.jsonl\")"), ["E300"])
    }

    /// In a session of its own and an empty folder.
    private func codes(of text: String) throws -> [String] {
        let recorded = RecordedConsole()
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        let outcome = try TemporaryFolder().asCurrentFolder {
            session.run(Cell(name: "example", text: text), showsResult: false)
        }
        guard case .failed(let diagnostics) = outcome else { return [] }
        return diagnostics.map(\.code)
    }
}
