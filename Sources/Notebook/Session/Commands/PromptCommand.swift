import Language

/// What a line that begins with `%` asks of the session. It is no part of the language: scripts have none of it.
struct PromptCommand: Sendable {
    /// Without the `%`.
    let name: String
    /// What follows the name, for help.
    let usage: String
    let summary: String
    /// What Tab completes behind the name; code may go over several lines.
    enum Argument: Sendable { case words, code, file, name }
    var argument = Argument.words
    let body: @Sendable (_ session: PromptSession, _ rest: String) throws -> Void

    static let all: [PromptCommand] =
        timeCommands + cellCommands + sessionCommands
        + [
            PromptCommand(name: "help", usage: "", summary: "this list") { session, _ in
                session.console.print(PromptCommand.overview)
            }
        ]

    static func named(_ name: String) -> PromptCommand? { all.first { $0.name == name } }

    /// As it is typed: `%save [3..9] FILE`.
    var head: String { "%\(name) \(usage)".trimmed }

    /// A table of all commands.
    static var overview: String {
        let heads = all.map(\.head)
        let width = heads.map(\.count).max() ?? 0
        return zip(heads, all).map { head, command in
            head + String(repeating: " ", count: width - head.count + 2) + command.summary + "\n"
        }.joined()
    }

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
