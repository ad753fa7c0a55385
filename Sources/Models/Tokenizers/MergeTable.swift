/// The merges of a byte-pair vocabulary: which two tokens become which one, and which merge comes first. A hash table
/// with open addressing, as encoding asks for nearly every neighbouring pair of a text.
struct MergeTable: Sendable {
    struct Merge: Sendable {
        /// Lower ranks are merged first.
        let rank: UInt32
        let token: Int32
    }

    private static let empty = UInt64.max
    private var keys: [UInt64]
    private var values: [Merge]
    private let shift: UInt64
    private(set) var count = 0

    /// - Parameter capacity: the number of merges that will be put in, at most.
    init(capacity: Int) {
        let bits = max(4, Int.bitWidth - (2 * capacity).leadingZeroBitCount)
        keys = Array(repeating: MergeTable.empty, count: 1 << bits)
        values = Array(repeating: Merge(rank: 0, token: 0), count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    /// The merge of two tokens, or nil when they stay apart.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let slot = slot(of: MergeTable.key(left, right))
        return keys[slot] == MergeTable.empty ? nil : values[slot]
    }

    /// Adds a merge; the last one of a pair counts.
    mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
        let key = MergeTable.key(left, right)
        let slot = slot(of: key)
        if keys[slot] == MergeTable.empty { count += 1 }
        keys[slot] = key
        values[slot] = merge
    }

    /// All merges, first the first.
    var sorted: [(left: Int32, right: Int32)] {
        keys.indices.filter { keys[$0] != MergeTable.empty }.sorted { values[$0].rank < values[$1].rank }.map {
            (Int32(truncatingIfNeeded: keys[$0] >> 32), Int32(truncatingIfNeeded: keys[$0]))
        }
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Where the key is, or the free slot where it would go. At least half of the slots are free.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        let mixed = (key ^ (key >> 29)) &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: mixed >> shift)
        while keys[slot] != key, keys[slot] != MergeTable.empty { slot = (slot + 1) & mask }
        return slot
    }
}
