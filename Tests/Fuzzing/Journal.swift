import Glibc

/// The program that is being run, in memory that outlives the process: what is known of a crash.
public final class Journal {
    private static let capacity = 1 << 20
    private let memory: UnsafeMutableRawPointer

    public init?(path: String) {
        let file = open(path, O_RDWR | O_CREAT, 0o600)
        guard file >= 0, ftruncate(file, off_t(Journal.capacity)) == 0,
            let memory = mmap(nil, Journal.capacity, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED
        else { return nil }
        close(file)
        self.memory = memory
    }

    deinit { munmap(memory, Journal.capacity) }

    public func note(index: Int, _ bytes: [UInt8]) {
        let count = min(bytes.count, Journal.capacity - 16)
        memory.storeBytes(of: index, as: Int.self)
        memory.storeBytes(of: count, toByteOffset: 8, as: Int.self)
        memcpy(memory + 16, bytes, count)
    }

    public var entry: (index: Int, text: String) {
        let count = memory.load(fromByteOffset: 8, as: Int.self)
        let bytes = UnsafeRawBufferPointer(start: memory + 16, count: count)
        return (memory.load(as: Int.self), String(decoding: bytes, as: UTF8.self))
    }
}
