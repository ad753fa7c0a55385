/// One flag that says "stop as soon as you can": set by Ctrl-C (from a signal handler) or by a limit, polled by the
/// virtual machine at backward jumps and calls, by the sampler between tokens, by training between steps and by long
/// kernels in their outer loops.
import Synchronization

/// Thrown where a poll finds the flag set. Whoever catches it leaves its state as it was and passes it on.
public struct Interrupted: Error {
    public init() {}
}

public enum Interruption {
    nonisolated(unsafe) private static let storage: UnsafeMutablePointer<Atomic<Bool>> = {
        let place = UnsafeMutablePointer<Atomic<Bool>>.allocate(capacity: 1)
        place.initialize(to: Atomic(false))
        return place
    }()

    /// Where the request is noted, for loops that ask at every turn.
    public static var flag: UnsafePointer<Atomic<Bool>> { UnsafePointer(storage) }

    /// Asks running work to stop. Safe to call from a signal handler.
    public static func request() { storage.pointee.store(true, ordering: .relaxed) }

    /// Forgets a request; called before new work starts and after the old one has stopped.
    public static func clear() { storage.pointee.store(false, ordering: .relaxed) }

    /// Whether somebody asked to stop. One relaxed load: cheap enough for inner loops.
    @inline(__always)
    public static var isRequested: Bool { storage.pointee.load(ordering: .relaxed) }

    /// - Throws: `Interrupted` if somebody asked to stop.
    @inline(__always)
    public static func check() throws {
        if isRequested { throw Interrupted() }
    }
}
