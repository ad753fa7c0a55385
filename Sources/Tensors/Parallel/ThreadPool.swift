import CKernels
import Glibc
import Interruption
import Synchronization

/// Threads that share the chunks of one piece of work. What a chunk holds never depends on the number of threads, so
/// neither do results. The caller works too, and does everything by itself if nobody wakes up in time.
package final class ThreadPool: @unchecked Sendable {
    // @unchecked: the mutable state below is atomic, guarded by `mutex`, or that of the job under way.

    /// Size from BRIDGE_THREADS, else the number of cores this process may use.
    package static let shared = ThreadPool(threads: defaultThreadCount())

    /// What the threads do together: one piece of work at a time, so there is one of these.
    private final class Job {
        /// In a structure, since a pointer to a function itself is to a copy with memory of its own.
        struct Body { let function: (Int) -> Void }

        var body: UnsafePointer<Body>?
        let pieces = PieceRuns(capacity: ThreadPool.counts.upperBound)
        // Guarded by the mutex: whether somebody's work is under way, and whether workers may still come.
        var isTaken = false
        var isOpen = false
        /// Workers inside.
        let active = Atomic<Int>(0)

        func run(_ thread: Int) {
            while let piece = pieces.take(thread) { body?.pointee.function(piece) }
        }
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let job = Job()
    /// Counts the jobs; written under the mutex, and read without it by workers that look out for work.
    private let generation = Atomic<Int>(0)
    private var workers = 0
    /// The workers' numbers for the system, as many as have begun, and the processor that they are kept off: written
    /// under the mutex.
    private var numbers: [Int32] = []
    private var callersProcessor: Int32 = -1
    /// Workers that somebody must wake.
    private var sleepers = 0
    /// Threads that may work at once, the caller included.
    private var limit: Int

    private init(threads: Int) {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
        pthread_cond_init(done, nil)
        limit = threads
        startWorkers(threads - 1)
    }

    package var threadCount: Int { limit }

    /// Runs `body` with `threads` threads at work; for tests of determinism.
    package static func withThreads<R>(_ threads: Int, _ body: () throws -> R) rethrows -> R {
        let before = shared.limit
        shared.setLimit(threads)
        shared.startWorkers(threads - 1)
        defer { shared.setLimit(before) }
        return try body()
    }

    private func setLimit(_ threads: Int) {
        pthread_mutex_lock(mutex)
        limit = Swift.max(1, threads)
        pthread_mutex_unlock(mutex)
    }

    private static func defaultThreadCount() -> Int {
        if let count = setting.flatMap({ Int($0) }), counts.contains(count) { return count }
        return Swift.max(1, Swift.min(processors, counts.upperBound))
    }

    private static let counts = 1...256

    private static var setting: String? {
        getenv("BRIDGE_THREADS").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What is wrong with `BRIDGE_THREADS`, or nil.
    package static var problemWithSetting: String? {
        guard let setting, !(Int(setting).map(counts.contains) ?? false) else { return nil }
        return "BRIDGE_THREADS is `\(setting)`, and should be a number of threads from 1 to \(counts.upperBound)"
    }

    private func startWorkers(_ wanted: Int) {
        while workers < wanted {
            let argument = Unmanaged.passRetained(WorkerArgument(pool: self, index: workers)).toOpaque()
            let started = Self.startThread(argument)
            guard started else { return }
            workers += 1
        }
    }

    private final class WorkerArgument {
        let pool: ThreadPool
        let index: Int
        init(pool: ThreadPool, index: Int) {
            self.pool = pool
            self.index = index
        }
    }

    private static func startThread(_ argument: UnsafeMutableRawPointer) -> Bool {
        var thread = pthread_t()
        // Signals such as Ctrl-C belong to the main thread.
        var all = sigset_t(), before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let status = pthread_create(
            &thread, nil,
            { argument in
                let worker = Unmanaged<WorkerArgument>.fromOpaque(argument!).takeRetainedValue()
                worker.pool.work(index: worker.index)
                return nil
            }, argument)
        if status == 0 { pthread_detach(thread) }
        return status == 0
    }

    private func work(index: Int) {
        var seen = 0
        pthread_mutex_lock(mutex)
        numbers.append(kernel_thread_number())
        if limit <= ThreadPool.processors { kernel_keep_off(numbers[numbers.count - 1], callersProcessor) }
        while true {
            // A job that is closed, or that this worker has done its part of, is over for it.
            if !job.isOpen { seen = generation.load(ordering: .relaxed) }
            if generation.load(ordering: .relaxed) == seen, index + 1 < limit {
                // Operations often follow each other at once, and waking up takes longer than many of them.
                let patience = patience
                pthread_mutex_unlock(mutex)
                lookOut(after: seen, patience)
                pthread_mutex_lock(mutex)
            }
            while !job.isOpen || generation.load(ordering: .relaxed) == seen || index + 1 >= limit {
                sleepers += 1
                pthread_cond_wait(wake, mutex)
                sleepers -= 1
            }
            seen = generation.load(ordering: .relaxed)
            job.active.wrappingAdd(1, ordering: .relaxed)
            pthread_mutex_unlock(mutex)
            job.run(index + 1)
            pthread_mutex_lock(mutex)
            if job.active.wrappingSubtract(1, ordering: .releasing).newValue == 0 { pthread_cond_broadcast(done) }
        }
    }

    /// Waits awake for the next job, but not for long.
    private func lookOut(after seen: Int, _ patience: Int) {
        for _ in 0..<patience {
            if generation.load(ordering: .relaxed) != seen { return }
            kernel_pause()
        }
    }

    /// How many pauses a thread waits before it sleeps: a tenth of a millisecond or two, since to be woken takes about
    /// half that long. Where threads share processors, the one that waits keeps another from its work.
    private var patience: Int { limit <= ThreadPool.processors ? 5000 : 50 }

    /// Calls `body(0) ... body(count - 1)`, each once, in any order and on any thread; returns when all are done.
    /// Work started inside `body` runs on its own thread alone.
    package func run(_ count: Int, _ body: (Int) -> Void) {
        withoutActuallyEscaping(body) { runKept(count, $0) }
    }

    /// As `run`, with a closure that is kept for many calls: nothing is allocated.
    package func runKept(_ count: Int, _ body: @escaping (Int) -> Void) {
        if count <= 1 || limit <= 1 {
            for index in 0..<Swift.max(count, 0) { body(index) }
            return
        }
        pthread_mutex_lock(mutex)
        if job.isTaken {  // Nested, or another thread's work is under way.
            pthread_mutex_unlock(mutex)
            for index in 0..<count { body(index) }
            return
        }
        // By address: counting a closure's references takes the threads' time.
        withUnsafePointer(to: Job.Body(function: body)) { pointer in
            job.body = pointer
            (job.isTaken, job.isOpen) = (true, true)
            keepOffCaller()
            job.pieces.deal(count, threads: limit)
            generation.wrappingAdd(1, ordering: .relaxed)
            let areAsleep = sleepers > 0
            pthread_mutex_unlock(mutex)
            if areAsleep { pthread_cond_broadcast(wake) }
            job.run(0)
            finish()
        }
    }

    /// Keeps the workers off the caller's processor. In a virtual machine Linux was seen to wake them behind the
    /// caller, again and again, while the other processors slept. With more threads than processors they share anyway.
    private func keepOffCaller() {
        let processor = kernel_current_processor()
        guard processor != callersProcessor, limit <= ThreadPool.processors else { return }
        callersProcessor = processor
        for number in numbers { kernel_keep_off(number, processor) }
    }

    private static let processors = Int(kernel_available_processors())

    /// Closes the job to late risers and waits for those at work: first awake, since their last chunks end soon.
    private func finish() {
        pthread_mutex_lock(mutex)
        job.isOpen = false
        pthread_mutex_unlock(mutex)
        var waits = 0
        while job.active.load(ordering: .acquiring) > 0, waits < patience {
            kernel_pause()
            waits += 1
        }
        pthread_mutex_lock(mutex)
        while job.active.load(ordering: .acquiring) > 0 { pthread_cond_wait(done, mutex) }
        job.isTaken = false
        pthread_mutex_unlock(mutex)
    }

    /// Cuts `0 ..< total` into runs of `grain` (the last may be shorter) and shares them. The cut depends on nothing
    /// else.
    package func run(_ total: Int, grain: Int, _ body: (Range<Int>) -> Void) {
        let grain = Swift.max(grain, 1)
        if total <= grain {
            if total > 0 { body(0..<total) }
            return
        }
        run((total + grain - 1) / grain) { chunk in
            body(chunk * grain..<Swift.min(total, (chunk + 1) * grain))
        }
    }

    /// As `run`, but asks before every chunk whether to stop.
    /// - Throws: `Interrupted` if a chunk was left out; what `body` was to fill is then half done.
    package func runPolling(_ total: Int, grain: Int, _ body: (Range<Int>) -> Void) throws {
        let stop = StopFlag()
        run(total, grain: grain) { range in
            if Interruption.isRequested {
                stop.isSet.store(true, ordering: .relaxed)
            } else {
                body(range)
            }
        }
        // The request may have been withdrawn since, but the work is not done.
        if stop.isSet.load(ordering: .relaxed) { throw Interrupted() }
    }

    private final class StopFlag: Sendable {
        let isSet = Atomic<Bool>(false)
    }
}
