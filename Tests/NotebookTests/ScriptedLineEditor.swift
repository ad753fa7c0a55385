import Notebook

/// A line editor whose user is a list.
final class ScriptedLineEditor: LineEditor {
    private var readings: [LineReading]
    private(set) var prompts: [String] = []
    private(set) var history: [String] = []
    var completion: ((String, Int, Int) -> CompletionAnswer)?
    var pasteFilter: ((String) -> String)?
    var isWhole: ((String) -> Bool)?
    var historyNews: (() -> [String])?

    init(_ readings: [LineReading]) { self.readings = readings }

    func readLine(prompt: String) -> LineReading {
        prompts.append(prompt)
        return readings.isEmpty ? .endOfFile : readings.removeFirst()
    }

    /// What the user's own editor makes of a text.
    var outsideEdit: (String) -> String = { $0 }
    func editOutside(_ text: String) -> String { outsideEdit(text) }

    func addHistory(_ entry: String) { history.append(entry) }
}

/// A console that keeps what is written to it.
final class RecordedConsole {
    private(set) var output = ""
    private(set) var error = ""
    private(set) var console: Console!

    init(isTerminal: Bool = false, columns: Int = 80, rows: Int = 24) {
        func stream(_ write: @escaping (String) -> Void) -> Console.Stream {
            .init(isTerminal: isTerminal, columns: { columns }, rows: { rows }, write: write)
        }
        console = Console(
            output: stream { [weak self] in self?.output += $0 }, error: stream { [weak self] in self?.error += $0 })
    }
}
