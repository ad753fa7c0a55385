/// What the codes of diagnostics mean, for `help("E203")`. E0 is found before a script runs, E1 is raised by the script
/// itself, E2 while it runs, E3 with files. `LanguageTests` holds the table against the codes in the sources.
package enum ErrorCodes {
    package static func explanation(of code: String) -> String? { texts[code] }

    package static var all: [String] { texts.keys.sorted() }

    private static let texts: [String: String] = reading
        .merging(naming) { first, _ in first }
        .merging(running) { first, _ in first }
        .merging(files) { first, _ in first }

    /// Of the lexer and the parser.
    private static let reading: [String: String] = [
        "E001": "a character that the language does not use.",
        "E002": "a number that cannot be read.",
        "E003": "an integer beyond 64 bits.",
        "E004": "a string without its closing quote.",
        "E005": "strings nested in the `{ }` of strings, more than 20 deep; give the inner ones names first.",
        "E006": "a `{` in a string begins an expression; write `\\{` for a brace.",
        "E007": "a `\\` in a string begins an escape, and this one is not known; write `\\\\` for a backslash.",
        "E010": "a bracket or a word of the grammar is missing.",
        "E011": "a name is missing; words of the grammar such as `for` cannot be names.",
        "E012": "something stands where it cannot stand.",
        "E013": "there are no tuples: write a list.",
        "E014": "only names, fields, items and `(a, b)` can be assigned to.",
        "E015": "a source nested too deeply.",
        "E016": "two parameters of a function have the same name.",
        "E017": "a parameter without a default stands after one that has a default.",
        "E018": "the path of an import is a plain string, since the file is read before the script runs.",
        "E019": "`x |> f` passes x on to a function: a function or a call must stand on its right.",
        "E020": "arguments are named with `:`, as in `f(width: 8)`.",
        "E021": "arguments by position come first, named ones after them.",
        "E022": "a call gives the same named argument twice.",
        "E023": "a record has the same field twice.",
        "E024": "a field's name is a name or a plain string; set computed ones with `r[name] = value`.",
        "E025": "laying a script out would have changed what it means: a mistake of the formatter, which leaves it alone.",
    ]

    /// Of the checks of names and calls before a script runs.
    private static let naming: [String: String] = [
        "E030": "a name that neither the script nor the library binds.",
        "E031": "a function reads outer names but binds its own: it cannot change an outer name with `+=`.",
        "E032": "an argument's name that the function does not have.",
        "E033": "an argument that must be given is missing.",
        "E034": "more arguments than the function takes.",
        "E035": "an argument is given twice, by position and by name.",
        "E036": "a namespace has no such member.",
        "E040": "`break` and `continue` stand in loops only.",
        "E041": "`return` stands in functions only.",
        "E050": "a file that cannot be imported.",
    ]

    private static let running: [String: String] = [
        "E100": "an error the script raised with `error`.",
        "E101": "an assertion that did not hold.",
        "E200": "something that the library could not do; the message says what and why.",
        "E201": "an operator that does not take values of these types.",
        "E202": "an integer result beyond 64 bits; make one operand a Float.",
        "E203": "an argument of the wrong type, or one that is not among the known values.",
        "E204": "a division by zero.",
        "E205": "a value that has no elements to go through.",
        "E206": "an index or a slice that does not suit the value.",
        "E207": "a number outside of what a function is defined for, such as the root of a negative number.",
        "E208": "a condition must be a Bool; compare explicitly.",
        "E209": "an index beyond the ends.",
        "E210": "a field or a method that the value does not have.",
        "E211": "a call of something that is no function.",
        "E212": "a name that is read before it is bound.",
        "E213": "a value taken apart into the wrong number of names.",
        "E214": "a format specification that cannot be used.",
        "E230": "a list too long.",
        "E231": "a string too long.",
        "E232": "values nested too deeply to be compared, or one that holds itself.",
        "E233": "too many calls that have not returned.",
        "E234": "library functions and functions of the script call each other too deeply.",
        "E235": "a file that binds too many names; keep values in lists and records.",
        "E299": "the script was interrupted with Ctrl-C.",
    ]

    private static let files: [String: String] = [
        "E300": "a file that cannot be read or written; the message says why.",
        "E301": "a text that is not JSON; the message says where.",
        "E302": "a value that JSON has no form for, such as a function or NaN.",
        "E303": "a table that is not CSV, or cannot be written as CSV.",
    ]
}
