import Glibc

/// Memory for packed weights, one behind the other in the order in which they are made and read, in pages as large as
/// the system has: a step of decoding reads all of them, and with small pages it spends a quarter of its time on
/// looking up addresses.
final class PackedMemory {
    /// A part of the memory; whoever holds it keeps the memory.
    struct Part {
        let pointer: UnsafeMutableRawPointer
        fileprivate let block: Block
    }

    fileprivate final class Block {
        let start: UnsafeMutableRawPointer
        let size: Int
        var used = 0

        init?(size: Int) {
            guard let memory = aligned_alloc(PackedMemory.page, size) else { return nil }
            start = memory
            self.size = size
            #if os(Linux)
            madvise(memory, size, MADV_HUGEPAGE)
            #endif
        }

        deinit { free(start) }
    }

    /// Bytes of a large page.
    private static let page = 2 << 20
    /// A block is twice as large as the one before, up to this, unless a part needs more.
    private static let largestBlock = 8 * page
    private static let alignment = 64
    private var block: Block?

    /// - Returns: uninitialised room, aligned to cache lines; nil without memory.
    func take(_ bytes: Int) -> Part? {
        let size = (bytes + Self.alignment - 1) / Self.alignment * Self.alignment
        if block.map({ $0.size - $0.used < size }) ?? true {
            let usual = block.map { min(2 * $0.size, Self.largestBlock) } ?? Self.page
            block = Block(size: max((size + Self.page - 1) / Self.page * Self.page, usual))
        }
        guard let block else { return nil }
        defer { block.used += size }
        return Part(pointer: block.start + block.used, block: block)
    }
}
