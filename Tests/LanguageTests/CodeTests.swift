import Language
import TestSupport
import XCTest

/// What the compiler makes.
final class CodeTests: XCTestCase {
    private func run(_ text: String) throws -> Value {
        try Interpreter().run(source: Source(name: "test", text: text))
    }

    func testDisassemblyNamesWhatTheInstructionsWorkOn() throws {
        let text = """
            fn count(xs, limit = 10) {
                total = 0
                for x in xs { if x < limit { total += x.size * 2 } }
                total
            }
            print(count([{size: 3}], limit: 5))
            """
        XCTAssertEqual(
            try Interpreter().disassemble(source: Source(name: "test", text: text)),
            """
            test:
                 0     1  closure               count
                 1     1  storeGlobal           count
                 2     6  constant              <fn print>
                 3     6  loadGlobal            count
                 4     6  integer               3
                 5     6  record                {size}
                 6     6  list                  1
                 7     6  integer               5
                 8     6  callShape             (1, limit:)
                 9     6  call                  1
                10     6  result

            count(xs, limit):
                 0     1  jumpIfBound           limit -> 4
                 2     1  integer               10
                 3     1  storeLocal            limit
                 4     2  integer               0
                 5     2  storeLocal            total
                 6     3  loadLocal             xs
                 7     3  iterate               #4
                 8     3  nextLocal             #4, x -> 21
                10     3  branchLocals          unless x < limit -> 19
                12     3  loadLocal             total
                13     3  loadFieldOfLocal      x.size
                16     3  multiplyInteger       2
                17     3  add
                18     3  storeLocal            total
                19     3  loopLocal             #4, x -> 10
                21     4  loadLocal             total
                22     1  result

            """)
    }

    /// The opcodes' table says how each instruction changes the stack; code that disagrees would corrupt it.
    func testTheStackIsTheSameByAllWaysInAllGoldenScripts() throws {
        var checked = 0
        for script in try GoldenScript.all(where: { _ in true }) {
            let source = Source(name: script.name, text: script.text, path: script.path)
            guard let problems = try? Verifier.problems(in: source) else { continue }
            XCTAssertEqual(problems, [], script.name)
            checked += 1
        }
        XCTAssertGreaterThan(checked, 15)
    }

    func testTheStackIsTheSameByAllWaysInEveryKindOfExpression() throws {
        let text = """
            fn f(a, b = 2, c = a) {
                for i in 0..a { if i == 3 { break } else if i == 4 { continue }; try { error("x") } catch e { return e } }
                while a < b and b != 7 or not (a > 2) { a += 1; b -= 1; if a > 3 { break } }
                x = [y * z + i for (y, z) in [[1, 2]] if y < z for i in 0..3 if i in [1, 2]]
                g = k -> [k, x, () -> a]
                x[0] += 1; x[1:2] = [3]; r = {u: 1, "v w": 2}; r.u *= 3; r["v w"] = r.u - 1
                (p, q) = [a, b]; (p, q) = [q, p]; (p, [q, r.u]) = [1, [2, 3]]
                t = "{p}:{q:>3} {r.u + 1:.{p}f}"
                values = for n in 0..3 { if n > 1 { n } }
                no_grad { if a > 0 { return x |> len } }
                1 < p <= q < 3 and (p if false else q)
            }
            """.replacingOccurrences(of: "(p if false else q)", with: "(p == 1)")
        XCTAssertEqual(try Verifier.problems(in: Source(name: "test", text: text)), [])
    }

    func testSumsOfLocalsAndIntegersOverflowAsErrorsWithTheOperatorAsWritten() {
        let largest = "9223372036854775807"
        for (text, message) in [
            ("fn f(a) { a += 1; a }\nf(\(largest))", "`+` overflows: \(largest) + 1 does not fit in 64 bits"),
            ("fn f(a) { a -= 2; a }\nf(-\(largest))", "`-` overflows: -\(largest) - 2 does not fit in 64 bits"),
            ("fn f(a) { b = a * 3; b }\nf(\(largest))", "`*` overflows: \(largest) * 3 does not fit in 64 bits"),
            ("fn f(a, b) { c = a + b; c }\nf(\(largest), 1)", "`+` overflows: \(largest) + 1 does not fit in 64 bits"),
            ("fn f(a, b) { (a * 1) - b }\nf(-\(largest), 2)", "`-` overflows: -\(largest) - 2 does not fit in 64 bits"),
        ] {
            XCTAssertThrowsError(try run(text), text) {
                XCTAssertEqual(($0 as? DiagnosticsError)?.diagnostics.first?.message, message)
            }
        }
    }

    func testRemaindersAreFlooredForAllSigns() throws {
        for a in [-9_223_372_036_854_775_807, -7, -1, 0, 5, 4_294_967_296, 9_223_372_036_854_775_807] {
            for b in [1, 3, 7, 1000] {
                let expected = ((a % b) + b) % b
                XCTAssertEqual(try run("fn f(a) { a % \(b) }\nf(\(a))").asInt, expected)
                XCTAssertEqual(try run("fn f(a) { (a + 0) % \(b) }\nf(\(a))").asInt, expected)
            }
        }
        XCTAssertEqual(try run("fn f(a) { a % -3 }\nf(7)").asInt, -2)
        XCTAssertThrowsError(try run("fn f(a) { a % 0 }\nf(7)"))
    }

    func testNothingIsLessThanNaNNorGreaterNorEqual() throws {
        let text = """
            fn f(x, y) { [if x < y { 1 } else { 0 }, if x <= y { 1 } else { 0 }, if x > y { 1 } else { 0 },
                if x >= y { 1 } else { 0 }, if x == y { 1 } else { 0 }, if x != y { 1 } else { 0 }] }
            f(float("nan"), 1.0) == [0, 0, 0, 0, 0, 1]
            """
        guard case .bool(true) = try run(text) else { return XCTFail("NaN has an order") }
    }

    func testATextThatGrowsInPlaceIsSeenToChangeByNobodyElse() throws {
        let text = """
            fn grow(text) {
                before = text
                kept = []
                for i in 0..50 {
                    text += "abcdefgh"
                    if i % 10 == 0 { push(kept, text) }
                    text = text + "é"
                }
                [before, len(text), map(kept, x -> len(x))]
            }
            start = "a text that is long enough to be kept outside"
            result = grow(start)
            twice = start
            twice += twice
            record = {}
            record[twice] = 1
            twice += "!"
            [result == [start, 45 + 50 * 9, [53, 143, 233, 323, 413]], start, twice in record, len(twice)]
            """
        let result = try run(text).asList?.elements ?? []
        guard result.count == 4, case .bool(true) = result[0], case .bool(false) = result[2] else {
            return XCTFail("\(result)")
        }
        XCTAssertEqual(result[1].asString, "a text that is long enough to be kept outside")
        XCTAssertEqual(result[3].asInt, 91)
    }

    func testRecordsOfDifferentLayoutsMeetAtOneInstruction() throws {
        let text = """
            fn size(r) { r.size += 1; r.size }
            a = {size: 1, name: "a"}
            b = {name: "b", size: 10}
            c = {}
            c.name = "c"; c.size = 100
            d = {size: 1000, name: "d"}
            d.more = 1
            e = {size: 5, name: "e"}
            pop(e, "size")
            found = [size(r) for r in [a, b, c, d, a, b, c, d]]
            message = try { size(e) } catch err { err.message }
            e.size = 7
            sizes = [2, 11, 101, 1001, 3, 12, 102, 1002]
            "size" in message and [found, size(e), keys(e), keys(d)] ==
                [sizes, 8, ["name", "size"], ["size", "name", "more"]]
            """
        guard case .bool(true) = try run(text) else { return XCTFail("a field was read from another's place") }
    }

    func testRecordsWithManyFieldsAreFoundAndKeptInOrder() throws {
        let text = """
            r = {}
            for i in 0..2000 { r["k{(i * 7919) % 2000}"] = i }
            for i in 0..1000 { pop(r, "k{(i * 2 * 7919) % 2000}") }
            odd = [i * 2 + 1 for i in 0..1000]
            [len(r), values(r) == odd, "k0" in r, r["k{(999 * 7919) % 2000}"]] == [1000, true, false, 999]
            """
        guard case .bool(true) = try run(text) else { return XCTFail("a field is lost") }
    }
}
