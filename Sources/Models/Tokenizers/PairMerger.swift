/// Merges the tokens of one piece, pair by pair, lowest rank first and leftmost among equals.
///
/// All pairs of the lowest rank are merged in one pass over the tokens, as long as passes are short or get much done:
/// that is how words and runs of spaces go. What is left of long pieces is a linked list with the candidate pairs in a
/// binary heap, so n tokens take n log n steps, also for a word of a million letters.
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
    /// Passes over at most this many tokens are always short.
    private static let shortPass = 96

    /// The tokens that are left, and what each becomes with the next one, and when.
    private var tokens: [Int32] = []
    private var merged: [Int32] = []
    private var ranks: [UInt32] = []
    private var symbols: [Symbol] = []
    /// Rank in the upper half, position of the left token in the lower half: the smallest is the next to merge.
    private var heap: [UInt64] = []

    /// Appends the tokens that `tokens` become by merging.
    mutating func appendMerged(_ letters: [Int32], by table: MergeTable, to result: inout [Int32]) {
        guard letters.count > 1 else { return result.append(contentsOf: letters) }
        tokens.removeAll(keepingCapacity: true)
        tokens.append(contentsOf: letters)
        if merged.count < letters.count {
            merged.append(contentsOf: repeatElement(0, count: letters.count - merged.count))
            ranks.append(contentsOf: repeatElement(0, count: letters.count - ranks.count))
        }
        let (count, isDone) = tokens.withUnsafeMutableBufferPointer { tokens in
            merged.withUnsafeMutableBufferPointer { merged in
                ranks.withUnsafeMutableBufferPointer { ranks in
                    let passes = Passes(tokens: tokens, merged: merged, ranks: ranks, table: table)
                    return passes.merge()
                }
            }
        }
        if isDone { return result.append(contentsOf: tokens[..<count]) }
        appendMergedByHeap(tokens[..<count], table, to: &result)
    }

    /// Merging by passes, in memory that is large enough.
    private struct Passes {
        let tokens: UnsafeMutableBufferPointer<Int32>
        let merged: UnsafeMutableBufferPointer<Int32>
        let ranks: UnsafeMutableBufferPointer<UInt32>
        let table: MergeTable

        /// - Returns: how many tokens are left, and whether none of them merge; else more passes would be slow.
        func merge() -> (count: Int, isDone: Bool) {
            var count = tokens.count
            for place in 0..<count - 1 { find(place, tokens[place], tokens[place + 1]) }
            ranks[count - 1] = PairMerger.noMerge
            while count > 1 {
                var best = PairMerger.noMerge
                for place in 0..<count { best = min(best, ranks[place]) }
                if best == PairMerger.noMerge { break }
                let left = pass(best, count)
                let merges = count - left
                count = left
                if left > PairMerger.shortPass, merges < left / 16 { return (count, false) }
            }
            return (count, true)
        }

        @inline(__always)
        private func find(_ place: Int, _ left: Int32, _ right: Int32) {
            guard let merge = table.merge(left, right) else {
                ranks[place] = PairMerger.noMerge
                return
            }
            ranks[place] = merge.rank
            merged[place] = merge.token
        }

        /// Merges the pairs of one rank from left to right, up to a place where a merge gives a pair that goes first.
        /// - Returns: how many tokens are left.
        private func pass(_ rank: UInt32, _ count: Int) -> Int {
            var from = 0
            while ranks[from] != rank { from += 1 }
            var to = from
            var goesOn = true
            while from < count {
                guard goesOn, ranks[from] == rank else {
                    tokens[to] = tokens[from]
                    merged[to] = merged[from]
                    ranks[to] = ranks[from]
                    to += 1
                    from += 1
                    continue
                }
                let token = merged[from]
                from += 2
                tokens[to] = token
                if from < count {
                    find(to, token, tokens[from])
                } else {
                    ranks[to] = PairMerger.noMerge
                }
                if ranks[to] <= rank { goesOn = false }
                if to > 0 {
                    find(to - 1, tokens[to - 1], token)
                    if ranks[to - 1] <= rank { goesOn = false }
                }
                to += 1
            }
            return to
        }
    }

    private mutating func appendMergedByHeap(
        _ tokens: ArraySlice<Int32>, _ table: MergeTable, to result: inout [Int32]
    ) {
        symbols.removeAll(keepingCapacity: true)
        for token in tokens {
            let position = Int32(symbols.count)
            symbols.append(Symbol(token: token, previous: position - 1, next: position + 1))
        }
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
