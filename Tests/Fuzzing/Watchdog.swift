import Glibc
import Interruption
import Synchronization

/// Stops a program that runs too long or takes too much memory, as Ctrl-C would, and ends the process when even that
/// does not stop it. Time is the process's own, so that a busy machine changes nothing.
public final class Watchdog: Sendable {
    /// After this long a program is asked to stop.
    static let patience = 0.02
    /// After this long it hangs.
    static let limit = 5.0
    public static let hangStatus: Int32 = 3
    public static let memoryStatus: Int32 = 4

    private struct State {
        var started: Double?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let memory: Int

    /// - Parameter memory: the bytes with which a program is asked to stop; the process ends at four times as many.
    public init(memory: Int = 1 << 30) { self.memory = memory }

    public func start() {
        // What would go far beyond is refused, as in the program itself, before it is there.
        _ = MemoryLimit.watch("\(2 * memory)")
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(&thread, nil, { context in
            Unmanaged<Watchdog>.fromOpaque(context!).takeUnretainedValue().watch()
        }, context)
    }

    func begin() {
        state.withLock { $0 = State(started: Watchdog.now) }
        Interruption.clear()
    }

    /// - Returns: whether the program was asked to stop.
    func end() -> Bool {
        let wasStopped = state.withLock { state in
            defer { state = State() }
            return state.isStopped
        }
        Interruption.clear()
        return wasStopped
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private func watch() -> Never {
        let statistics = open("/proc/self/statm", O_RDONLY)
        while true {
            usleep(2_000)
            let taken = Watchdog.residentBytes(statistics)
            state.withLock { state in
                guard let started = state.started else { return }
                let elapsed = Watchdog.now - started
                if elapsed > Watchdog.limit { Watchdog.give(up: "does not stop when it is asked to", Watchdog.hangStatus) }
                if taken > 4 * memory { Watchdog.give(up: "takes more than \(memory >> 18) MiB", Watchdog.memoryStatus) }
                guard elapsed > Watchdog.patience || taken > memory else { return }
                state.isStopped = true
                Interruption.request()
            }
        }
    }

    private static func give(up reason: String, _ status: Int32) -> Never {
        let text = "a program \(reason)\n"
        write(STDERR_FILENO, text, text.utf8.count)
        _exit(status)
    }

    private static func residentBytes(_ file: Int32) -> Int {
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = pread(file, &buffer, 127, 0)
        let fields = buffer.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
        guard fields.count > 1 else { return 0 }
        return (Int(String(decoding: fields[1], as: UTF8.self)) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
