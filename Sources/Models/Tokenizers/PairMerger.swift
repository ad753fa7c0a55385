/// Merges the tokens of one piece, pair by pair, lowest rank first and leftmost among equals. The tokens are a linked
/// list and the candidate pairs a binary heap, so n tokens take n log n steps, also for a word of a million letters.
struct PairMerger: Sendable {
    private struct Symbol: Sendable {
        var token: Int32
        var previous: Int32
        /// -1 at the end.
        var next: Int32
    }

    private static let gone: Int32 = -1
    private var symbols: [Symbol] = []
    /// Rank in the upper half, position of the left token in the lower half: the smallest is the next to merge.
    private var heap: [UInt64] = []

    /// Appends the tokens that `tokens` become by merging.
    mutating func appendMerged(_ tokens: some Sequence<Int32>, by table: MergeTable, to result: inout [Int32]) {
        symbols.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
        for token in tokens {
            let position = Int32(symbols.count)
            symbols.append(Symbol(token: token, previous: position - 1, next: position + 1))
        }
        guard !symbols.isEmpty else { return }
        symbols[symbols.count - 1].next = -1
        for position in symbols.indices { push(position, table) }
        mergeAll(by: table)
        var position = 0
        while position >= 0 {  // the first symbol always survives, as merging keeps the left place
            result.append(symbols[position].token)
            position = Int(symbols[position].next)
        }
    }

    private mutating func mergeAll(by table: MergeTable) {
        while let candidate = pop() {
            let position = Int(UInt32(truncatingIfNeeded: candidate))
            let symbol = symbols[position]
            guard symbol.token != PairMerger.gone, symbol.next >= 0,
                let merge = table.merge(symbol.token, symbols[Int(symbol.next)].token),
                merge.rank == UInt32(truncatingIfNeeded: candidate >> 32)
            else { continue }  // the pair that was meant is no more
            let absorbed = symbols[Int(symbol.next)]
            symbols[Int(symbol.next)].token = PairMerger.gone
            symbols[position].token = merge.token
            symbols[position].next = absorbed.next
            if absorbed.next >= 0 { symbols[Int(absorbed.next)].previous = Int32(position) }
            push(position, table)
            if symbol.previous >= 0 { push(Int(symbol.previous), table) }
        }
    }

    /// Makes the pair that starts at a position a candidate, if it merges.
    @inline(__always)
    private mutating func push(_ position: Int, _ table: MergeTable) {
        let next = symbols[position].next
        guard next >= 0, let merge = table.merge(symbols[position].token, symbols[Int(next)].token) else { return }
        heap.append(UInt64(merge.rank) << 32 | UInt64(UInt32(position)))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    @inline(__always)
    private mutating func pop() -> UInt64? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return last }
        heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[parent] else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return first
    }
}
