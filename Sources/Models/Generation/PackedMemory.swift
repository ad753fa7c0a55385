import Tensors

/// Memory for packed weights, one behind the other in the order in which they are made and read, in blocks that are
/// large enough for large pages: a step of decoding reads all of them, and with small pages it spends a quarter of its
/// time on looking up addresses.
final class PackedMemory {
    /// A part of the memory; whoever holds it keeps the memory.
    struct Part {
        let pointer: UnsafeMutableRawPointer
        fileprivate let block: Storage
    }

    /// Floats of the first block; another is twice as large as the one before, up to the largest, unless a part needs
    /// more.
    private static let smallestBlock = 1 << 19
    private static let largestBlock = 1 << 22
    /// Floats of a cache line, at which parts begin.
    private static let alignment = 16
    private var block: Storage?
    private var used = 0

    /// - Returns: uninitialised room, aligned to cache lines.
    /// - Throws: `TensorError` without memory.
    func take(_ bytes: Int) throws -> Part {
        let line = Self.alignment * MemoryLayout<Float>.stride
        let count = (bytes + line - 1) / line * Self.alignment
        let room = try roomy(count)
        defer { used += count }
        return Part(pointer: UnsafeMutableRawPointer(room.pointer + used), block: room)
    }

    /// The present block if so many floats fit into it, else a new one.
    private func roomy(_ count: Int) throws -> Storage {
        if let block, block.count - used >= count { return block }
        let usual = block.map { min(2 * $0.count, Self.largestBlock) } ?? Self.smallestBlock
        let made = try Storage(count: max(count, usual))
        (block, used) = (made, 0)
        return made
    }
}
