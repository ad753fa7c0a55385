/// One flag that says "stop as soon as you can": set by Ctrl-C (from a signal handler) or by a limit, polled by the
/// virtual machine at backward jumps and calls, by the sampler between tokens, by training between steps and by long
/// kernels in their outer loops.
import Synchronization

/// Thrown where a poll finds the flag set. Whoever catches it leaves its state as it was and passes it on, with what it
/// had done by then where that is of use.
public struct Interrupted: Error {
    /// What was done of the work that was stopped; what it is, the layers agree on among themselves.
    public let partial: (any Sendable)?

    public init(leaving partial: (any Sendable)? = nil) { self.partial = partial }
}

public enum Interruption {
    private static let none: UInt8 = 0, byUser: UInt8 = 1, byMemory: UInt8 = 2

    nonisolated(unsafe) private static let storage: UnsafeMutablePointer<Atomic<UInt8>> = {
        let place = UnsafeMutablePointer<Atomic<UInt8>>.allocate(capacity: 1)
        place.initialize(to: Atomic(none))
        return place
    }()

    /// Where the request is noted, for loops that ask at every turn: 0 where there is none.
    public static var flag: UnsafePointer<Atomic<UInt8>> { UnsafePointer(storage) }

    /// Asks running work to stop. Safe to call from a signal handler.
    public static func request() { storage.pointee.store(byUser, ordering: .relaxed) }

    /// Asks running work to stop because memory runs out; a request of the user's stays what it is.
    static func requestForMemory() {
        _ = storage.pointee.compareExchange(expected: none, desired: byMemory, ordering: .relaxed)
    }

    static var isForMemory: Bool { storage.pointee.load(ordering: .relaxed) == byMemory }

    /// Forgets a request that was made because memory runs out; false where there is none.
    static func takeMemoryRequest() -> Bool {
        storage.pointee.compareExchange(expected: byMemory, desired: none, ordering: .relaxed).exchanged
    }

    private static let isEnd = Atomic<Bool>(false)

    /// Says that the process ends with what runs now, so that an interruption ends it.
    public static func endsProcess() { isEnd.store(true, ordering: .relaxed) }

    /// Whether the process is about to end because somebody asked to stop. Then what running work held is best left to
    /// the system, which takes it back at once: giving up millions of values takes longer than a user waits after
    /// Ctrl-C.
    public static var leavesMemory: Bool {
        storage.pointee.load(ordering: .relaxed) == byUser && isEnd.load(ordering: .relaxed)
    }

    /// Lets what running work held stay in memory if the process is about to end.
    public static func leave<Held>(_ held: Held) {
        if leavesMemory { _ = Unmanaged.passRetained(Kept(held)) }
    }

    private final class Kept<Held> {
        let held: Held
        init(_ held: Held) { self.held = held }
    }

    /// Forgets a request; called before new work starts and after the old one has stopped.
    public static func clear() { storage.pointee.store(none, ordering: .relaxed) }

    /// Whether somebody asked to stop. One relaxed load: cheap enough for inner loops.
    @inline(__always)
    public static var isRequested: Bool { storage.pointee.load(ordering: .relaxed) != none }

    /// - Throws: `Interrupted` if somebody asked to stop.
    @inline(__always)
    public static func check() throws {
        if isRequested { throw Interrupted() }
    }
}
