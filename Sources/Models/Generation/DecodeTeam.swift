import CKernels
import Glibc
import Synchronization
import Tensors

/// Threads that stay together for a step of decoding. A step is some hundred small pieces of work one after the other,
/// and waking threads for each would take longer than the work: here the others wait awake. What a piece computes never
/// depends on who does it.
final class DecodeTeam: @unchecked Sendable {
    // @unchecked: `body` is written before a ticket is released, and read only by who holds a ticket of that work.

    typealias Body = (_ thread: Int, _ index: Int) -> Void

    /// Of each thread's own run of the present work's pieces: its end in the upper half, the next one to be taken in
    /// the lower half. Neighbours are mostly done by one thread, so that it can have the next one's weights on their way.
    private let tickets: UnsafeMutablePointer<Atomic<UInt64>>
    /// Tickets lie so far apart, each on a cache line of its own.
    private static let spacing = 16
    private let threads = ThreadPool.shared.threadCount
    private let completed = Atomic<Int>(0)
    private let hasEnded = Atomic<Bool>(false)
    private var body: UnsafePointer<Body>?

    init() {
        tickets = .allocate(capacity: threads * Self.spacing)
        for index in 0..<threads * Self.spacing { (tickets + index).initialize(to: Atomic(0)) }
    }

    deinit {
        tickets.deinitialize(count: threads * Self.spacing)
        tickets.deallocate()
    }

    /// Runs `leader` on one thread while the others do what it shares out by `run`.
    func together(_ leader: () -> Void) {
        hasEnded.store(false, ordering: .releasing)
        ThreadPool.shared.run(threads) { thread in
            if thread == 0 {
                leader()
                hasEnded.store(true, ordering: .releasing)
            } else {
                follow(thread)
            }
        }
    }

    /// Calls `body` with every index below `count`, each once; returns when all calls are done. To be called by the
    /// leader.
    func run(_ count: Int, _ body: Body) {
        guard count > 1 else {
            if count == 1 { body(0, 0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { pointer in
                self.body = pointer
                completed.store(0, ordering: .relaxed)
                for thread in 0..<threads {
                    let (start, end) = (count * thread / threads, count * (thread + 1) / threads)
                    ticket(thread).pointee.store(UInt64(end) << 32 | UInt64(start), ordering: .releasing)
                }
                while work(0) {}
                var waits = 0
                while completed.load(ordering: .acquiring) < count { rest(&waits) }
            }
        }
    }

    private func follow(_ thread: Int) {
        var waits = 0
        while !hasEnded.load(ordering: .acquiring) {
            if work(thread) { waits = 0 } else { rest(&waits) }
        }
    }

    private func ticket(_ thread: Int) -> UnsafeMutablePointer<Atomic<UInt64>> { tickets + thread * Self.spacing }

    /// Does one piece, if one is left: the thread's own first, then another's.
    private func work(_ thread: Int) -> Bool {
        for offset in 0..<threads {
            let ticket = ticket((thread + offset) % threads)
            let seen = ticket.pointee.load(ordering: .relaxed)
            guard seen & 0xFFFF_FFFF < seen >> 32 else { continue }
            let taken = ticket.pointee.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
            let index = taken & 0xFFFF_FFFF
            // As long as this piece is not done the leader waits, and the body stays.
            guard index < taken >> 32, let body else { continue }
            body.pointee(thread, Int(index))
            completed.wrappingAdd(1, ordering: .releasing)
            return true
        }
        return false
    }

    /// Waits awake for a while, and then lets others have the processor.
    private func rest(_ waits: inout Int) {
        waits += 1
        if waits < 2_000 { kernel_pause() } else { sched_yield() }
    }
}
