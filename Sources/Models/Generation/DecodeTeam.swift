import CKernels
import Glibc
import Synchronization
import Tensors

/// Work in pieces that threads can do in any order. What a piece computes never depends on who does it.
protocol SharedWork {
    /// - Parameter thread: the number of the thread it runs on: no two pieces have one at the same time.
    func perform(_ piece: Int, thread: Int)
}

extension SharedWork {
    /// Does a piece of the work that is at an address.
    fileprivate static func perform(_ piece: Int, thread: Int, at address: UnsafeRawPointer) {
        address.assumingMemoryBound(to: Self.self).pointee.perform(piece, thread: thread)
    }
}

/// Threads that stay together for a step of decoding. A step is some hundred small pieces of work one after the other,
/// and waking threads for each would take longer than the work: here the others wait awake. Nothing is allocated.
final class DecodeTeam: @unchecked Sendable {
    // @unchecked: `work` is written before a ticket is released, and read only by who holds a ticket of that work;
    // `leader` is used by one thread.

    /// Of each thread's own run of the present work's pieces: its end in the upper half, the next one to be taken in
    /// the lower half. Neighbours are mostly done by one thread, so that it can have the next one's weights on their way.
    private let tickets: UnsafeMutablePointer<Atomic<UInt64>>
    /// Tickets lie so far apart, each on a cache line of its own.
    private static let spacing = 16
    let threads = ThreadPool.shared.threadCount
    private let completed = Atomic<Int>(0)
    private let hasEnded = Atomic<Bool>(false)
    private var work: (kind: any SharedWork.Type, address: UnsafeRawPointer)?
    private var leader: (() -> Void)?
    private var member: (Int) -> Void = { _ in }

    init() {
        tickets = .allocate(capacity: threads * Self.spacing)
        for index in 0..<threads * Self.spacing { (tickets + index).initialize(to: Atomic(0)) }
        member = { [unowned self] thread in
            if thread == 0 {
                leader?()
                hasEnded.store(true, ordering: .releasing)
            } else {
                follow(thread)
            }
        }
    }

    deinit {
        tickets.deinitialize(count: threads * Self.spacing)
        tickets.deallocate()
    }

    /// Runs `leader` on one thread while the others do what it shares out by `run`.
    func together(_ leader: @escaping () -> Void) {
        self.leader = leader
        hasEnded.store(false, ordering: .releasing)
        ThreadPool.shared.runKept(threads, member)
        self.leader = nil
    }

    /// Performs every piece below `count` once; returns when all are done. To be called by the leader.
    func run<Work: SharedWork>(_ count: Int, _ work: Work) {
        guard count > 1, threads > 1 else {
            for piece in 0..<count { work.perform(piece, thread: 0) }
            return
        }
        withUnsafePointer(to: work) { address in
            self.work = (Work.self, UnsafeRawPointer(address))
            completed.store(0, ordering: .relaxed)
            for thread in 0..<threads {
                let (start, end) = (count * thread / threads, count * (thread + 1) / threads)
                ticket(thread).pointee.store(UInt64(end) << 32 | UInt64(start), ordering: .releasing)
            }
            while performOne(0) {}
            var waits = 0
            while completed.load(ordering: .acquiring) < count { rest(&waits) }
        }
    }

    private func follow(_ thread: Int) {
        var waits = 0
        while !hasEnded.load(ordering: .acquiring) {
            if performOne(thread) { waits = 0 } else { rest(&waits) }
        }
    }

    private func ticket(_ thread: Int) -> UnsafeMutablePointer<Atomic<UInt64>> { tickets + thread * Self.spacing }

    /// Does one piece, if one is left: the thread's own first, then another's.
    private func performOne(_ thread: Int) -> Bool {
        for offset in 0..<threads {
            let ticket = ticket((thread + offset) % threads)
            let seen = ticket.pointee.load(ordering: .relaxed)
            guard seen & 0xFFFF_FFFF < seen >> 32 else { continue }
            let taken = ticket.pointee.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
            let piece = taken & 0xFFFF_FFFF
            // As long as this piece is not done the leader waits, and the work stays.
            guard piece < taken >> 32, let work else { continue }
            work.kind.perform(Int(piece), thread: thread, at: work.address)
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
