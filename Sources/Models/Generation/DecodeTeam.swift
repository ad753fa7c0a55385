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
    // @unchecked: `work` is written before its pieces are dealt out, and read only by who has taken one; `leader` and
    // `failure` are used by one thread at a time.

    let threads = ThreadPool.shared.threadCount
    private let pieces: PieceRuns
    private let completed = Atomic<Int>(0)
    private let hasEnded = Atomic<Bool>(false)
    private var work: (kind: any SharedWork.Type, address: UnsafeRawPointer)?
    private var leader: (() throws -> Void)?
    private var failure: (any Error)?
    private var member: (Int) -> Void = { _ in }

    init() {
        pieces = PieceRuns(capacity: threads)
        member = { [unowned self] thread in
            if thread == 0 {
                do { try leader?() } catch { failure = error }
                hasEnded.store(true, ordering: .releasing)
            } else {
                follow(thread)
            }
        }
    }

    /// Runs `leader` on one thread while the others do what it shares out by `run`.
    /// - Throws: what `leader` throws.
    func together(_ leader: @escaping () throws -> Void) throws {
        self.leader = leader
        failure = nil
        hasEnded.store(false, ordering: .releasing)
        ThreadPool.shared.runKept(threads, member)
        self.leader = nil
        if let failure { throw failure }
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
            pieces.deal(count, threads: threads)
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

    /// Does one piece, if one is left.
    private func performOne(_ thread: Int) -> Bool {
        // As long as this piece is not done the leader waits, and the work stays.
        guard let piece = pieces.take(thread), let work else { return false }
        work.kind.perform(piece, thread: thread, at: work.address)
        completed.wrappingAdd(1, ordering: .releasing)
        return true
    }

    /// Waits awake for a while, and then lets others have the processor.
    private func rest(_ waits: inout Int) {
        waits += 1
        if waits < 2_000 { kernel_pause() } else { sched_yield() }
    }
}
