import Glibc
import Interruption
import Synchronization

/// Recycles float buffers: a fresh page costs more than the arithmetic done on it. Sizes are rounded up to four classes
/// per power of two, so that at most a quarter is wasted.
package enum BufferPool {
    struct State: ~Copyable {
        /// Addresses of free buffers, by size class.
        var free: [[UInt]] = Array(repeating: [], count: 256)
        var freeBytes = 0
        var liveBytes = 0
        var peakBytes = 0

        mutating func note(_ bytes: Int) {
            liveBytes += bytes
            peakBytes = Swift.max(peakBytes, liveBytes)
        }
    }

    private static let state = Mutex(State())
    /// Free buffers beyond this many bytes, or beyond what has been in use at once, go back to the system.
    private static let maximumFreeBytes = 4 << 30
    private static let smallest = 16
    /// Bytes of a large page; buffers that fill one ask for such.
    private static let largePage = 2 << 20
    /// Larger buffers ask for room within the memory limit.
    private static let largestUnasked = 1 << 20

    /// Under pressure the free buffers go back to the system.
    private static let reserve: @Sendable (Int) throws -> Void = {
        MemoryLimit.onPressure { drain() }
        MemoryLimit.onReport {
            let (live, kept) = (liveBytes, Storage.pinnedBytes)
            guard live >= 1 << 20 else { return nil }
            return "tensors hold \(MemoryLimit.size(live))"
                + (kept >= 1 << 20 ? ", \(MemoryLimit.size(kept)) of them for a backward() to come" : "")
        }
        return { try MemoryLimit.reserve($0) }
    }()

    /// Index of the smallest class that holds `count` floats, and its size.
    static func sizeClass(_ count: Int) -> (index: Int, capacity: Int) {
        let wanted = Swift.max(count, smallest)
        // 2^power < wanted <= 2^(power + 1), for wanted > 1
        let power = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
        let step = Swift.max(1, (1 << power) >> 2)
        let quarters = (wanted - (1 << power) + step - 1) / step
        return (power * 4 + quarters, (1 << power) + quarters * step)
    }

    /// Uninitialised room for at least `count` floats, aligned to 64 bytes.
    static func take(_ count: Int) throws -> (pointer: UnsafeMutablePointer<Float>, sizeClass: Int, capacity: Int) {
        let (index, capacity) = sizeClass(count)
        let bytes = capacity * MemoryLayout<Float>.stride
        let recycled: UInt? = state.withLock { state in
            guard let address = state.free[index].popLast() else { return nil }
            state.freeBytes -= bytes
            state.note(bytes)
            return address
        }
        if let recycled, let pointer = UnsafeMutablePointer<Float>(bitPattern: recycled) {
            return (pointer, index, capacity)
        }
        if bytes > largestUnasked { try reserve(bytes) }
        var raw: UnsafeMutableRawPointer?
        let isLarge = bytes >= largePage
        guard posix_memalign(&raw, isLarge ? largePage : 64, bytes) == 0, let raw else {
            let held = state.withLock { $0.liveBytes }
            throw TensorError(
                "memory", "no room for \(count) elements (\(bytes >> 20) MiB); tensors hold \(held >> 20) MiB already")
        }
        state.withLock { $0.note(bytes) }
        #if os(Linux)
        if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }
        #endif
        return (raw.assumingMemoryBound(to: Float.self), index, capacity)
    }

    static func giveBack(_ pointer: UnsafeMutablePointer<Float>, sizeClass: Int, capacity: Int) {
        let bytes = capacity * MemoryLayout<Float>.stride
        let keeps = state.withLock { state in
            state.liveBytes -= bytes
            guard state.freeBytes + bytes <= Swift.min(maximumFreeBytes, Swift.max(state.peakBytes, 64 << 20)) else {
                return false
            }
            state.free[sizeClass].append(UInt(bitPattern: pointer))
            state.freeBytes += bytes
            return true
        }
        if !keeps { free(pointer) }
    }

    /// Bytes in use by living tensors.
    package static var liveBytes: Int { state.withLock { $0.liveBytes } }
    /// The most that was in use at once since the last `drain`.
    package static var peakBytes: Int { state.withLock { $0.peakBytes } }
    /// Bytes kept for reuse.
    package static var freeBytes: Int { state.withLock { $0.freeBytes } }

    /// Gives all free buffers back to the system, for instance between the stages of a run.
    package static func drain() {
        let buffers = state.withLock { state in
            defer {
                for index in state.free.indices { state.free[index] = [] }
                state.freeBytes = 0
                state.peakBytes = state.liveBytes
            }
            return state.free.flatMap { $0 }
        }
        for address in buffers { free(UnsafeMutableRawPointer(bitPattern: address)) }
    }
}
