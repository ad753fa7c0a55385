import Language
import XCTest

/// What laid out scripts look like.
final class FormattingStyleTests: XCTestCase {
    private func check(_ text: String, _ expected: String, line: UInt = #line) {
        do {
            let once = try SourceFormatter.format(Source(name: "a.bridge", text: text))
            XCTAssertEqual(once, expected, line: line)
            XCTAssertEqual(try SourceFormatter.format(Source(name: "a.bridge", text: once)), once, "twice", line: line)
        } catch {
            XCTFail("\(error)", line: line)
        }
    }

    func testSpacesStandAroundOperatorsAndNotInsideBrackets() {
        check("x=1;y  =2", "x = 1; y = 2\n")
        check("a=-b+- c**2 - -d", "a = -b + -c ** 2 - -d\n")
        check("p = 0 .. 10 ; q = 1..=len( x )-1", "p = 0..10; q = 1..=len(x) - 1\n")
        check("f( a,b :1 , in:2 ) . g [ 1 :3,:, -1 , : : 2]", "f(a, b: 1, in: 2).g[1:3, :, -1, ::2]\n")
        check("r={a:1,\"b c\":[ 2 ],if:{ }}", "r = {a: 1, \"b c\": [2], if: {}}\n")
        check("fn   f( a,b=2 ){return a}", "fn f(a, b = 2) { return a }\n")
        check("g=fn (x){x}\nh=( a,b )->a@b\nfn n(){}", "g = fn(x) { x }\nh = (a, b) -> a @ b\nfn n() { }\n")
        check("t=not a and not(b)or c not  in d", "t = not a and not (b) or c not in d\n")
        check("w=xs|>map( x->x*2 )|>sum", "w = xs |> map(x -> x * 2) |> sum\n")
        check("x+=1\nr . size  //=2", "x += 1\nr.size //= 2\n")
        check("import   'l.bridge'as  l", "import 'l.bridge' as l\n")
        check("for(i,x)in [ 1 ]{ break }", "for (i, x) in [1] { break }\n")
        check("x = r.in (3) .not-1", "x = r.in(3).not - 1\n")
    }

    func testLevelsAreTwoSpaces() {
        check("if a {\n\tb\n\t\tif c {\n    d }\n}", "if a {\n  b\n  if c {\n    d\n  }\n}\n")
        check("  x = 1", "x = 1\n")
    }

    func testBlocksOfOneIfAreLaidOutAlike() {
        check("if a { 1 }\nelse if b { 2 }\n else{3}", "if a { 1 } else if b { 2 } else { 3 }\n")
        check("if a {\n1 } else { 2 }", "if a {\n  1\n} else {\n  2\n}\n")
        check("try { 1 }\ncatch e {\n}", "try {\n  1\n} catch e { }\n")
    }

    func testAtMostOneEmptyLineStaysAndNoneInsideTheEndsOfABlock() {
        check("\n\na\n\n\n\nb\nc\n\n", "a\n\nb\nc\n")
        check("fn f() {\n\n a\n\n\n b\n\n}", "fn f() {\n  a\n\n  b\n}\n")
        check("", "")
        check("\n \n", "")
    }

    func testSemicolonsStay() {
        check("1 ;", "1;\n")
        check("plot(x);\n\n;y;;", "plot(x);; y;;\n")
        check("fn f() { a = 1;b }", "fn f() { a = 1; b }\n")
    }

    func testCommentsStay() {
        check("# one\nx = 1# two  \n   # three\n\n# four", "# one\nx = 1  # two\n# three\n\n# four\n")
        check("f(a,# a\nb\n# end\n)", "f(\n  a,  # a\n  b\n  # end\n)\n")
        check("if a { # why\n1 }\n# then\nelse { 2 }", "if a {  # why\n  1\n}\n# then\nelse {\n  2\n}\n")
        check("x = # why\n 1 + # and\n 2", "x =  # why\n  1 +  # and\n  2\n")
        check("#!/usr/bin/env bridge\n\nx", "#!/usr/bin/env bridge\n\nx\n")
        check("[\n# none\n]\n{ # nothing\n}", "[\n  # none\n]\n{  # nothing\n}\n")
    }

    func testCommentsThatStandBelowEachOtherStaySo() {
        check("a = 1     # x\nbcd = 2   # y\ne = 3  # z", "a = 1    # x\nbcd = 2  # y\ne = 3  # z\n")
        check("a=1   # x\n\nbcd=2 # y", "a = 1  # x\n\nbcd = 2  # y\n")
    }

    func testEqualsSignsThatStandBelowEachOtherStaySo() {
        check("base = 1\nnet  = 2\nlonger = 3", "base = 1\nnet  = 2\nlonger = 3\n")
        check("a   = 1\nbcd = f(\n2)\n(x,y)=3", "a   = 1\nbcd = f(\n  2\n)\n(x, y) = 3\n")
        check("a   = 1\nb = 2", "a = 1\nb = 2\n")
        check("ab = 1\n\nc  = 2", "ab = 1\n\nc = 2\n")
    }

    func testTheAuthorsLineBreaksInsideBracketsStay() {
        check("m=[\n1,2,\n3,4]", "m = [\n  1, 2,\n  3, 4\n]\n")
        check("f(a,\n    b)", "f(\n  a,\n  b\n)\n")
        check("f(a, b\n)", "f(a, b)\n")
        check("print(for x in xs {\ny\n})", "print(for x in xs {\n  y\n})\n")
        check("reduce(xs, (a, b) -> {\na }, initial: 0)", "reduce(\n  xs,\n  (a, b) -> {\n    a\n  },\n  initial: 0\n)\n")
    }

    func testExpressionsGoOnBehindOperatorsAndBeforePipes() {
        check("v=xs\n|>f |>g(1)\nw = a+\nb", "v = xs\n  |> f\n  |> g(1)\nw = a +\n  b\n")
        check("g = xs\n.map(f)\n. filter(g)", "g = xs\n  .map(f)\n  .filter(g)\n")
        check("x=(a\n+ b)", "x = (\n  a +\n    b\n)\n")
        check("x =\n1\nif a and\nb\n{ c }", "x = 1\nif a and\n  b { c }\n")
    }

    func testLongLinesAreBrokenAtTheirOutermostBracket() {
        let long = String(repeating: "x", count: 40)
        check("call_of(\(long), name: \(long), m: 1)", "call_of(\n  \(long), name: \(long), m: 1\n)\n")
        check(
            "f(\(long), [\(long), 2], name: 3, of: \(long))",
            "f(\n  \(long),\n  [\(long), 2],\n  name: 3,\n  of: \(long)\n)\n")
        check(
            "r = {a: \(long), b: [\(long)], c: \(long)}",
            "r = {\n  a: \(long),\n  b: [\(long)],\n  c: \(long)\n}\n")
        check("push(rows, {a: \(long), b: \(long), c: 3})", "push(rows, {\n  a: \(long), b: \(long), c: 3\n})\n")
        check("fn f(m) { \(long)(1); \(long)(2); 3 }", "fn f(m) {\n  \(long)(1);\n  \(long)(2);\n  3\n}\n")
        check(
            "y = [\(long)(x) for x in \(long) if \(long)]",
            "y = [\n  \(long)(x)\n  for x in \(long)\n  if \(long)\n]\n")
        check("y = \(long) |> \(long) |> \(long)", "y = \(long)\n  |> \(long)\n  |> \(long)\n")
        check("y = \(long) + 2 * \(long) + \(long)", "y = \(long) + 2 * \(long) +\n  \(long)\n")
        check("f(\(long)).g(\(long)).h(\(long))", "f(\(long)).g(\(long))\n  .h(\(long))\n")
    }

    func testStringsAreNeverTouched() {
        let long = String(repeating: "word ", count: 30)
        check("print(\"\(long)\")", "print(\"\(long)\")\n")
        check("x='''\n\ta  \r\n  b'''+\"{ a+b :>3}\"", "x = '''\n\ta  \r\n  b''' + \"{ a+b :>3}\"\n")
    }

    func testCellsAndTheirTextAreUntouched() {
        check(
            "# %% [markdown]\n# text  \n#   code\n\n\n# more\n\n\n# %% code  \nx=1",
            "# %% [markdown]\n# text  \n#   code\n\n\n# more\n\n\n# %% code\nx = 1\n")
    }

    func testTabsCarriageReturnsAndByteOrderMarksGo() {
        check("\u{FEFF}if a {\r\n\tb\t=\t1 # c\r\n}\r\n", "if a {\n  b = 1  # c\n}\n")
    }

    func testASourceWithErrorsIsNotLaidOut() {
        for text in ["x = (", "a b", "\"open", "x = 08x", "}"] {
            XCTAssertThrowsError(try SourceFormatter.format(Source(name: "a.bridge", text: text))) { error in
                XCTAssertFalse((error as? DiagnosticsError)?.diagnostics.isEmpty ?? true)
            }
        }
    }

    func testAnotherMeaningIsNoticed() throws {
        func outline(_ text: String) throws -> SourceOutline { try SourceOutline(Source(name: "a", text: text)) }
        XCTAssertTrue(try outline("x = [1,\n2]").agrees(with: outline("x=[1, 2] ")))
        for (one, other) in [
            ("a\n(b)", "a(b)"), ("a;\nb", "a\nb"), ("a\n-b", "a - b"), ("return_\n[1]", "return_[1]"), ("a # x", "a # y"),
            ("{ a }", "{\na\nb }"), ("\"a \"", "\"a\""),
        ] { XCTAssertFalse(try outline(one).agrees(with: outline(other)), one) }
    }
}
