/// The merges of a byte-pair vocabulary: which two tokens become which one, and which merge comes first. A hash table
/// with open addressing, as encoding asks for nearly every neighbouring pair of a text.
struct MergeTable: Sendable {
    struct Merge: Sendable {
        /// Lower ranks are merged first.
        let rank: UInt32
        let token: Int32
    }

    /// Both in one place, as most lookups miss the processor's cache.
    private struct Slot: Sendable {
        var key: UInt64
        var merge: Merge
    }

    private static let empty = UInt64.max
    private var slots: [Slot]
    private let shift: UInt64
    private(set) var count = 0

    /// - Parameter capacity: the number of merges that will be put in, at most.
    init(capacity: Int) {
        let bits = max(4, Int.bitWidth - (2 * capacity).leadingZeroBitCount)
        slots = Array(
            repeating: Slot(key: MergeTable.empty, merge: Merge(rank: 0, token: 0)), count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    /// The merge of two tokens, or nil when they stay apart.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let slot = slots[slot(of: MergeTable.key(left, right))]
        return slot.key == MergeTable.empty ? nil : slot.merge
    }

    /// Adds a merge; the last one of a pair counts.
    mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
        let key = MergeTable.key(left, right)
        let slot = slot(of: key)
        if slots[slot].key == MergeTable.empty { count += 1 }
        slots[slot] = Slot(key: key, merge: merge)
    }

    /// All merges, first the first.
    var sorted: [(left: Int32, right: Int32)] {
        // Merges of one rank in the order of their tokens.
        slots.filter { $0.key != MergeTable.empty }
            .sorted { ($0.merge.rank, $0.key) < ($1.merge.rank, $1.key) }
            .map { (Int32(truncatingIfNeeded: $0.key >> 32), Int32(truncatingIfNeeded: $0.key)) }
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Where the key is, or the free slot where it would go. At least half of the slots are free.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = slots.count - 1
        let mixed = (key ^ (key >> 29)) &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: mixed >> shift)
        while slots[slot].key != key, slots[slot].key != MergeTable.empty { slot = (slot + 1) & mask }
        return slot
    }
}
