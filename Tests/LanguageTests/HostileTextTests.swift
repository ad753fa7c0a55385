import Language
import XCTest

/// Texts that are made to take long: each is read in time that grows with its length and no faster.
final class HostileTextTests: XCTestCase {
    private func codes(_ text: String) -> Set<String> {
        Set(Interpreter().check(source: Source(name: "test", text: text)).map(\.code))
    }

    /// Each string that is opened inside the braces of another was read twice by every string around it.
    func testStringsOpenedInsideStringsAreReadInLinearTime() {
        for piece in ["print(\"]) {", "[{\", ", "\"{", "'{\"{", "\"{a:", "\"{x}{", "\"{ \"\"\" {", "\"\"\"{"] {
            XCTAssertFalse(codes(String(repeating: piece, count: 100_000)).isEmpty, piece)
            XCTAssertFalse(codes(String(repeating: piece + "\n", count: 20_000)).isEmpty, piece)
        }
    }

    /// What is read again is little enough in any source that somebody wrote for each of its mistakes to be found.
    func testEveryOpenBraceOfAnOrdinarySourceIsReportedAlone() {
        let text = String(repeating: "print(\"a { b\", \"c {1}\")\n", count: 200)
        let found = Interpreter().check(source: Source(name: "test", text: text))
        XCTAssertEqual(found.map(\.code), Array(repeating: "E006", count: 200))
    }

    func testEscapesWithoutAnEndAreReadInLinearTime() {
        XCTAssertTrue(codes("\"" + String(repeating: "\\u{", count: 200_000) + "\"").contains("E007"))
    }
}
