import Language
import XCTest

/// What is deep, long or holds itself neither overflows the native stack nor is kept for ever.
final class DepthTests: XCTestCase {
    private func run(_ text: String, _ interpreter: Interpreter = Interpreter()) throws -> Value {
        interpreter.output = { _ in }
        return try interpreter.run(source: Source(name: "test", text: text))
    }

    /// The codes of what goes wrong.
    private func codes(_ text: String) -> [String] {
        do {
            _ = try run(text)
            return []
        } catch {
            return (error as? DiagnosticsError)?.diagnostics.map(\.code) ?? ["\(error)"]
        }
    }

    func testAMillionNestedListsAreFreedPrintedAndCompared() throws {
        let deep = "xs = []\nfor i in 0..1000000 { xs = [xs] }\n"
        XCTAssertNoThrow(try run(deep + "print(xs); str(xs); nil"))
        XCTAssertEqual(codes(deep + "ys = []\nfor i in 0..1000000 { ys = [ys] }\nxs == ys"), ["E232"])
        XCTAssertEqual(codes(deep + "sort([xs, [xs]])"), ["E232"])
        XCTAssertNoThrow(try run("r = {}\nfor i in 0..1000000 { r = {next: r} }\nprint(r); r = nil"))
        XCTAssertNoThrow(try run("f = 1\nfn keep(g) { () -> g }\nfor i in 0..1000000 { f = keep(f) }\nf = nil"))
    }

    func testValuesThatHoldThemselvesArePrintedAndCompared() throws {
        XCTAssertEqual(codes("a = [1]; push(a, a); print(a); b = [1]; push(b, b); a == b"), ["E232"])
        XCTAssertEqual(codes("r = {}; r.self = r; print(r); print([r, r]); r == r"), [])
    }

    func testChainsOfChainsInBracketsAreRefused() {
        let chain = String(repeating: "+1", count: 900)
        for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{a: ", "}")] {
            let text = String(repeating: open, count: 150) + "1" + String(repeating: chain + close, count: 150)
            XCTAssertEqual(codes(text).first, "E015", open)
        }
        XCTAssertEqual(codes("x = 1\n" + String(repeating: "(", count: 50) + "x" + String(repeating: "+1)", count: 50)), [])
    }

    func testEveryBeginningOfASourceIsReadAndShown() {
        let text = """
            fn f(a, b = 2) { "{a:>{b}.1f} \\u{e9} {"in {b}"}" }  # end
            (x, y) = [0x1f, 1e-3]; r = {"k k": [i for i in 0..=3 if i != 2], n: r'raw'}
            r.n[1:-1, :] += if x < y <= 3 { try { f(1, b: 2) } catch e { no_grad { e } } } else { -x ** 2 }
            \"\"\"ä
            € 👩‍👩‍👧\"\"\"
            """
        let bytes = Array(text.utf8)
        let interpreter = Interpreter()
        for end in bytes.indices {
            let part = String(decoding: bytes[..<end], as: UTF8.self)
            let source = Source(name: "test", text: part)
            let diagnostics = interpreter.check(source: source)
            for diagnostic in diagnostics {
                XCTAssertLessThanOrEqual(diagnostic.span.end, part.utf8.count, part)
                XCTAssertTrue(DiagnosticRenderer().render(diagnostic).contains(diagnostic.message))
            }
            _ = interpreter.isComplete(part)
        }
    }

    func testCyclesAreFreed() throws {
        final class Witness: NativeObject {
            nonisolated(unsafe) static var living = 0
            override init() {
                Witness.living += 1
                super.init()
            }
            deinit { Witness.living -= 1 }
        }
        let registry = Registry()
        registry.add(NativeFunction(name: "witness", summary: "", example: "") { _ in .object(Witness()) })
        let interpreter = Interpreter(registry: registry)
        let knots = """
            fn knots() {
              a = [witness()]; push(a, a)
              b = {w: witness()}; b.inner = {outer: [b]}
              c = [0, witness()]; c[0] = () -> c
              held = witness()
              fn again(n) { if n > 0 { again(n - 1) } else { held } }
              again(2); nil
            }
            kept = [witness()]; insert(kept, 0, kept)
            for i in 0..10 { knots() }
            """
        _ = try run(knots, interpreter)
        CycleCollector.collect()
        XCTAssertEqual(Witness.living, 1, "what can still be reached is kept")
        XCTAssertEqual(try run("len(kept[0][0])", interpreter).asInt, 2)
        for _ in 0..<2 { _ = try run("for i in 0..20000 { knots() }", interpreter) }
        XCTAssertLessThan(Witness.living, 60_000, "collected while the script runs")
        XCTAssertGreaterThan(Witness.living, 0)
        do {
            let other = Interpreter(registry: registry)
            _ = try run(knots, other)
        }
        _ = try run("kept = nil", interpreter)
        CycleCollector.collect()
        XCTAssertEqual(Witness.living, 0)
    }

    func testAnInterpreterThatGoesAwayFreesItsFunctions() throws {
        weak var function: Object?
        do {
            let interpreter = Interpreter()
            function = try run("fn f(n) { f(n - 1) }\nf", interpreter).object
            XCTAssertNotNil(function)
        }
        XCTAssertNil(function)
    }
}
