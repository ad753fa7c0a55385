/// What people write out of habit from other languages, and what is written here. The lexer, the parser, the checker
/// and runtime errors all look here.
enum Habits {
    /// Signs that mean nothing here, longest first, with the token that was meant.
    static let signs: [(sign: String, meant: TokenKind?, hint: String)] = [
        ("??", nil, "write `if x != nil { x } else { y }`"), ("?.", .dot, "write `if x != nil { x.name }`"),
        ("===", .equal, "write `==`"), ("!==", .notEqual, "write `!=`"), ("&&", .and, "write `and`"),
        ("||", .or, "write `or`"), (":=", .assign, "write `=`"), ("=>", .arrow, "write `->`"),
        ("<>", .notEqual, "write `!=`"), ("=<", .lessOrEqual, "write `<=`"), ("!", .not, "write `not`"),
        ("&", .and, "write `and`"), ("|", .or, "write `or`, or `|>` to pipe"), ("^", .doubleStar, "write `**`"),
        ("?", nil, "write `if condition { a } else { b }`"), ("’", nil, "write `'`"), ("‘", nil, "write `'`"),
        ("−", .minus, "write `-`"), ("–", .minus, "write `-`"), ("×", .star, "write `*`"), ("·", .star, "write `*`"),
        ("÷", .slash, "write `/`"), ("→", .arrow, "write `->`"), ("≤", .lessOrEqual, "write `<=`"),
        ("≥", .greaterOrEqual, "write `>=`"), ("≠", .notEqual, "write `!=`"), ("…", .range, "write `..`"),
        ("\u{A0}", nil, "this is a no-break space: write an ordinary one"),
        ("\u{200B}", nil, "this is a space without width: delete it"), ("$", nil, "put values into a text with `{x}`"),
        ("`", nil, "a string stands in `\"`"), ("\\", nil, "a line goes on inside brackets and after an operator"),
    ]

    static let signsByFirstByte: [[(sign: String, meant: TokenKind?, hint: String)]] = {
        var result = [[(sign: String, meant: TokenKind?, hint: String)]](repeating: [], count: 256)
        for entry in signs { result[Int(entry.sign.utf8.first ?? 0)].append(entry) }
        return result
    }()

    /// Names that are not defined here.
    static let names: [String: String] = [
        "None": "write `nil`", "null": "write `nil`", "NULL": "write `nil`", "nullptr": "write `nil`",
        "undefined": "write `nil`", "nothing": "write `nil`", "True": "write `true`", "TRUE": "write `true`",
        "False": "write `false`", "FALSE": "write `false`", "self": "there are no classes: pass the record in",
        "this": "there are no classes: pass the record in", "append": "write `push(list, value)`",
        "dict": "write `{name: value}`", "tuple": "write a list, `[a, b]`", "set": "write `unique(list)`",
        "array": "write `[1, 2]`, or `tensor([1, 2])`", "printf": "write `print(\"{x:.3f}\")`",
        "println": "write `print(...)`", "console": "write `print(...)`", "echo": "write `print(...)`",
        "puts": "write `print(...)`", "sorted": "write `sort(list)`", "reversed": "write `reverse(list)`",
        "length": "write `len(x)`", "size": "write `len(x)`", "count": "write `len([x for x in xs if ...])`",
        "string": "write `str(x)`", "bool": "compare: `x != 0`", "isinstance": "write `type(x) == \"Int\"`",
        "typeof": "write `type(x)`", "open": "write `read_text(path)` or `write_text(path, text)`",
        "input": "write `args()` for what the command line gave", "exit": "let the script end, or call `error(...)`",
        "any": "write `len([x for x in xs if ...]) > 0`", "all": "write `len([x for x in xs if not ...]) == 0`",
        "pow": "write `x ** y`", "pass": "a block may be empty: `{ }`", "Exception": "write `error(\"message\")`",
        "raise": "write `error(\"message\")`", "throw": "write `error(\"message\")`",
        "math": "write `sqrt(x)`, `exp(x)`",
        "np": "the functions of NumPy are called without `np.`", "torch": "write `tensor(...)`, `zeros(...)`",
        "matmul": "write `a @ b`", "mm": "write `a @ b`", "bmm": "write `a @ b`", "dot": "write `a @ b`",
        "concat": "write `cat([a, b])`, or `xs + ys` for lists",
        "concatenate": "write `cat([a, b])`, or `xs + ys` for lists",
        "inf": "write `float(\"inf\")`", "nan": "write `float(\"nan\")`", "foreach": "write `for x in xs { }`",
    ]

    /// What to write in place of an operator that does not take values of these types; nil for what is not known.
    static func operation(_ op: BinaryOperator, _ left: StaticType?, _ right: StaticType?) -> String? {
        guard left == .string || right == .string else { return nil }
        if op == .remainder, left == .string { return "write the value into the text: \"{x:d}\", \"{x:.3f}\"" }
        let isTensor = left?.name == "Tensor" || right?.name == "Tensor"
        if isTensor { return nil }
        return op == .add ? "write \"{a}{b}\", or convert with `str(...)`" : "convert with `int(...)` or `float(...)`"
    }

    /// Methods and fields of other languages' strings, lists and dictionaries.
    static let members: [String: String] = [
        "append": "write `push`", "add": "write `push`", "extend": "write `xs + ys`", "strip": "write `trim`",
        "length": "write `len(x)`", "size": "write `len(x)`, or `x.shape` for a tensor",
        "count": "write `len([y for y in x if ...])`",
        "format": "write \"{value:.3f}\"", "startswith": "write `starts_with`", "endswith": "write `ends_with`",
        "toUpperCase": "write `upper`", "toLowerCase": "write `lower`", "index": "write `find`",
        "indexOf": "write `find`",
        "has_key": "write `\"name\" in record`", "get": "write `if \"name\" in r { r.name } else { ... }`",
        "remove": "write `pop(x, at)`", "sorted": "write `sort`", "includes": "write `contains`",
        "forEach": "write `for`",
        "update": "write `r.name = value`", "numpy": "write `x.list()`", "cpu": "tensors are in memory already",
        "cuda": "tensors are in memory: leave it out", "to": "tensors are in memory: leave it out",
        "view": "write `x.reshape(...)`", "dim": "write `len(x.shape)`", "ndim": "write `len(x.shape)`",
        "matmul": "write `a @ b`", "mm": "write `a @ b`", "bmm": "write `a @ b`", "dot": "write `a @ b`",
        "requires_grad": "write `x = param(x)`", "requires_grad_": "write `x = param(x)`",
        "tolist": "write `x.list()`", "push_back": "write `push`", "isEmpty": "write `len(x) == 0`",
    ]

    /// Words that begin a statement in other languages, where a word or a bracket follows that cannot follow a name.
    struct Statement {
        enum Repair {
            /// Read as this word of the language.
            case read(TokenKind)
            /// Leave the word out.
            case leaveOut
            /// Nothing can be made of it; the lines that are indented below belong to it.
            case skip
        }

        var message: String
        var suggestion: String
        var repair: Repair
    }

    static func statement(_ word: String) -> Statement? {
        switch word {
        case "def", "function", "func", "fun", "proc", "sub":
            Statement(message: "a function begins with `fn`", suggestion: "write `fn`", repair: .read(.fn))
        case "let", "var", "const", "local", "auto", "mut", "val", "my":
            Statement(
                message: "there is no `\(word)`", suggestion: "a name is bound with `=` alone", repair: .leaveOut)
        case "global", "nonlocal":
            Statement(
                message: "there is no `\(word)`",
                suggestion: "a function binds its own names: pass values in and return them", repair: .skip)
        case "class", "struct", "enum", "interface":
            Statement(
                message: "there are no classes",
                suggestion: "keep values in a record, `{a: 1}`, and write functions of it", repair: .skip)
        case "with", "using":
            Statement(
                message: "there is no `\(word)`",
                suggestion: "files are read whole, with `read_text(path)`; `no_grad { }` is a block", repair: .skip)
        case "switch", "match", "case":
            Statement(
                message: "there is no `\(word)`", suggestion: "write `if a { } else if b { } else { }`", repair: .skip)
        case "from", "use", "require", "include", "using_namespace":
            Statement(
                message: "an import names a file", suggestion: "write `import \"lib.bridge\" as lib`", repair: .skip)
        case "raise", "throw":
            Statement(message: "there is no `\(word)`", suggestion: "write `error(\"message\")`", repair: .skip)
        case "print", "echo", "puts", "println":
            Statement(message: "`print` is a function", suggestion: "write `print(...)`", repair: .skip)
        case "assert":
            Statement(
                message: "`assert` is a function", suggestion: "write `assert(condition, \"message\")`", repair: .skip)
        case "del", "delete":
            Statement(message: "there is no `\(word)`", suggestion: "write `pop(xs, at)`", repair: .skip)
        case "yield", "await", "async", "defer":
            Statement(
                message: "there is no `\(word)`", suggestion: "return a list, or pass a function in", repair: .skip)
        case "foreach":
            Statement(message: "there is no `foreach`", suggestion: "write `for x in xs { }`", repair: .read(.for))
        case "unless", "until", "loop", "repeat", "do":
            Statement(
                message: "there is no `\(word)`", suggestion: "write `if not c { }` or `while c { }`", repair: .skip)
        case "finally", "ensure":
            Statement(
                message: "there is no `\(word)`", suggestion: "put what follows after the `catch` block", repair: .skip)
        case "except", "rescue":
            Statement(
                message: "an error is caught with `catch`", suggestion: "write `try { } catch err { }`", repair: .skip)
        case "elif", "elseif", "elsif":
            Statement(message: "`\(word)` is written `else if`", suggestion: "write `else if`", repair: .skip)
        default: nil
        }
    }
}
