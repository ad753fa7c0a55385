/// Merges the tokens of one piece, pair by pair, lowest rank first and leftmost among equals. The tokens are a linked
/// list and the candidate pairs a binary heap, so n tokens take n log n steps, also for a word of a million letters.
struct PairMerger: Sendable {
    private struct Symbol: Sendable {
        var token: Int32
        var previous: Int32
        /// -1 at the end.
        var next: Int32
        /// What this symbol and the next one become, and when; `noMerge` where they stay apart.
        var merged: Int32 = 0
        var rank = PairMerger.noMerge
    }

    private static let noMerge = UInt32.max
    private var symbols: [Symbol] = []
    /// Rank in the upper half, position of the left token in the lower half: the smallest is the next to merge.
    private var heap: [UInt64] = []

    /// Appends the tokens that `tokens` become by merging.
    mutating func appendMerged(_ tokens: some Sequence<Int32>, by table: MergeTable, to result: inout [Int32]) {
        symbols.removeAll(keepingCapacity: true)
        for token in tokens {
            let position = Int32(symbols.count)
            symbols.append(Symbol(token: token, previous: position - 1, next: position + 1))
        }
        guard !symbols.isEmpty else { return }
        symbols[symbols.count - 1].next = -1
        // A candidate for each neighbouring pair, and two more for each merge.
        if heap.count < 3 * symbols.count {
            heap.append(contentsOf: repeatElement(0, count: 3 * symbols.count - heap.count))
        }
        symbols.withUnsafeMutableBufferPointer { symbols in
            heap.withUnsafeMutableBufferPointer { heap in
                var run = Run(symbols: symbols, heap: heap, table: table)
                run.mergeAll()
            }
        }
        var position = 0
        while position >= 0 {  // the first symbol always survives, as merging keeps the left place
            result.append(symbols[position].token)
            position = Int(symbols[position].next)
        }
    }

    /// The merging of one piece, in memory that is large enough.
    private struct Run {
        let symbols: UnsafeMutableBufferPointer<Symbol>
        let heap: UnsafeMutableBufferPointer<UInt64>
        let table: MergeTable
        var count = 0

        mutating func mergeAll() {
            for position in symbols.indices {
                guard let candidate = candidate(position) else { continue }
                heap[count] = candidate
                count += 1
            }
            for parent in stride(from: count / 2 - 1, through: 0, by: -1) { sink(heap[parent], from: parent) }
            while let candidate = pop() {
                let position = Int(UInt32(truncatingIfNeeded: candidate))
                let symbol = symbols[position]
                // The pair that was meant may be no more.
                guard symbol.rank == UInt32(truncatingIfNeeded: candidate >> 32) else { continue }
                let next = Int(symbol.next), afterNext = symbols[next].next
                symbols[next].rank = PairMerger.noMerge
                symbols[position].token = symbol.merged
                symbols[position].next = afterNext
                if afterNext >= 0 { symbols[Int(afterNext)].previous = Int32(position) }
                push(position)
                if symbol.previous >= 0 { push(Int(symbol.previous)) }
            }
        }

        /// What a symbol and the next one become, as an element of the heap; nil where they stay apart.
        @inline(__always)
        private func candidate(_ position: Int) -> UInt64? {
            let next = symbols[position].next
            guard next >= 0, let merge = table.merge(symbols[position].token, symbols[Int(next)].token) else {
                symbols[position].rank = PairMerger.noMerge
                return nil
            }
            symbols[position].merged = merge.token
            symbols[position].rank = merge.rank
            return UInt64(merge.rank) << 32 | UInt64(UInt32(position))
        }

        @inline(__always)
        private mutating func push(_ position: Int) {
            guard let candidate = candidate(position) else { return }
            var child = count
            count += 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard candidate < heap[parent] else { break }
                heap[child] = heap[parent]
                child = parent
            }
            heap[child] = candidate
        }

        @inline(__always)
        private mutating func pop() -> UInt64? {
            guard count > 0 else { return nil }
            let first = heap[0]
            count -= 1
            if count > 0 { sink(heap[count], from: 0) }
            return first
        }

        /// Puts an element where a parent was, or further down.
        @inline(__always)
        private func sink(_ element: UInt64, from start: Int) {
            var parent = start
            while true {
                var child = 2 * parent + 1
                guard child < count else { break }
                if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
                guard heap[child] < element else { break }
                heap[parent] = heap[child]
                parent = child
            }
            heap[parent] = element
        }
    }
}
