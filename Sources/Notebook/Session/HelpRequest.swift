import Language

/// `?name`, `name?`, `??name`, or `help` by itself, typed at the prompt.
struct HelpRequest: Equatable {
    /// What help is wanted on; empty for the overview.
    let subject: String
    /// Two question marks: the source of a function is wanted.
    let wantsSource: Bool

    /// nil where the text is no request for help.
    init?(_ text: String) {
        let trimmed = text.trimmed == "help" ? "?" : text.trimmed
        let before = trimmed.prefix { $0 == "?" }.count
        let after = before == 0 ? trimmed.reversed().prefix { $0 == "?" }.count : 0
        guard (1...2).contains(max(before, after)) else { return nil }
        let name = String(trimmed.dropFirst(before).dropLast(after)).trimmed
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || "_.|@+-*/%<>=".contains($0) }) else { return nil }
        subject = name
        wantsSource = max(before, after) == 2
    }

    /// The call of `help` that answers it: on the value for names that the session has bound, on the name otherwise.
    func source(in interpreter: Interpreter) -> String {
        if subject.isEmpty { return "help()" }
        if interpreter.value(named: String(subject.prefix { $0 != "." })) != nil { return "help(\(subject))" }
        return "help(\"\(subject)\")"
    }

    /// The command of the prompt that is meant, as in `?%time`.
    var command: PromptCommand? { subject.first == "%" ? PromptCommand.named(String(subject.dropFirst())) : nil }

    /// The text of the user's function that is asked for; nil where there is none to show.
    func functionText(in interpreter: Interpreter) -> String? {
        guard wantsSource else { return nil }
        return (interpreter.value(named: subject)?.object as? FunctionObject)?.text
    }
}
