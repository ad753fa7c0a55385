import Glibc
import Language

/// The prompt: reads lines until the parser says that they are a whole, runs them, and reads on.
public final class Prompt {
    private let session: Session
    private let editor: LineEditor
    private let history: HistoryFile?
    private let cells: PromptSession

    /// - Parameter history: where entries are kept for the next session; nil for nowhere.
    public init(session: Session, editor: LineEditor, history: HistoryFile?) {
        self.session = session
        self.editor = editor
        self.history = history
        cells = PromptSession(session: session, editor: editor, history: history)
        editor.pasteFilter = PastedText.withoutPrompts
        editor.isWhole = { [session] text in Self.isWhole(text, in: session) }
        editor.historyNews = { [history] in history?.news().map(\.text) ?? [] }
        editor.completion = { [session] text, cursor, columns in
            Completer(session.interpreter).answer(text: text, cursor: cursor, columns: columns)
        }
    }

    /// Runs until Ctrl-D or `exit`.
    public func run() {
        for entry in history?.load() ?? [] { editor.addHistory(entry.text) }
        session.console.print(Self.greeting)
        while let text = readCell() {
            remember(text)
            let start = ContinuousClock.now
            let goesOn = Self.parts(of: text, in: session).allSatisfy(perform)
            history?.finish(after: (ContinuousClock.now - start) / .seconds(1))
            guard goesOn else { return }
        }
    }

    package static var greeting: String {
        "bridge \(Version.current): ?name explains, Tab completes, %help lists commands, Ctrl-D leaves\n"
    }

    package static let firstPrompt = "bridge> "
    package static let nextPrompt = "   ...> "

    /// The next whole piece of input; nil at its end.
    private func readCell() -> String? {
        var lines: [String] = []
        while true {
            session.console.endLine()
            switch editor.readLine(prompt: lines.isEmpty ? Self.firstPrompt : Self.nextPrompt) {
            case .line(let line):
                lines.append(line)
                let text = lines.joined(separator: "\n")
                if Self.isBlank(text) {
                    lines = []
                } else if Self.isWhole(text, in: session) {
                    return text
                }
            case .interrupted:
                lines = []
            case .endOfFile:
                if lines.isEmpty {
                    if session.console.output.isTerminal { session.console.print("\n") }
                    return nil
                }
                session.console.report("the unfinished input was dropped\n")
                lines = []
            }
        }
    }

    /// A text's cells: where a line of a pasted session asks for help or is a command, it stands by itself.
    private static func parts(of text: String, in session: Session) -> [String] {
        var parts = [""]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let last = parts[parts.count - 1]
            if !last.isEmpty, isRequest(line) || isRequest(last), isWholePart(last, in: session) {
                parts.append(String(line))
            } else {
                parts[parts.count - 1] = last.isEmpty ? String(line) : last + "\n" + line
            }
        }
        return parts.filter { !isBlank($0) }
    }

    /// Whether a text begins with a line that is for the prompt.
    private static func isRequest(_ text: some StringProtocol) -> Bool {
        let line = String(text.prefix { $0 != "\n" })
        return HelpRequest(line) != nil || PromptCommand.parts(of: line).flatMap { PromptCommand.named($0.name) } != nil
    }

    /// Does what was typed; false when that is to leave.
    private func perform(_ text: String) -> Bool {
        if let request = HelpRequest(text) {
            help(request)
            return true
        }
        if let (name, rest) = PromptCommand.parts(of: text) {
            cells.perform(name.isEmpty ? "help" : name, rest)
            return true
        }
        if isLeaving(text) { return false }
        if let command = PromptCommand.meant(by: text), isNobodys(command.name), !isCode(text) {
            session.console.report("error: write `%\(command.name)`: commands of the prompt begin with %\n")
            return true
        }
        cells.runCell(text)
        return true
    }

    private func isNobodys(_ name: String) -> Bool {
        session.interpreter.value(named: name) == nil && !session.interpreter.registry.globalNames.contains(name)
    }

    /// Whether a text is code, as far as can be seen before it runs.
    private func isCode(_ text: String) -> Bool { session.diagnostics(of: Cell(name: "", text: text)).isEmpty }

    private func help(_ request: HelpRequest) {
        if let source = request.functionText(in: session.interpreter) {
            session.console.print(CodeStyles.painted(source, hasColour: session.console.output.hasColour) + "\n")
        } else if let command = request.command {
            session.console.print("\(command.head)\n\n  \(command.summary)\n")
        } else {
            session.run(Cell(name: "help", text: request.source(in: session.interpreter)), showsResult: true)
        }
    }

    /// `exit` and `quit`, with or without brackets, as long as they are nobody's names.
    private func isLeaving(_ text: String) -> Bool {
        var word = text.trimmed
        if word.hasSuffix("()") { word = String(word.dropLast(2)) }
        guard word == "exit" || word == "quit" else { return false }
        return isNobodys(word)
    }

    private func remember(_ text: String) {
        editor.addHistory(text)
        history?.append(text, at: Self.secondsSince1970)
    }

    private static var secondsSince1970: Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    /// Whether Enter runs the text.
    private static func isWhole(_ text: String, in session: Session) -> Bool {
        parts(of: text, in: session).last.map { isWholePart($0, in: session) } ?? true
    }

    private static func isWholePart(_ text: String, in session: Session) -> Bool {
        if isBlank(text) || HelpRequest(text) != nil { return true }
        guard let (name, rest) = PromptCommand.parts(of: text) else { return session.interpreter.isComplete(text) }
        guard case .code? = PromptCommand.named(name)?.argument else { return true }
        return session.interpreter.isComplete(rest)
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String { String(drop(while: \.isWhitespace)).trimmedEnd }

    /// Without white space at the end.
    var trimmedEnd: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
