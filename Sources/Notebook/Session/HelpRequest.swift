import Language

/// `?name` or `name?` typed at the prompt.
struct HelpRequest: Equatable {
    /// What help is wanted on; empty for the overview.
    let subject: String

    /// nil where the text is no request for help.
    init?(_ text: String) {
        var rest = Substring(text.trimmed)
        if rest.first == "?" {
            rest.removeFirst()
        } else if rest.last == "?" {
            rest.removeLast()
        } else {
            return nil
        }
        let name = String(rest).trimmed
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || "_.|@+-*/%<>=".contains($0) }) else { return nil }
        subject = name
    }

    /// The call of `help` that answers it: on the value for names that the session has bound, on the name otherwise.
    func source(in interpreter: Interpreter) -> String {
        if subject.isEmpty { return "help()" }
        if interpreter.value(named: String(subject.prefix { $0 != "." })) != nil { return "help(\(subject))" }
        return "help(\"\(subject)\")"
    }
}
