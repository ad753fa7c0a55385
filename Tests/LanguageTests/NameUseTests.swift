import Language
import XCTest

final class NameUseTests: XCTestCase {
    private func assertUse(
        _ text: String, reads: Set<String>, binds: Set<String>, changing: Set<String> = [], line: UInt = #line
    ) {
        let use = NameUse(of: text, changing: changing)
        XCTAssertEqual(use.reads, reads, "reads of \(text)", line: line)
        XCTAssertEqual(use.binds, binds, "binds of \(text)", line: line)
    }

    func testANameIsReadUnlessTheTextBindsItBefore() {
        assertUse("y = x + 1", reads: ["x"], binds: ["y"])
        assertUse("x = 1\ny = x", reads: [], binds: ["x", "y"])
        assertUse("y = x\nx = 1", reads: ["x"], binds: ["x", "y"])
        assertUse("x = x + 1", reads: ["x"], binds: ["x"])
        assertUse("x += 1", reads: ["x"], binds: ["x"])
        assertUse("(a, b) = pair", reads: ["pair"], binds: ["a", "b"])
        assertUse("print(\"{x} of {n:.{d}f}\")", reads: ["print", "x", "n", "d"], binds: [])
    }

    func testFieldsAndArgumentNamesAreNoNames() {
        assertUse("r = {x: 1}\nr.y\nf(z: 2)", reads: ["f"], binds: ["r"])
    }

    func testAFunctionsOwnNamesStayInside() {
        assertUse("fn f(a, b = c) { d = a + b; d * e }", reads: ["c", "e"], binds: ["f"])
        assertUse("g = x -> x + k", reads: ["k"], binds: ["g"])
    }

    func testAFunctionSeesWhatTheTextBindsBelowIt() {
        assertUse("fn f() { g() }\nfn g() { 1 }", reads: [], binds: ["f", "g"])
    }

    func testAComprehensionsNamesStayInside() {
        assertUse("[i * k for i in xs if i > low]", reads: ["k", "xs", "low"], binds: [])
        assertUse("[i for i in rows]\ni", reads: ["rows", "i"], binds: [])
    }

    func testALoopBindsItsNameAndItsBodyMayNotRun() {
        assertUse("for i in xs { y = i }\ny", reads: ["xs", "y"], binds: ["i", "y"])
        assertUse("while c { c = false }", reads: ["c"], binds: ["c"])
    }

    func testOnlyWhatBothBranchesBindIsBoundForCertain() {
        assertUse("if c { x = 1 } else { x = 2 }\nx", reads: ["c"], binds: ["x"])
        assertUse("if c { x = 1 }\nx", reads: ["c", "x"], binds: ["x"])
        assertUse(
            "try { x = f() } catch err { print(err.message) }\nx", reads: ["f", "print", "x"], binds: ["x", "err"])
    }

    func testChangingAPartOfAValueCountsAsBindingItsName() {
        assertUse("xs[0] = 1", reads: ["xs"], binds: ["xs"])
        assertUse("r.a.b += k", reads: ["r", "k"], binds: ["r"])
        assertUse("fn f(p) { p[0] = 1 }", reads: [], binds: ["f"])
    }

    func testFunctionsThatChangeTheirFirstArgumentCountAsBindingIt() {
        assertUse("push(xs, 1)", reads: ["push", "xs"], binds: ["xs"], changing: ["push"])
        assertUse("xs |> push(1)", reads: ["push", "xs"], binds: ["xs"], changing: ["push"])
        assertUse("push(xs, 1)", reads: ["push", "xs"], binds: [])
    }

    func testImportsBindTheirName() {
        assertUse("import \"lib.bridge\" as lib\nlib.f(x)", reads: ["x"], binds: ["lib"])
    }

    func testTextThatCannotBeReadIsReadAsFarAsItCan() {
        XCTAssertTrue(NameUse(of: "x = 1\ny = (\n").binds.contains("x"))
        assertUse("", reads: [], binds: [])
    }
}
