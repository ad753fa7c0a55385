import Interruption
import Language

/// A notebook together with the session that its cells run in and with what they gave. `bridge notebook` runs one from
/// top to bottom; at the prompt cells run one at a time, in any order.
public final class LoadedNotebook {
    /// What diagnostics call it: the path as it was given.
    public let name: String
    /// Imports are looked for beside it; nil for the current folder.
    public let path: String?
    public let session: Session
    public private(set) var document: NotebookDocument
    /// What each cell gave when it ran last, cell by cell of the document; nil for those that have not run.
    public private(set) var records: [CellRecord?]
    private var runs: [Staleness.Run] = []
    /// Runs of this session, counted from 1.
    private var order = 0

    public init(document: NotebookDocument, name: String, path: String?, session: Session) {
        self.document = document
        self.name = name
        self.path = path
        self.session = session
        records = Array(repeating: nil, count: document.cells.count)
    }

    /// What diagnostics say of a cell: the file and its lines, or where it has no lines of code, the cell.
    func source(of index: Int) -> Source {
        let cell = document.cells[index]
        guard cell.firstLine == nil else {
            return Source(name: name, text: cell.content, path: path, firstLine: cell.firstLine!)
        }
        return Source(name: "\(name), cell \(document.number(of: index) ?? index + 1)", text: cell.content, path: path)
    }

    /// Runs a cell, shows its result on the session's console and keeps everything that it gave.
    /// - Parameter index: the position of a runnable cell in the document.
    @discardableResult
    public func run(_ index: Int) -> CellOutcome {
        let cell = document.cells[index]
        let recorder = OutputRecorder()
        session.console.recorder = recorder
        let start = ProgressReporter.monotonicSeconds()
        let outcome = session.run(Cell(source: source(of: index)), showsResult: false)
        let seconds = ProgressReporter.monotonicSeconds() - start
        session.console.recorder = nil
        order += 1
        runs.append(Staleness.Run(index: index, cell: Staleness.Cell(hash: cell.hash, use: cell.nameUse)))
        let ending = finish(outcome, recorder)
        records[index] = CellRecord(
            hash: cell.hash, order: order, seconds: seconds, ending: ending, outputs: recorder.finish())
        return outcome
    }

    private func finish(_ outcome: CellOutcome, _ recorder: OutputRecorder) -> CellRecord.Ending {
        switch outcome {
        case .finished(let value, let isSilenced):
            if !isSilenced && !value.isNull {
                recorder.show(value, isResult: true)
                session.display.show(value)
            }
            return .finished
        case .failed(let diagnostics):
            recorder.fail(CellFailure(diagnostics))
            return .failed
        case .interrupted(let partial):
            if let value = partial?.value {
                recorder.show(value, isResult: true)
                session.display.show(value)
            }
            recorder.fail(.interrupted)
            return .interrupted
        }
    }

    /// Notes that the session ran something that is no cell, such as a line typed at the prompt: names that it bound
    /// make cells stale that use them.
    public func noteTyped(_ text: String) {
        let use = NameUse(of: text, changing: NotebookCell.changingFunctions)
        runs.append(Staleness.Run(index: nil, cell: Staleness.Cell(hash: "", use: use)))
    }

    /// Notes that a cell cannot run: the errors were found before anything ran.
    func refuse(_ index: Int, _ diagnostics: [Diagnostic]) {
        records[index] = CellRecord(
            hash: document.cells[index].hash, order: nil, seconds: 0, ending: .failed,
            outputs: [.failure(CellFailure(diagnostics))])
    }

    /// The stale cells with the reasons, by their positions.
    public var staleReasons: [Int: [StaleReason]] {
        Staleness.reasons(
            cells: document.cells.map { Staleness.Cell(hash: $0.hash, use: $0.nameUse) }, runs: runs)
    }

    /// Runs every stale cell, in the order of the file, until one fails; then those that it made stale.
    /// - Returns: the cells that ran, and how the last of them ended; nil where none was stale.
    @discardableResult
    public func runStale() -> (cells: [Int], last: CellOutcome)? {
        var ran: [Int] = []
        var last: CellOutcome?
        // Each round runs the first stale cell; a cell that is stale again after its run (it counts up a name) is left.
        while let index = staleReasons.keys.sorted().first(where: { !ran.contains($0) }) {
            let outcome = run(index)
            ran.append(index)
            last = outcome
            guard case .finished = outcome else { break }
        }
        return last.map { (ran, $0) }
    }

    /// Takes the file as it is now; what the cells gave stays with those whose text is the same, and with changed
    /// ones where it can be told which they were.
    public func replace(_ new: NotebookDocument) {
        let places = CellMatching.places(
            of: document.cells.map(\.hash), in: new.cells.map(\.hash))
        var records: [CellRecord?] = Array(repeating: nil, count: new.cells.count)
        for (old, place) in places { records[place] = self.records[old] }
        runs = runs.compactMap { run in
            guard let index = run.index else { return run }
            return places[index].map { Staleness.Run(index: $0, cell: run.cell) }
        }
        document = new
        self.records = records
    }

    /// Takes over what another session recorded of the same notebook.
    /// - Parameter recorded: cells with their records, as `JupyterNotebook` reads them.
    public func restore(_ recorded: NotebookDocument, _ recordedRuns: [CellRecord?]) {
        let places = CellMatching.places(of: recorded.cells.map(\.hash), in: document.cells.map(\.hash))
        let known = recordedRuns.indices.filter { recordedRuns[$0]?.order != nil }
            .sorted { recordedRuns[$0]!.order! < recordedRuns[$1]!.order! }
        runs = known.compactMap { old in
            places[old].map { place in
                let use = recorded.cells[old].nameUse
                return Staleness.Run(index: place, cell: Staleness.Cell(hash: recordedRuns[old]!.hash, use: use))
            }
        }
        order = known.last.flatMap { recordedRuns[$0]?.order } ?? 0
        for (old, place) in places { records[place] = recordedRuns[old] }
    }
}
