import Glibc
import Language

extension PromptCommand {
    static let sessionCommands = [
        PromptCommand(name: "who", usage: "[TEXT]", summary: "the names that are bound, with types, shapes and sizes",
            argument: .name
        ) { session, text in
            let argument = text.isEmpty ? "" : Printer.repr(.string(text))
            session.session.run(Cell(name: "%who", text: "who(\(argument))"), showsResult: true)
        },
        PromptCommand(name: "history", usage: "[TEXT]", summary: "what was typed, in this session and those before") {
            session, text in
            session.console.print(try historyTable(session, matching: text))
        },
        PromptCommand(name: "log", usage: "FILE | off", summary: "keeps what is typed and shown in a file",
            argument: .file(orWords: ["off"])
        ) { session, text in
            try setLog(session, text)
        },
        PromptCommand(name: "reset", usage: "[-f]", summary: "forgets all names and results, after a question") {
            session, text in
            reset(session, isSure: text == "-f")
        },
    ]

    private static let historyLimit = 200

    private static func historyTable(_ session: PromptSession, matching text: String) throws -> String {
        guard let history = session.history else { throw PromptCommandError("this session keeps no history") }
        var found = history.entries(matching: text)
        // The command itself has been typed too.
        if PromptCommand.parts(of: found.last?.text ?? "")?.name == "history" { found.removeLast() }
        let entries = found.suffix(historyLimit)
        guard !entries.isEmpty else {
            return text.isEmpty ? "nothing was typed yet\n" : "nothing that was typed holds \"\(text)\"\n"
        }
        return entries.map { entry in
            let time = entry.time.map(moment) ?? String(repeating: " ", count: 16)
            let took = entry.duration.map { $0 > 0 ? Timing.text($0) : "" } ?? ""
            let padding = String(repeating: " ", count: max(0, 8 - took.count))
            let lines = entry.text.split(separator: "\n", omittingEmptySubsequences: false)
            return "\(time) \(padding)\(took)  "
                + lines.joined(separator: "\n" + String(repeating: " ", count: 27)) + "\n"
        }.joined()
    }

    /// `2026-01-31 17:05` in local time.
    private static func moment(_ time: Double) -> String {
        var seconds = time_t(time)
        var parts = tm()
        localtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%Y-%m-%d %H:%M", &parts)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func setLog(_ session: PromptSession, _ text: String) throws {
        switch text {
        case "":
            guard let log = session.log else {
                return session.console.print("no log is kept; `%log FILE` begins one\n")
            }
            let broken = "the log in \(log.path) ended when it could not be written\n"
            session.console.print(log.isBroken ? broken : "logging to \(log.path)\n")
        case "off":
            guard let log = session.log else { throw PromptCommandError("no log is kept") }
            session.setLog(nil)
            session.console.print("the log is in \(log.path)\n")
        default:
            let log = try SessionLog(path: text) { session.console.report("warning: \($0)\n") }
            session.console.print("logging to \(text); `%log off` ends it\n")
            session.setLog(log)
        }
    }

    private static func reset(_ session: PromptSession, isSure: Bool) {
        let count = session.interpreter.userNames.count
        if !isSure && count > 0 {
            let names = count == 1 ? "1 name" : "\(count) names"
            guard session.isConfirmed("forget \(names)?") else {
                return session.console.print("nothing was forgotten\n")
            }
        }
        session.reset()
    }
}
