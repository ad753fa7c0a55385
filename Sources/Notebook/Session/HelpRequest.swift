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
        let after = trimmed.dropFirst(before).reversed().prefix { $0 == "?" }.count
        guard before + after > 0 else { return nil }
        let name = String(trimmed.dropFirst(before).dropLast(after)).trimmed
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || "_.|@+-*/%<>=".contains($0) }) else { return nil }
        subject = name
        wantsSource = max(before, after) > 1
    }

    /// The call of `help` that answers it: on the value for names that the session has bound, on the name otherwise.
    func source(in interpreter: Interpreter) -> String {
        if subject.isEmpty { return "help()" }
        let names = subject.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let value = interpreter.value(named: names[0]) else { return "help(\"\(subject)\")" }
        // The value of a field may be long in the making, and where there is none, its type tells what there is.
        let isPlain = names.count == 1 || value.object is NamespaceObject || value.asRecord?[names[1]] != nil
        return isPlain ? "help(\(subject))" : "help(\"\(value.typeName).\(names.dropFirst().joined(separator: "."))\")"
    }

    /// The command of the prompt that is meant, as in `?%time`.
    var command: PromptCommand? { subject.first == "%" ? PromptCommand.named(String(subject.dropFirst())) : nil }

    /// The text of the user's function that is asked for; nil where there is none to show.
    func functionText(in interpreter: Interpreter) -> String? {
        guard wantsSource else { return nil }
        return (interpreter.value(named: subject)?.object as? FunctionObject)?.text
    }
}
