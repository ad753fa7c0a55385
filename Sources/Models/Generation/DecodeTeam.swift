import CKernels
import Glibc
import Synchronization
import Tensors

/// Threads that stay together for a step of decoding. A step is some hundred small pieces of work one after the other,
/// and waking threads for each would take longer than the work: here the others wait awake. What a piece computes never
/// depends on who does it.
final class DecodeTeam: @unchecked Sendable {
    // @unchecked: `body` is written before `ticket` is released, and read only by who holds a ticket of that work.

    typealias Body = (_ thread: Int, _ index: Int) -> Void

    /// The pieces of the present work in the upper half, the next one to be taken in the lower half.
    private let ticket = Atomic<UInt64>(0)
    private let completed = Atomic<Int>(0)
    private let hasEnded = Atomic<Bool>(false)
    private var body: UnsafePointer<Body>?

    /// Runs `leader` on one thread while the others do what it shares out by `run`.
    func together(_ leader: () -> Void) {
        hasEnded.store(false, ordering: .releasing)
        ThreadPool.shared.run(ThreadPool.shared.threadCount) { thread in
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
                ticket.store(UInt64(count) << 32, ordering: .releasing)
                while work(0) {}
                var waits = 0
                while completed.load(ordering: .acquiring) < count { rest(&waits) }
            }
        }
    }

    private func follow(_ thread: Int) {
        var waits = 0
        while !hasEnded.load(ordering: .acquiring) {
            let seen = ticket.load(ordering: .relaxed)
            if seen & 0xFFFF_FFFF < seen >> 32, work(thread) {
                waits = 0
            } else {
                rest(&waits)
            }
        }
    }

    /// Does one piece, if one is left.
    private func work(_ thread: Int) -> Bool {
        let taken = ticket.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
        let index = taken & 0xFFFF_FFFF
        // As long as this piece is not done the leader waits, and the body stays.
        guard index < taken >> 32, let body else { return false }
        body.pointee(thread, Int(index))
        completed.wrappingAdd(1, ordering: .releasing)
        return true
    }

    /// Waits awake for a while, and then lets others have the processor.
    private func rest(_ waits: inout Int) {
        waits += 1
        if waits < 2_000 { kernel_pause() } else { sched_yield() }
    }
}
