import Glibc
import Synchronization

/// Says that the process holds, or would hold, more memory than it may.
public struct MemoryLimitReached: Error, CustomStringConvertible {
    /// Bytes in use.
    public let used: Int
    public let limit: Int
    /// Bytes that were asked for on top of them; 0 where the use itself is too large.
    public let wanted: Int
    /// Bytes that the machine has left, where these are too few.
    public let available: Int?
    /// What holds the memory, as far as its owners told.
    public let holders: [String]

    init(used: Int, limit: Int, wanted: Int, available: Int? = nil) {
        (self.used, self.limit, self.wanted, self.available) = (used, limit, wanted, available)
        holders = MemoryLimit.holders
    }

    public var description: String {
        let use = "\(MemoryLimit.size(used)) of \(MemoryLimit.size(limit)) are in use"
        let more = wanted > 0 ? "\(MemoryLimit.size(wanted)) more were asked for, and " : ""
        let state = available.map { "the machine has \(MemoryLimit.size($0)) left" } ?? use
        return "memory limit reached: " + ([more + state] + holders).joined(separator: "; ")
    }
}

/// One limit for the whole process, so that a script that grows without end gets an error it can catch, and not the
/// kernel's out-of-memory killer. A thread looks at the resident size, the more often the less is left, and sets the
/// flag of `Interruption`; large allocations ask before they are made.
public enum MemoryLimit {
    /// Bytes of anonymous memory (mapped files do not count) that the process may hold; 0 for no limit.
    private static let limit = Atomic<Int>(0)
    /// The size at which the next request is made: a little above the last one, so that what catches an error can run.
    private static let threshold = Atomic<Int>(0)
    private static let relief = Mutex<[@Sendable () -> Void]>([])
    private static let reports = Mutex<[@Sendable () -> String?]>([])
    private static let lastRelief = Mutex<(@Sendable () -> Void)?>(nil)

    public static var bytes: Int { limit.load(ordering: .relaxed) }

    /// Sets the limit and begins to watch.
    /// - Parameter setting: a size such as `8G`, `512M` or `4000000000`; nil for nine tenths of what the machine, or
    ///   the control group, has.
    /// - Returns: what is wrong with the setting, or nil.
    public static func watch(_ setting: String?) -> String? {
        var size = MachineMemory.total / 10 * 9
        if let setting, !setting.isEmpty {
            guard let given = parse(setting) else {
                return "BRIDGE_MEMORY is `\(setting)`, and should be a size of 64M or more, such as 8G or 512M"
            }
            size = given
        }
        guard size > 0 else { return nil }
        let isFirst = limit.exchange(size, ordering: .relaxed) == 0
        threshold.store(size, ordering: .relaxed)
        if isFirst { startThread() }
        return nil
    }

    /// Asks for room before a large allocation.
    /// - Throws: `MemoryLimitReached` where it would lead beyond the limit.
    public static func reserve(_ bytes: Int) throws {
        let limit = self.bytes
        guard limit > 0, bytes >= smallestReservation else { return }
        try checkMachine(bytes, limit)
        if MachineMemory.resident + bytes <= limit { return }
        relieve()
        if bytes > limit - MachineMemory.resident, let last = lastRelief.withLock({ $0 }) {
            last()
            _ = trim?(0)
        }
        let used = MachineMemory.resident
        if bytes > limit - used { throw MemoryLimitReached(used: used, limit: limit, wanted: bytes) }
    }

    /// Asks whether the machine has room, before its pages are touched: others may have taken what the limit allows.
    private static func checkMachine(_ bytes: Int, _ limit: Int) throws {
        guard bytes >= smallestCheck, let available = MachineMemory.available, bytes > available else { return }
        relieve()
        guard let left = MachineMemory.available, bytes > left else { return }
        throw MemoryLimitReached(used: MachineMemory.resident, limit: limit, wanted: bytes, available: left)
    }

    /// What is told of who holds memory when the limit is reached, such as `tensors hold 3.2 GiB`.
    public static func onReport(_ report: @escaping @Sendable () -> String?) { reports.withLock { $0.append(report) } }

    static var holders: [String] { reports.withLock { $0 }.compactMap { $0() } }

    /// What is done before a request is made or a reservation refused: giving back what is kept only for speed.
    public static func onPressure(_ action: @escaping @Sendable () -> Void) { relief.withLock { $0.append(action) } }

    /// What is done, besides, before a reservation is refused, on the thread that asked.
    public static func beforeRefusal(_ action: @escaping @Sendable () -> Void) { lastRelief.withLock { $0 = action } }

    /// Whether what runs can go on although the flag of `Interruption` is set: this limit set it, and `free` has made
    /// room, a sixteenth of the limit at least.
    public static func goesOn(after free: () -> Void) -> Bool {
        guard Interruption.isForMemory else { return !Interruption.isRequested }
        free()
        _ = trim?(0)
        guard MachineMemory.resident <= bytes / 16 * 15 else { return false }
        _ = Interruption.takeMemoryRequest()
        return !Interruption.isRequested
    }

    /// Takes back the request that this limit made, if it did: whoever caught `Interrupted` tells the user instead.
    public static func takeRequest() -> MemoryLimitReached? {
        // A request that was met and withdrawn at the same time was of this limit too: the user's stays.
        guard Interruption.takeMemoryRequest() || (bytes > 0 && !Interruption.isRequested) else { return nil }
        return MemoryLimitReached(used: MachineMemory.resident, limit: bytes, wanted: 0)
    }

    /// `7.9 GiB`, `300 MiB`
    public static func size(_ bytes: Int) -> String {
        guard bytes >= 1 << 30 else { return "\(bytes >> 20) MiB" }
        let tenths = (bytes >> 20) * 10 / 1024
        return "\(tenths / 10).\(tenths % 10) GiB"
    }

    /// `8G`, `512M`, `100K` or bytes; powers of 1024. At least 64 MiB, which the program itself needs.
    package static func parse(_ text: String) -> Int? {
        var digits = Substring(text)
        if let last = digits.last, last == "B" || last == "b" { digits.removeLast() }
        if digits.last == "i" { digits.removeLast() }
        var shift = 0
        if let unit = digits.last, let place = Array("KMGT").firstIndex(of: Character(unit.uppercased())) {
            shift = 10 * (place + 1)
            digits.removeLast()
        }
        guard let number = Double(digits), number.isFinite, number > 0 else { return nil }
        let bytes = number * Double(1 << shift)
        return bytes >= Double(64 << 20) && bytes < 0x1p62 ? Int(bytes) : nil
    }

    // MARK: - The watcher

    private static let smallestReservation = 1 << 20
    private static let smallestCheck = 256 << 20
    /// Bytes a second beyond which no machine fills fresh pages.
    private static let fastestGrowth = 8.0 * Double(1 << 30)

    private static func startThread() {
        var all = sigset_t(), before = sigset_t()
        sigfillset(&all)
        // Signals are the main thread's.
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { _ in MemoryLimit.watchForever() }, nil)
        if status == 0 { pthread_detach(thread) }
    }

    private static func watchForever() -> UnsafeMutableRawPointer? {
        while true {
            let left = look()
            let seconds = min(max(Double(left) / fastestGrowth / 2, 0.002), 0.25)
            usleep(UInt32(seconds * 1e6))
        }
    }

    /// - Returns: bytes until the next request.
    private static func look() -> Int {
        let limit = bytes
        var used = MachineMemory.resident
        if used < limit {
            // A request that nobody has met yet has no reason any more.
            _ = Interruption.takeMemoryRequest()
            threshold.store(limit, ordering: .relaxed)
        }
        if used < threshold.load(ordering: .relaxed) { return limit - used }
        relieve()
        used = MachineMemory.resident
        let bound = threshold.load(ordering: .relaxed)
        guard used >= bound else { return bound - used }
        // A twentieth or 64 MiB beyond the limit every look makes a request.
        let next = min(used + max(limit / 64, 16 << 20), limit + max(limit / 20, 64 << 20))
        threshold.store(next, ordering: .relaxed)
        Interruption.requestForMemory()
        return 0
    }

    private static func relieve() {
        for action in relief.withLock({ $0 }) { action() }
        _ = trim?(0)
    }

    /// glibc's `malloc_trim`, whose header Swift does not import: gives the heap's free pages back.
    private static let trim: (@convention(c) (Int) -> Int32)? = {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "malloc_trim") else { return nil }
        return unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)
    }()
}
