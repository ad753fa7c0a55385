import Synchronization

/// The pieces of some work, dealt out to threads: each has a run of neighbours for itself, and helps another once it is
/// done. So a thread mostly has the same part of the data from one operation to the next, which is then still in its
/// caches, and may have the next piece's on their way.
package final class PieceRuns: @unchecked Sendable {
    // @unchecked: all that changes is atomic.

    /// Of each thread: the end of its run in the upper half, the first piece left in the lower half.
    private let runs: UnsafeMutablePointer<Atomic<UInt64>>
    /// Runs lie so far apart, each on cache lines of its own.
    private static let spacing = 16
    private let capacity: Int
    private let threads = Atomic<Int>(0)

    /// - Parameter capacity: the most threads.
    package init(capacity: Int) {
        self.capacity = capacity
        runs = .allocate(capacity: capacity * Self.spacing)
        for index in 0..<capacity * Self.spacing { (runs + index).initialize(to: Atomic(0)) }
    }

    deinit {
        runs.deinitialize(count: capacity * Self.spacing)
        runs.deallocate()
    }

    /// Deals the pieces below `count` out anew. What was written before can be read by who takes one.
    package func deal(_ count: Int, threads: Int) {
        let threads = Swift.min(threads, capacity)
        self.threads.store(threads, ordering: .relaxed)
        for thread in 0..<threads {
            let (start, end) = (count * thread / threads, count * (thread + 1) / threads)
            run(thread).pointee.store(UInt64(end) << 32 | UInt64(start), ordering: .releasing)
        }
    }

    /// A piece that nobody else gets: the thread's own next one, or the last one of another.
    /// - Returns: nil where none is left.
    package func take(_ thread: Int) -> Int? {
        let threads = threads.load(ordering: .relaxed)
        for offset in 0..<threads {
            let place = run((thread + offset) % threads)
            var seen = place.pointee.load(ordering: .relaxed)
            while true {
                let (next, end) = (seen & 0xFFFF_FFFF, seen >> 32)
                guard next < end else { break }
                let rest = offset == 0 ? end << 32 | (next + 1) : (end - 1) << 32 | next
                let result = place.pointee.weakCompareExchange(
                    expected: seen, desired: rest, ordering: .acquiringAndReleasing)
                if result.exchanged { return Int(offset == 0 ? next : end - 1) }
                seen = result.original
            }
        }
        return nil
    }

    private func run(_ thread: Int) -> UnsafeMutablePointer<Atomic<UInt64>> { runs + thread * Self.spacing }
}
