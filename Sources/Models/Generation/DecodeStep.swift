/// The rows (tokens of different texts) that one step of decoding forwards, and how they belong together.
struct DecodeStep {
    /// Some rows of a group, few enough for one thread's attention.
    struct Block {
        let rows: Range<Int>
        /// All rows of the group.
        let group: Range<Int>
    }

    let rows: UnsafePointer<DecodeKernels.Row>
    let count: Int
    /// Together all rows, ascending. The rows of a block have one prefix.
    let blocks: UnsafeBufferPointer<Block>
    /// Whether Bridge lets the rows of a group see each other. Those of a prompt, which all rows of a group have alike,
    /// do not: each sees itself, and Bridge gives V Wo.
    let rowsSeeEachOther: Bool
}

/// Room for the rows of a step, made once and used for every step.
final class DecodeStepRows {
    let capacity: Int
    private let rows: UnsafeMutablePointer<DecodeKernels.Row>
    private let blocks: UnsafeMutablePointer<DecodeStep.Block>
    private let blockRows: Int
    private(set) var count = 0
    private var blockCount = 0

    /// Queries of one key-value head that a thread works on together.
    private static let queries = 12

    init(capacity: Int, heads: DecodeKernels.Heads) {
        self.capacity = capacity
        blockRows = Self.blockRows(heads)
        rows = .allocate(capacity: capacity)
        blocks = .allocate(capacity: capacity)
    }

    deinit {
        rows.deallocate()
        blocks.deallocate()
    }

    private static func blockRows(_ heads: DecodeKernels.Heads) -> Int {
        max(queries * heads.key_value_heads / heads.heads, 1)
    }

    /// The most queries of one key-value head in a block.
    static func blockQueries(_ heads: DecodeKernels.Heads) -> Int {
        blockRows(heads) * heads.heads / heads.key_value_heads
    }

    func clear() { (count, blockCount) = (0, 0) }

    /// Adds a group's rows, which share their prefix.
    func append(_ width: Int, _ row: (Int) -> DecodeKernels.Row) {
        let group = count..<count + width
        for place in 0..<width { (rows + count + place).initialize(to: row(place)) }
        for first in stride(from: count, to: count + width, by: blockRows) {
            let block = DecodeStep.Block(rows: first..<min(first + blockRows, group.upperBound), group: group)
            (blocks + blockCount).initialize(to: block)
            blockCount += 1
        }
        count += width
    }

    func step(rowsSeeEachOther: Bool) -> DecodeStep {
        DecodeStep(
            rows: rows, count: count, blocks: UnsafeBufferPointer(start: blocks, count: blockCount),
            rowsSeeEachOther: rowsSeeEachOther)
    }
}
