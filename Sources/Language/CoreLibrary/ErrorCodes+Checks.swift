/// The codes of what is found before anything runs.
extension ErrorCodes {
    /// Of the lexer and the parser.
    static let reading: [String: Entry] = [
        "E001": Entry(
            "a sign that the language does not use, often one of another language.", wrong: "print(1 == 1 && 2 == 2)",
            right: "print(1 == 1 and 2 == 2)"),
        "E002": Entry("a number that cannot be read.", wrong: "x = 0xfg", right: "x = 0xff"),
        "E003": Entry(
            "an integer beyond 64 bits.", wrong: "x = 100000000000000000000", right: "x = 100000000000000000000.0"),
        "E004": Entry("a string without its closing quote.", wrong: "name = \"bridge", right: "name = \"bridge\""),
        "E005": Entry(
            "strings nested in the `{ }` of strings, more than 20 deep; give the inner ones names first.",
            wrong: "x = " + String(repeating: "\"{", count: 21) + "1" + String(repeating: "}\"", count: 21),
            right: "inner = \"{1}\"\nx = \"{inner}\""),
        "E006": Entry(
            "a `{` in a string begins an expression; write `\\{` for a brace.", wrong: "print(\"a set: {\")",
            right: "print(\"a set: \\{\")"),
        "E007": Entry(
            "a `\\` in a string begins an escape, and this one is not known; write `\\\\` for a backslash.",
            wrong: "print(\"\\d+\")", right: "print(r\"\\d+\")"),
        "E010": Entry(
            "a bracket or a word of the grammar is missing.", wrong: "xs = [1, 2\nprint(xs)",
            right: "xs = [1, 2]\nprint(xs)"),
        "E011": Entry(
            "a name is missing; words of the grammar such as `for` cannot be names.", wrong: "fn in(x) { x }",
            right: "fn inside(x) { x }"),
        "E012": Entry(
            "something stands where it cannot stand.", wrong: "x = 3 if true else 4",
            right: "x = if true { 3 } else { 4 }"
        ),
        "E013": Entry(
            "there are no tuples: write a list.", wrong: "pair = (1, 2)", right: "pair = [1, 2]\n(a, b) = pair"),
        "E014": Entry(
            "only names, fields, items and `(a, b)` can be assigned to.", wrong: "len([]) = 3", right: "n = len([])"),
        "E015": Entry(
            "a part of the source that is nested too deeply, or too long; give its parts names.",
            wrong: "x = ((((( ... 1 ... )))))   # more than 200 brackets", right: "inner = (1)\nx = (inner)",
            needs: .nothing),
        "E016": Entry(
            "two parameters of a function have the same name.", wrong: "fn f(a, a) { a }",
            right: "fn f(a, b) { a }"),
        "E017": Entry(
            "a parameter without a default stands after one that has a default.", wrong: "fn f(a = 1, b) { b }",
            right: "fn f(b, a = 1) { b }"),
        "E018": Entry(
            "the path of an import is a plain string, since the file is read before the script runs.",
            wrong: "import shapes"),
        "E019": Entry(
            "`x |> f` passes x on to a function: a function or a call must stand on its right.", wrong: "[1, 2] |> 3",
            right: "[1, 2] |> sum"),
        "E020": Entry(
            "arguments are named with `:`, not with `=`.", wrong: "print(1, end = \"\")",
            right: "print(1, end: \"\")"),
        "E021": Entry(
            "arguments by position come first, named ones after them.", wrong: "print(end: \"\", 1)",
            right: "print(1, end: \"\")"),
        "E022": Entry(
            "a call gives the same named argument twice.", wrong: "print(1, end: \"\", end: \"\")",
            right: "print(1, end: \"\")"),
        "E023": Entry("a record has the same field twice.", wrong: "r = {a: 1, a: 2}", right: "r = {a: 1, b: 2}"),
        "E024": Entry(
            "a field's name is a name or a plain string; set computed ones with `r[name] = value`.",
            wrong: "r = {1: \"one\"}", right: "r = {\"1\": \"one\"}"),
        "E025": Entry(
            "laying a script out would have changed what it means: a mistake of the formatter, which leaves it alone."),
    ]

    /// Of the checks of names and calls.
    static let naming: [String: Entry] = [
        "E030": Entry("a name that neither the script nor the library binds.", wrong: "pirnt(1)", right: "print(1)"),
        "E031": Entry(
            "a function reads outer names but binds its own: it cannot change an outer name with `+=`.",
            wrong: "n = 0\nfn add() { n += 1 }", right: "n = 0\nfn add(n) { n + 1 }\nn = add(n)"),
        "E032": Entry(
            "an argument's name that the function does not have.", wrong: "print(1, ennd: \"\")",
            right: "print(1, end: \"\")"),
        "E033": Entry("an argument that must be given is missing.", wrong: "split()", right: "split(\"a b\")"),
        "E034": Entry("more arguments than the function takes.", wrong: "upper(\"a\", \"b\")", right: "upper(\"a\")"),
        "E035": Entry(
            "an argument is given twice, by position and by name.", wrong: "split(\"a b\", text: \"c\")",
            right: "split(\"a b\")"),
        "E036": Entry(
            "a namespace, or an imported file, has no such member; `help(\"task\")` lists what `task` has.",
            wrong: "sums = task.sum()", right: "sums = task.sums()", needs: .library),
        "E037": Entry(
            "a name is read where no statement before has given it a value. A function that assigns to a name has a "
                + "variable of its own, whatever the file calls by that name.",
            wrong: "print(total)\ntotal = 3", right: "total = 3\nprint(total)"),
        "E040": Entry(
            "`break` and `continue` stand in loops only.", wrong: "if true { break }",
            right: "while true { if true { break } }"),
        "E041": Entry("`return` stands in functions only.", wrong: "return 3", right: "fn three() { return 3 }"),
        "E050": Entry(
            "a file that cannot be imported; its path starts at the folder of the file that imports it.",
            wrong: "import \"no such file.bridge\" as lib"),
    ]
}
