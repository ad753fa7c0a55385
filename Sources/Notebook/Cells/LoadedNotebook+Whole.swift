import Language

extension LoadedNotebook {
    /// Everything that can be found wrong before a run from top to bottom, by the cells' positions; nothing runs.
    /// Each cell sees the session's names and those of the cells above it.
    public func check() -> [Int: [Diagnostic]] {
        let scratch = Interpreter(registry: session.interpreter.registry)
        for name in session.interpreter.boundNames {
            scratch.define(name, session.interpreter.value(named: name) ?? .null)
        }
        var found: [Int: [Diagnostic]] = [:]
        for index in document.runnable {
            let diagnostics = scratch.check(source: source(of: index))
            if diagnostics.contains(where: { $0.severity == .error }) { found[index] = diagnostics }
            for name in document.cells[index].nameUse.binds.sorted() { scratch.define(name, .object(UnknownValue())) }
        }
        return found
    }

    /// How a run from top to bottom ended.
    public enum RunEnding: Equatable, Sendable { case finished, failed, interrupted }

    /// Runs every cell, in order. What is wrong with any cell is reported before the first one runs; then nothing runs,
    /// as of a script with an error.
    /// - Parameters:
    ///   - keepsGoing: whether cells run all the same that have no error themselves, also behind one that fails.
    ///   - beforeCell: told the position of each cell before it runs.
    public func runAll(keepsGoing: Bool, beforeCell: (Int) -> Void = { _ in }) -> RunEnding {
        let refused = check()
        session.report(refused.sorted { $0.key < $1.key }.flatMap(\.value))
        for (index, diagnostics) in refused { refuse(index, diagnostics) }
        guard refused.isEmpty || keepsGoing else { return .failed }
        var hasFailed = false
        for index in document.runnable {
            if refused[index] != nil {
                hasFailed = true
            } else {
                beforeCell(index)
                switch run(index) {
                case .finished: break
                case .failed: hasFailed = true
                case .interrupted: return .interrupted
                }
            }
            if hasFailed && !keepsGoing { return .failed }
        }
        return hasFailed ? .failed : .finished
    }

    /// A line for each runnable cell: number, how its last run ended, how long it took, title; then why it is stale.
    public var listing: String {
        let stale = staleReasons
        return document.runnable.enumerated().map { position, index in
            let record = records[index]
            let state = record.map { stale[index] == nil ? $0.ending.rawValue : "stale" } ?? "not run"
            let time = record?.order == nil ? "" : record!.time
            let head =
                [
                    Self.padded("\(position + 1)", 4, atStart: true), Self.padded(state, 11), Self.padded(time, 8),
                    Self.label(document.cells[index]),
                ].joined(separator: "  ").trimmedEnd + "\n"
            let reasons = StaleReason.texts(of: stale[index] ?? [], number: document.number(of:))
            return head + reasons.map { "      \($0)\n" }.joined()
        }.joined()
    }

    private static func padded(_ text: String, _ width: Int, atStart: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return atStart ? blanks + text : text + blanks
    }

    /// The title of a cell, or its first line.
    static func label(_ cell: NotebookCell) -> String {
        if !cell.title.isEmpty { return cell.title }
        let line = cell.content.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return line.count > 60 ? line.prefix(59) + "…" : line
    }
}
