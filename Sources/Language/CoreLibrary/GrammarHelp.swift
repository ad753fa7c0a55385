/// What `help` says of the words and signs of the grammar. Tests hold the table against the tokens, and run the examples.
package enum GrammarHelp {
    package struct Entry {
        /// As they are written; those that belong together share an entry.
        package var words: [String]
        package var text: String
        package var example: String

        init(_ words: String, _ text: String, _ example: String) {
            self.words = words.split(separator: " ").map(String.init)
            self.text = text
            self.example = example
        }
    }

    package static let entries = words + signs

    /// Every word and sign of the language.
    package static var all: [String] {
        GrammarWords.all + TokenKind.signs.joined().map(\.kind.rawValue).sorted()
    }

    package static func explanation(of word: String) -> String? {
        guard let entry = entries.first(where: { $0.words.contains(word) }) else { return nil }
        let title = entry.words.map { "`\($0)`" }.joined(separator: ", ")
        let example = entry.example.split(separator: "\n").map { "    " + $0 }
        return (["\(title): \(entry.text)", "", "  Example:"] + example).joined(separator: "\n") + "\n"
    }

    private static let words = [
        Entry(
            "if else", "runs the block whose condition holds; as an expression, gives that block's value.",
            "x = 3\nif x > 2 { print(\"large\") } else if x > 0 { print(\"small\") } else { print(\"none\") }\n"
                + "size = if x > 2 { \"large\" } else { \"small\" }"),
        Entry(
            "for in", "goes through a list, a range, a string, a record's names or rows; as an expression, gives the list "
                + "of the block's values. `in` alone asks whether something is in there.",
            "for x in [1, 2] { print(x) }\nfor (i, x) in enumerate([\"a\", \"b\"]) { print(i, x) }\n"
                + "squares = [x ** 2 for x in 0..5 if x != 2]\nassert(4 in [1, 4])"),
        Entry("while", "runs a block as long as a condition holds.", "n = 3\nwhile n > 0 { n -= 1 }"),
        Entry("break continue", "leaves a loop; goes on with its next turn.",
            "for i in 0..10 { if i == 1 { continue }; if i == 3 { break }; print(i) }"),
        Entry(
            "fn", "begins a function. Its value is that of its last expression, or what `return` gives. Parameters with a "
                + "default may be left out.",
            "fn scale(x, factor = 2) { x * factor }\nprint(scale(3), scale(3, factor: 10))"),
        Entry("->", "a function of one expression.", "double = x -> x * 2\nadd = (a, b) -> a + b\nprint(add(double(1), 3))"),
        Entry("return", "leaves a function with a value.", "fn sign(x) { if x < 0 { return -1 }; 1 }"),
        Entry(
            "try catch", "runs a block; an error in it goes to the block of `catch`, as a record with `message` and `code`.",
            "try { error(\"no data\") } catch err { print(err.message, err.code) }"),
        Entry(
            "import as", "runs another file once and names it; its names are members. The path starts at this file's folder.",
            "import \"shapes.bridge\" as shapes\nprint(shapes.area(2))"),
        Entry("and or not", "join conditions; the right side is looked at only where the left one does not decide.",
            "x = 3\nprint(x > 0 and x < 5, x < 0 or x == 3, not (x == 3))"),
        Entry("true false", "the two values of type Bool.", "done = false\nprint(done == true)"),
        Entry("nil", "the value of what gives none; only `nil` is equal to it.", "x = nil\nprint(x == nil)"),
        Entry("no_grad", "runs a block in which tensors remember no gradients.", "no_grad { print(1 + 1) }"),
    ]

    private static let signs = [
        Entry("+ -", "add and subtract numbers and tensors; `+` joins strings and lists. Before one value: its sign.",
            "print(1 + 2, \"a\" + \"b\", [1] + [2], 3 - 1, -2)"),
        Entry("*", "multiplies numbers and tensors; repeats a string or a list.", "print(2 * 3, \"ab\" * 2, [0] * 3)"),
        Entry("/", "divides; the result is a Float.", "print(7 / 2)"),
        Entry("// %", "the quotient rounded down, and what is left over, with the divisor's sign.",
            "print(7 // 2, 7 % 2, -7 // 2, -7 % 2)"),
        Entry("**", "a power; groups to the right, and binds tighter than a sign before it.", "print(2 ** 10, -2 ** 2)"),
        Entry("@", "the product of matrices.", "fn project(a, b) { a @ b }   # of (2, 3) and (3, 4) a tensor (2, 4)"),
        Entry("== !=", "whether values are equal: lists and records by what they hold, tensors by element.",
            "print([1, 2] == [1, 2], 1 == 1.0, \"a\" != \"b\")"),
        Entry("< <= > >=", "compare numbers, strings and lists; may stand in a row.", "x = 3\nprint(0 < x <= 3, \"a\" < \"b\")"),
        Entry(".. ..=", "a range of whole numbers, without its end and with it.", "print(list(0..3), list(0..=3))"),
        Entry("|>", "passes a value on as the first argument: `x |> f(y)` is `f(x, y)`.",
            "[3, 1, 2] |> sort(descending: true) |> print"),
        Entry("=", "binds a name, a field, an item, or several at once.",
            "x = 1\n(a, b) = [1, 2]\nr = {size: 3}\nr.size = 4\nxs = [1, 2]\nxs[0] = 5"),
        Entry("+= -= *= /= //= %= **= @=", "change what a name, a field or an item holds by an operator.",
            "n = 1\nn += 2\nr = {size: 3}\nr.size *= 2\nprint(n, r.size)"),
        Entry("( )", "group; hold the arguments of a call, by position and then by name.", "print((1 + 2) * 3, end: \"\\n\")"),
        Entry("[ ]", "make a list; take an item or a slice, counted from 0, or from the end with -1.",
            "xs = [1, 2, 3]\nprint(xs[0], xs[-1], xs[1:], [x * 2 for x in xs])"),
        Entry("{ }", "hold a block, a record's fields, or a value in a string.",
            "r = {name: \"a\", size: 3}\nif r.size > 2 { print(\"{r.name}: {r.size:.2f}\") }"),
        Entry(".", "takes a field, or calls a function with what stands before it as the first argument.",
            "r = {size: 3}\nprint(r.size, [1, 2].len())"),
        Entry(", : ;", "part values; name an argument, a field or a slice's bounds; end a statement, which a newline does too.",
            "x = 1; y = 2\nprint(x, y, end: \"\\n\")"),
    ]
}
