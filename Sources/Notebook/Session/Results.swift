import Language

/// What the cells of a session gave, by their numbers: `out[3]` at the prompt. The oldest are let go when there are too
/// many or they take too much memory.
public final class Results: NativeObject {
    /// At most this many results are kept.
    public static let countLimit = 1000
    /// At most this many bytes are kept; a result that is larger by itself is not kept at all.
    public static let byteLimit = 512 << 20

    private let byteLimit: Int
    /// Numbers rise.
    private var kept: [(number: Int, value: Value, bytes: Int)] = []
    private var bytes = 0
    /// Numbers of results that were too large to be kept.
    private var oversized: Set<Int> = []
    /// What `ans` was bound to last, and the cell that gave it.
    private(set) var latest = Value.null
    private(set) var latestNumber: Int?

    public init(byteLimit: Int = Results.byteLimit) {
        self.byteLimit = byteLimit
        super.init()
    }

    /// Keeps a cell's result, unless it is the list of results itself.
    /// - Parameter number: larger than every number before.
    public func add(_ value: Value, number: Int) {
        guard value.object !== self else { return }
        let size = MemorySize.estimate(value)
        guard size <= byteLimit else {
            oversized.insert(number)
            return
        }
        kept.append((number, value, size))
        bytes += size
        while bytes > byteLimit || kept.count > Self.countLimit { bytes -= kept.removeFirst().bytes }
    }

    /// Lets all results go.
    public func removeAll() {
        (kept, oversized) = ([], [])
        (latest, latestNumber) = (.null, nil)
        bytes = 0
    }

    public override var typeName: String { "Results" }

    public override func elements() -> [Value] { kept.map(\.value) }

    /// `out[3]` is the result of cell 3; `out[-1]` the latest.
    public override func index(_ items: [IndexItem]) throws -> Value {
        guard items.count == 1, case .value(.int(let number)) = items[0] else {
            throw RuntimeError("results are numbered: `out[3]` is that of cell 3, `out[-1]` the latest", code: "E206")
        }
        let wanted = self.number(at: number) ?? number
        if let result = kept.last(where: { $0.number == wanted }) { return result.value }
        throw RuntimeError(missing(number), code: "E206")
    }

    /// The number of the cell that an index means; nil where there is none.
    func number(at index: Int) -> Int? {
        if index < 0 { return index >= -kept.count ? kept[kept.count + index].number : nil }
        return kept.contains { $0.number == index } ? index : nil
    }

    private func missing(_ number: Int) -> String {
        if oversized.contains(number) {
            return "the result of cell \(number) was not kept: it takes more than \(ByteCount.text(byteLimit)); "
                + "bind a result to a name to keep it"
        }
        guard let first = kept.first?.number, let last = kept.last?.number else { return "there are no results yet" }
        if number > 0, number < first {
            return "the result of cell \(number) is no longer kept: the latest \(Self.countLimit) are, up to "
                + "\(ByteCount.text(byteLimit)); bind a result to a name to keep it"
        }
        return "cell \(number) has no result; there are \(kept.count), from cell \(first) to \(last)"
    }

    public override func describe(_ budget: inout PrintBudget) -> String { "<Results: \(kept.count)>" }

    /// The numbers and beginnings of the latest results.
    public override func lines(_ budget: PrintBudget) -> String? {
        guard !kept.isEmpty else { return nil }
        let shown = kept.suffix(20)
        let lines = shown.map { result in
            let inner = PrintBudget(characters: max(20, budget.width - 12), elements: 6, depth: 2, width: 10_000)
            return "out[\(result.number)]: " + Printer.repr(result.value, budget: inner).prefix { !$0.isNewline }
        }
        let earlier = kept.count - shown.count
        return ((earlier > 0 ? ["... \(earlier) earlier ..."] : []) + lines).joined(separator: "\n")
    }
}

/// `ans` and `out` are names like any other: a user who takes one for something else has it.
extension Results {
    /// Binds both names anew.
    func bind(in interpreter: Interpreter) {
        interpreter.define("out", .object(self))
        interpreter.define("ans", .null)
        (latest, latestNumber) = (.null, nil)
    }

    /// Makes a cell's value the one that `ans` names.
    func bind(latest value: Value, number: Int, in interpreter: Interpreter) {
        if owns("ans", in: interpreter) { interpreter.define("ans", value) }
        (latest, latestNumber) = (value, number)
    }

    /// Whether `ans` or `out` means what the prompt has bound it to.
    func owns(_ name: String, in interpreter: Interpreter) -> Bool {
        interpreter.value(named: name).map { owns(name, $0) } ?? false
    }

    /// Whether a name is the prompt's own.
    fileprivate func owns(_ name: String, _ value: Value) -> Bool {
        value.object === self || name == "ans" && Self.isSame(value, latest)
    }

    private static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
        case (.object(let a), .object(let b)): a === b
        default: false
        }
    }
}

extension Interpreter {
    /// The names that the user has bound, with their values: without the prompt's own.
    var userNames: [(name: String, value: Value)] {
        let results = value(named: "out")?.object as? Results
        return boundNames.compactMap { name in
            guard let value = value(named: name), results?.owns(name, value) != true else { return nil }
            return (name, value)
        }
    }
}
