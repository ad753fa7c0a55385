import Language

/// Why what a cell shows may not be what a run of the whole file, from its first cell to its last, would show. Cells
/// are meant by their positions in the document.
public enum StaleReason: Equatable, Sendable {
    /// Its text has changed since it ran.
    case changed
    /// The cell that binds the name has run again, or for the first time, since.
    case boundLater(name: String, cell: Int)
    /// The text of the cell that binds the name has changed since.
    case boundByChanged(name: String, cell: Int)
    /// It used the name as this cell bound it, which is not the one that binds it in the order of the file.
    case outOfOrder(name: String, cell: Int)
    /// It used the name as a line typed at the prompt had bound it.
    case boundAtPrompt(name: String)
    /// It ran twice and used the name as it had left it the first time.
    case repeated(name: String)
    /// The cell that binds the name is stale itself.
    case boundByStale(name: String, cell: Int)
}

/// Finds stale cells: a function of what the cells are now and of the runs so far.
public enum Staleness {
    public struct Cell: Sendable {
        public var hash: String
        public var use: NameUse

        public init(hash: String, use: NameUse) {
            self.hash = hash
            self.use = use
        }
    }

    /// One run of a cell: what it was then.
    public struct Run: Sendable {
        /// The cell's position; nil for a line typed at the prompt.
        public var index: Int?
        public var cell: Cell

        public init(index: Int?, cell: Cell) {
            self.index = index
            self.cell = cell
        }
    }

    /// The reasons for each stale cell; cells that never ran are not stale.
    /// - Parameter runs: in the order in which they happened; their indices are positions in `cells`.
    public static func reasons(cells: [Cell], runs: [Run]) -> [Int: [StaleReason]] {
        var found: [Int: [StaleReason]] = [:]
        for index in cells.indices {
            guard let last = runs.lastIndex(where: { $0.index == index }) else { continue }
            if runs[last].cell.hash != cells[index].hash {
                found[index] = [.changed]
                continue
            }
            let reasons = cells[index].use.reads.sorted().compactMap { name in
                reason(name, index: index, run: last, cells: cells, runs: runs, stale: Set(found.keys))
            }
            if !reasons.isEmpty { found[index] = reasons }
        }
        return found
    }

    /// What is wrong with a name that a cell read in its last run.
    private static func reason(
        _ name: String, index: Int, run: Int, cells: [Cell], runs: [Run], stale: Set<Int>
    ) -> StaleReason? {
        let used = runs[..<run].last { $0.cell.use.binds.contains(name) }
        let expected = cells[..<index].lastIndex { $0.use.binds.contains(name) }
        if let expected, runs[run...].contains(where: { $0.index == expected }) {
            return .boundLater(name: name, cell: expected)
        }
        guard let used else { return nil }
        guard let binder = used.index else { return .boundAtPrompt(name: name) }
        if binder == index { return .repeated(name: name) }
        guard let expected, binder == expected else { return .outOfOrder(name: name, cell: binder) }
        if used.cell.hash != cells[expected].hash { return .boundByChanged(name: name, cell: expected) }
        return stale.contains(expected) ? .boundByStale(name: name, cell: expected) : nil
    }
}

extension StaleReason {
    /// The reasons in a few words each, for a page or a listing; what is the same for several names is said once.
    /// - Parameter number: what users call the cell at a position.
    public static func texts(of reasons: [StaleReason], number: (Int) -> Int?) -> [String] {
        var groups: [(sentence: (String) -> String, names: [String])] = []
        for reason in reasons {
            let sentence = reason.sentence(number)
            if let same = groups.firstIndex(where: { $0.sentence("") == sentence("") }) {
                groups[same].names.append(reason.name)
            } else {
                groups.append((sentence, [reason.name]))
            }
        }
        return groups.map { $0.sentence($0.names.map { "`\($0)`" }.joined(separator: ", ")) }
    }

    /// The name it is about; empty for a reason that is about none.
    private var name: String {
        switch self {
        case .changed: ""
        case .boundLater(let name, _), .boundByChanged(let name, _), .outOfOrder(let name, _), .boundAtPrompt(let name),
            .repeated(let name), .boundByStale(let name, _):
            name
        }
    }

    /// What to say of some names.
    private func sentence(_ number: (Int) -> Int?) -> (String) -> String {
        func cell(_ index: Int) -> String { number(index).map { "cell \($0)" } ?? "a cell without code" }
        switch self {
        case .changed: return { _ in "its text has changed since it ran" }
        case .boundLater(_, let index):
            let binder = cell(index)
            return { "uses \($0), which \(binder) bound later" }
        case .boundByChanged(_, let index):
            let binder = cell(index)
            return { "uses \($0) of \(binder), whose text has changed since it ran" }
        case .outOfOrder(_, let index):
            let binder = cell(index)
            return { "used \($0) as \(binder) had bound it, out of order" }
        case .boundAtPrompt: return { "used \($0) as a line at the prompt had bound it" }
        case .repeated: return { "ran again with the \($0) that it had left itself" }
        case .boundByStale(_, let index):
            let binder = cell(index)
            return { "uses \($0) of \(binder), which is stale" }
        }
    }
}
