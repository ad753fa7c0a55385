import Language

/// What a line that begins with `%` asks of the session. It is no part of the language: scripts have none of it.
struct PromptCommand: Sendable {
    /// Without the `%`.
    let name: String
    /// What follows the name, for help.
    let usage: String
    let summary: String
    /// What Tab completes behind the name; code may go over several lines. The words are those that have a meaning.
    enum Argument: Sendable {
        case words([String]), code, name
        case file(orWords: [String] = [])
    }
    var argument = Argument.words([])
    let body: @Sendable (_ session: PromptSession, _ rest: String) throws -> Void

    static let all: [PromptCommand] =
        timeCommands + cellCommands + sessionCommands
        + [
            PromptCommand(name: "help", usage: "", summary: "this list") { session, _ in
                session.console.print(PromptCommand.overview)
            }
        ]

    static func named(_ name: String) -> PromptCommand? { all.first { $0.name == name } }

    /// The command that a text without the `%` seems to mean: with something behind its name where it needs that.
    static func meant(by text: String) -> PromptCommand? {
        let words = text.trimmed.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard let name = words.first, let command = named(String(name)) else { return nil }
        if let start = words.dropFirst().first?.first, !start.isLetter, !start.isNumber, !"\"'./~".contains(start) {
            return nil
        }
        return words.count > 1 || command.usage.isEmpty || command.usage.hasPrefix("[") ? command : nil
    }

    /// As it is typed: `%save [3..9] FILE`.
    var head: String { "%\(name) \(usage)".trimmed }

    /// A table of all commands.
    static var overview: String {
        let heads = all.map(\.head)
        let width = heads.map(\.count).max() ?? 0
        return zip(heads, all).map { head, command in
            head + String(repeating: " ", count: width - head.count + 2) + command.summary + "\n"
        }.joined() + "\n" + keys
    }

    private static let keys = """
        Tab completes, and `?name` explains. Ctrl-R searches the history, Up goes back in it.
        Alt-Enter begins a new line, Ctrl-X Ctrl-E opens $EDITOR, Ctrl-_ takes a change back.
        Ctrl-C stops what runs, Ctrl-L clears the screen, Ctrl-D leaves.

        """

    /// A text as a command's name and what follows it; nil for text that does not begin with `%` and a letter.
    static func parts(of text: String) -> (name: String, rest: String)? {
        let text = text.trimmed
        guard text.first == "%" else { return nil }
        let body = text.dropFirst()
        let name = body.prefix { $0.isLetter }
        guard !name.isEmpty || body.isEmpty else { return nil }
        return (String(name), String(body.dropFirst(name.count)).trimmed)
    }
}

/// A command that cannot be carried out; the message says why.
struct PromptCommandError: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
