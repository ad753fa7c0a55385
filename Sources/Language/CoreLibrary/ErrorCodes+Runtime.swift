/// The codes of what goes wrong while a script runs; where the types are plain, they are reported before.
extension ErrorCodes {
    static let values: [String: Entry] = [
        "E100": Entry(
            "an error the script raised with `error`.", wrong: "error(\"no data\")",
            right: "try { error(\"no data\") } catch err { print(err.message) }"),
        "E101": Entry(
            "an assertion that did not hold.", wrong: "assert(1 > 2, \"order\")",
            right: "assert(1 < 2, \"order\")"),
        "E200": Entry(
            "something that the library could not do; the message says what and why.",
            wrong: "m = model.new(dim: 0)", right: "m = model.new(layers: 1, dim: 16, heads: 2)", needs: .library),
        "E201": Entry(
            "an operator that does not take values of these types.", wrong: "print(\"n: \" + 3)",
            right: "print(\"n: {3}\")"),
        "E202": Entry(
            "an integer result beyond 64 bits; make one operand a Float.", wrong: "print(2 ** 64)",
            right: "print(2.0 ** 64)"),
        "E203": Entry(
            "an argument of the wrong type, or one that is not among the known values.", wrong: "upper(3)",
            right: "upper(\"three\")"),
        "E204": Entry(
            "a division by zero.", wrong: "xs = []\nprint(sum(xs) / len(xs))",
            right: "xs = []\nprint(if len(xs) > 0 { sum(xs) / len(xs) } else { 0 })"),
        "E205": Entry(
            "a value that has no elements to go through.", wrong: "for i in 3 { i }",
            right: "for i in 0..3 { i }"),
        "E206": Entry(
            "an index or a slice that does not suit the value.", wrong: "print([1, 2][\"0\"])",
            right: "print([1, 2][0])"),
        "E207": Entry(
            "a number outside of what a function is defined for, such as the root of a negative number.",
            wrong: "print(sqrt(-1))", right: "print(sqrt(1))"),
        "E208": Entry(
            "a condition must be a Bool; compare explicitly.", wrong: "if len([1]) { print(\"some\") }",
            right: "if len([1]) > 0 { print(\"some\") }"),
        "E209": Entry(
            "an index beyond the ends; the first element is 0, the last -1.", wrong: "print([1, 2, 3][3])",
            right: "print([1, 2, 3][-1])"),
        "E210": Entry(
            "a field or a method that the value does not have.", wrong: "r = {size: 3}\nprint(r.siez)",
            right: "r = {size: 3}\nprint(r.size)"),
        "E211": Entry("a call of something that is no function.", wrong: "n = 3\nn(4)", right: "n = 3\nn * 4"),
        "E212": Entry(
            "a name that is read on a way that has not bound it.", wrong: "fn f(c) { if c { y = 1 }; y }\nf(false)",
            right: "fn f(c) { y = if c { 1 } else { 0 }; y }\nf(false)"),
        "E213": Entry(
            "a value taken apart into the wrong number of names.", wrong: "(a, b) = [1, 2, 3]",
            right: "(a, b, c) = [1, 2, 3]"
        ),
        "E214": Entry(
            "a format specification that cannot be used.", wrong: "print(\"{\"a\":.2f}\")",
            right: "print(\"{1.5:.2f}\")"),
        "E299": Entry(
            "the script was interrupted with Ctrl-C.", wrong: "while true { }", right: "for i in 0..1000 { }",
            needs: .nothing),
    ]

    /// Of the limits, each of which is far beyond what a script needs.
    static let limits: [String: Entry] = [
        "E230": Entry("a list or a record too long.", wrong: "xs = [0] * 100_000_000", right: "xs = [0] * 1_000"),
        "E231": Entry("a string too long.", wrong: "s = \"ab\" * 1_000_000_000", right: "s = \"ab\" * 1_000"),
        "E232": Entry(
            "values nested too deeply to be compared, or one that holds itself.",
            wrong: "xs = [1]\npush(xs, xs)\nys = [1]\npush(ys, ys)\nprint(xs == ys)",
            right: "print([1, [1]] == [1, [1]])"),
        "E233": Entry(
            "too many calls that have not returned.", wrong: "fn f(n) { f(n + 1) }\nf(0)",
            right: "fn f(n) { if n > 9 { n } else { f(n + 1) } }\nf(0)"),
        "E234": Entry(
            "library functions and functions of the script call each other too deeply.",
            wrong: "fn f(n) { map([n], f) }\nf(0)", right: "fn f(n) { n + 1 }\nmap([0], f)"),
        "E235": Entry(
            "a file or a function that binds too many names; keep values in lists and records.",
            wrong: "a1 = 1\na2 = 2\n...   # up to a70000", right: "a = {}\nfor i in 1..=3 { a[\"a{i}\"] = i }",
            needs: .nothing),
        "E236": Entry(
            "more memory than BRIDGE_MEMORY, or else nine tenths of the machine, allows.",
            wrong: "rows = []\nwhile true { push(rows, [0] * 1_000_000) }",
            right: "total = 0\nfor i in 0..1000 { total += i }   # nothing is kept", needs: .nothing),
    ]

    static let files: [String: Entry] = [
        "E300": Entry(
            "a file that cannot be read or written; the message says why.", wrong: "text = read_text(\"no such file\")",
            right: "write_text(\"a.txt\", \"a\")\ntext = read_text(\"a.txt\")", needs: .library),
        "E301": Entry(
            "a text that is not JSON; the message says where.",
            wrong: "write_text(\"a.json\", \"[1, 2\")\nxs = read_json(\"a.json\")",
            right: "write_json(\"a.json\", [1, 2])\nxs = read_json(\"a.json\")", needs: .library),
        "E302": Entry(
            "a value that JSON has no form for, such as a function or NaN.", wrong: "write_json(\"a.json\", [1, sqrt])",
            right: "write_json(\"a.json\", [1, sqrt(4)])", needs: .library),
        "E303": Entry(
            "a table that is not CSV, or cannot be written as CSV.", wrong: "write_csv(\"a.csv\", [1, 2])",
            right: "write_csv(\"a.csv\", [{n: 1}, {n: 2}])", needs: .library),
    ]
}
