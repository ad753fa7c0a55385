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

    public init(byteLimit: Int = Results.byteLimit) {
        self.byteLimit = byteLimit
        super.init()
    }

    /// Keeps a cell's result.
    /// - Parameter number: larger than every number before.
    public func add(_ value: Value, number: Int) {
        let size = ValueFootprint.bytes(of: value)
        guard size <= byteLimit else { return }
        kept.append((number, value, size))
        bytes += size
        while bytes > byteLimit || kept.count > Self.countLimit { bytes -= kept.removeFirst().bytes }
    }

    /// Lets all results go.
    public func removeAll() {
        kept = []
        bytes = 0
    }

    public override var typeName: String { "Results" }

    public override func elements() -> [Value] { kept.map(\.value) }

    /// `out[3]` is the result of cell 3; `out[-1]` the latest.
    public override func index(_ items: [IndexItem]) throws -> Value {
        guard items.count == 1, case .value(.int(let number)) = items[0] else {
            throw RuntimeError("results are numbered: `out[3]` is that of cell 3, `out[-1]` the latest", code: "E206")
        }
        if number < 0, number >= -kept.count { return kept[kept.count + number].value }
        if let result = kept.last(where: { $0.number == number }) { return result.value }
        throw RuntimeError(missing(number), code: "E206")
    }

    private func missing(_ number: Int) -> String {
        guard let first = kept.first?.number, let last = kept.last?.number else { return "there are no results yet" }
        if number > 0, number < first {
            return "the result of cell \(number) is no longer kept: the latest \(Self.countLimit) are, up to "
                + "\(ValueFootprint.text(byteLimit)); bind a result to a name to keep it"
        }
        return "cell \(number) has no result; there are \(kept.count), from cell \(first) to \(last)"
    }

    /// The numbers and beginnings of the latest results.
    public override func describe(_ budget: inout PrintBudget) -> String {
        guard !kept.isEmpty else { return "<Results: none yet>" }
        let shown = kept.suffix(20)
        let lines = shown.map { result in
            let inner = PrintBudget(characters: max(20, budget.width - 12), elements: 6, depth: 2, width: 10_000)
            return "out[\(result.number)]: " + Printer.repr(result.value, budget: inner).prefix { !$0.isNewline }
        }
        let earlier = kept.count - shown.count
        return ((earlier > 0 ? ["... \(earlier) earlier ..."] : []) + lines).joined(separator: "\n")
    }
}
