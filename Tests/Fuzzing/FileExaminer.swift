import Glibc
import Language
import Notebook

/// Reads files that nobody would write, as the library and the notebook read them. Each is taken, and comes back when it
/// is written and read again, or is refused with an error of its own.
public final class FileExaminer {
    public private(set) var statistics = Examiner.Statistics()
    private let watchdog: Watchdog
    private let interpreter: Interpreter
    private let input: String

    /// - Parameter folder: where the files are made.
    public init(folder: String, watchdog: Watchdog) {
        self.watchdog = watchdog
        interpreter = Interpreter(registry: Self.silentRegistry())
        interpreter.output = { _ in }
        input = folder + "/input"
        for name in ["input", "output", "again"] { interpreter.define(name, .string("\(folder)/\(name)")) }
        _ = try? interpreter.run(source: Source(name: "readers", text: Self.readers))
    }

    static func silentRegistry() -> Registry {
        let silent = Console.Stream { _ in }
        return Library.registry(console: Console(output: silent, error: silent))
    }

    /// - Returns: what is wrong, or `nil`.
    public func problem(of bytes: [UInt8], _ kind: Campaign.Kind) -> String? {
        statistics.programs += 1
        watchdog.begin()
        defer { if watchdog.end() { statistics.stopped += 1 } }
        switch kind {
        case .notebook: return notebookProblem(String(decoding: bytes, as: UTF8.self))
        case .history: return historyProblem(bytes)
        case .natives: return callProblem(String(decoding: bytes, as: UTF8.self))
        default: return readerProblem(bytes, kind)
        }
    }

    // MARK: - Data

    private static let readers = """
        fn same() { assert(read_text(output) == read_text(again), "what was written reads as something else") }
        fn json() { write_json(output, read_json(input)); write_json(again, read_json(output)); same() }
        fn lines() { write_jsonl(output, read_jsonl(input)); write_jsonl(again, read_jsonl(output)); same() }
        fn streamed() { rows = stream_jsonl(input); assert(len([r for r in rows]) == len(read_jsonl(input))) }
        fn csv() {
            rows = read_csv(input)
            if len(rows) > 0 { write_csv(output, rows); write_csv(again, read_csv(output)); same() }
            assert(len([r for r in stream_csv(input)]) == len(rows))
        }
        """

    private func readerProblem(_ bytes: [UInt8], _ kind: Campaign.Kind) -> String? {
        guard write(bytes) else { return "the file cannot be written" }
        for reader in kind == .csv ? ["csv"] : ["json", "lines", "streamed"] {
            do {
                try interpreter.run(source: Source(name: reader, text: "\(reader)()"))
                statistics.accepted += 1
                statistics.finished += 1
            } catch {
                let code = error.diagnostics.first?.code ?? ""
                statistics.codes[code, default: 0] += 1
                guard error.isInterrupted || code.hasPrefix("E30") else { return "\(reader): \(error.description)" }
            }
        }
        return nil
    }

    /// A call of the library ends, whatever it is given, with a value or with an error that has a code and can be shown.
    private func callProblem(_ text: String) -> String? {
        let session = Interpreter(registry: interpreter.registry)
        session.output = { _ in }
        do {
            try session.run(source: Source(name: "call", text: text))
            statistics.accepted += 1
            statistics.finished += 1
        } catch {
            if error.phase != .checking { statistics.accepted += 1 }
            for diagnostic in error.diagnostics {
                statistics.codes[diagnostic.code, default: 0] += 1
                let shown = DiagnosticRenderer().render(diagnostic)
                guard !diagnostic.message.isEmpty, shown.utf8.count < 50_000 else {
                    return "a message of no use: \(shown.prefix(1000))"
                }
            }
        }
        return nil
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        guard let file = fopen(input, "wb") else { return false }
        defer { fclose(file) }
        return fwrite(bytes, 1, bytes.count, file) == bytes.count
    }

    // MARK: - Notebooks and the history

    private func notebookProblem(_ text: String) -> String? {
        var documents = [NotebookDocument(percent: text)]
        if let document = try? NotebookDocument(jupyter: text, name: "input") { documents.append(document) }
        statistics.accepted += documents.count - 1
        statistics.finished += documents.count - 1
        for document in documents {
            let written = document.percentText
            let again = NotebookDocument(percent: written).percentText
            if again != written { return "the cells\n\(written)\ncame back as\n\(again)" }
        }
        return nil
    }

    private func historyProblem(_ bytes: [UInt8]) -> String? {
        guard write(bytes) else { return "the file cannot be written" }
        var warning: String?
        let history = HistoryFile(path: input) { warning = $0 }
        let before = history.load()
        let entry = "entry \(statistics.programs)\n\\t"
        history.append(entry, at: 1_700_000_000)
        history.finish(after: 0.5)
        let after = HistoryFile(path: input) { warning = $0 }.load()
        if let warning { return warning }
        guard after.last?.text == entry, after.count == min(before.count + 1, HistoryFile.entryLimit) else {
            return "\(before.count) entries and one more are \(after.count)"
        }
        statistics.accepted += 1
        statistics.finished += 1
        return nil
    }
}
