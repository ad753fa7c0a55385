/// A buffer of floats shared by a tensor and its views.
package final class Storage {
    package let pointer: UnsafeMutablePointer<Float>
    package let count: Int
    private let sizeClass: Int
    private let capacity: Int
    /// Keeps alive what the memory belongs to, where it is not ours (such as a mapped file).
    private let owner: AnyObject?
    /// How many entries of living tapes need the present values.
    var pins = 0 {
        didSet {
            guard owner == nil, (pins == 0) != (oldValue == 0) else { return }
            Storage.pinnedBytes += (pins == 0 ? -1 : 1) * capacity * MemoryLayout<Float>.stride
        }
    }
    // Confined, like the tensors, to the thread that computes; others only read it, for a message.
    nonisolated(unsafe) private(set) static var pinnedBytes = 0

    /// Uninitialised.
    package init(count: Int) throws {
        (pointer, sizeClass, capacity) = try BufferPool.take(count)
        self.count = count
        owner = nil
    }

    /// Memory that `owner` keeps; it must not be written to if it is mapped read-only.
    package init(borrowing pointer: UnsafeMutablePointer<Float>, count: Int, owner: AnyObject) {
        self.pointer = pointer
        self.count = count
        self.owner = owner
        sizeClass = 0
        capacity = 0
    }

    /// Whether the memory is somebody else's, and not to be written to.
    var isBorrowed: Bool { owner != nil }

    deinit {
        if owner == nil { BufferPool.giveBack(pointer, sizeClass: sizeClass, capacity: capacity) }
    }
}
