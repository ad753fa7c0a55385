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

    /// Sorted out by what would be gone through again at each: brackets, names, fields, branches, members, pipes, lines.
    func testTextsThatRepeatOneThingAreReadInLinearTime() {
        let count = 40_000
        func numbered(_ piece: String) -> String { (0..<count).map { piece.replacing("#", with: "\($0)") }.joined() }
        for piece in ["x = (\n", "(", "] ", ") ; ", "if x { } elif y { }\n", "{a: 1, a: 1}, ", "is ", "x; = ", "function ("] {
            XCTAssertFalse(codes(String(repeating: piece, count: count)).isEmpty, piece)
        }
        XCTAssertFalse(codes(numbered("a# = b#\n")).isEmpty)
        XCTAssertFalse(codes(String(repeating: "nowhere\n", count: count)).isEmpty)
        let branches = "c = true\n" + numbered("a# = 1\nif c { b# = 1 } else { d# = 1 }\n").prefix(1_000_000)
        XCTAssertFalse(codes(String(branches)).contains("E037"))
        for link in [" + 1", ".a", " |> sum", ".upper()"] {
            let chain = "x = {}\n" + String(repeating: "x" + String(repeating: link, count: 900) + "\n", count: 100)
            _ = codes(chain)
        }
        let many = Interpreter().check(source: Source(name: "test", text: String(repeating: "x; = ", count: count)))
        XCTAssertEqual(many.count, Limits.diagnostics)
        XCTAssertFalse(DiagnosticRenderer().render(Array(many.prefix(100))).isEmpty)
    }
}
