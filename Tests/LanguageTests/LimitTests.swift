import Interruption
import Language
import XCTest

/// Sources too large to be kept as scripts, and library functions that must listen to Ctrl-C.
final class LimitTests: XCTestCase {
    private func failure(_ text: String) -> String? { diagnostic(text)?.message }
    private func code(_ text: String) -> String? { diagnostic(text)?.code }

    private func diagnostic(_ text: String) -> Diagnostic? {
        do {
            try Interpreter().run(source: Source(name: "test", text: text))
            return nil
        } catch { return error.diagnostics.first }
    }

    func testLongLiteralsAndCallsAreTakenOrRefused() {
        let many = (0..<20_000).map(String.init)
        XCTAssertNil(failure("x = [\(many.joined(separator: ", "))]; assert(len(x) == 20000 and x[-1] == 19999)"))
        XCTAssertEqual(
            failure("x = {\(many.map { "a\($0): 1" }.joined(separator: ", "))}"),
            "this record is too long: at most 10000 fields can be written")
        XCTAssertEqual(
            failure("x = \"\(String(repeating: "{1}", count: 20_000))\""),
            "this string has too many parts: at most 10000 are allowed")
        XCTAssertEqual(
            failure("fn f() { \(many.map { "a\($0) = 1" }.joined(separator: "; ")) }"),
            "a function can bind at most 10000 names")
        XCTAssertEqual(code((0..<70_000).map { "a\($0) = 1" }.joined(separator: "\n")), "E235")
        XCTAssertEqual(
            failure((0..<70_000).map { "a\($0) = 1" }.joined(separator: "\n")), "a file can bind at most 65536 names")
        let lines = String(repeating: "x = n < 2 < 3\n", count: 50_000)
        XCTAssertNil(failure("n = 0\nwhile n < 2 { n += 1\n\(lines)}"))
    }

    func testARecordThatIsFullTakesNoNewFieldAndKeepsItsOwn() throws {
        let record = RecordObject([("a", .int(1)), ("b", .int(2))])
        try Indexing.setField(StringObject("a"), of: record, to: .int(3), most: 2)
        XCTAssertThrowsError(try Indexing.setField(StringObject("c"), of: record, to: .int(4), most: 2)) {
            XCTAssertEqual(($0 as? RuntimeError)?.code, "E230")
            XCTAssertEqual("\($0)", "a record can have at most 16777216 fields")
        }
        XCTAssertEqual(record.keys, ["a", "b"])
    }

    /// Asks to stop as soon as the work begins; each call would go on for long if nobody asked.
    func testLibraryFunctionsStopWhenAsked() throws {
        let registry = Registry()
        registry.add(
            NativeFunction(name: "stop", summary: "", example: "") { _ in
                Interruption.request()
                return .null
            })
        let interpreter = Interpreter(registry: registry)
        defer { Interruption.clear() }
        try interpreter.run(
            source: Source(
                name: "test",
                text: """
                    r = 0..200000
                    xs = list(r)
                    ys = list(r)
                    ys[-1] = 0
                    text = "a," * 200000
                    """))
        let calls = [
            "list(r)", "sort(xs)", "sort(r, by: x -> -x)", "map(xs, str)", "filter(xs, x -> true)", "sum(xs)", "mean(r)",
            "median(xs)", "std(xs)", "max(xs)", "min(r)", "join(xs)", "split(text, \",\")", "replace(text, \",\", \";\")",
            "zip(xs, ys)", "xs + ys", "reverse(xs)", "enumerate(xs)", "unique(xs)", "reverse(text)", "list(text)", "text * 100", "xs == ys", "xs < ys",
            "-1 in xs", "find(xs, -1)", "text[::-1]", "[xs] * 200000", "reduce(xs, max)", "upper(text * 4)",
        ]
        for call in calls {
            Interruption.clear()
            let source = Source(name: "test", text: "y = [stop(), \(call)]")
            XCTAssertThrowsError(try interpreter.run(source: source), call) {
                XCTAssertTrue(($0 as? DiagnosticsError)?.isInterrupted ?? false, "\(call): \($0)")
            }
        }
    }
}
