import Glibc
import Interruption
import Language

/// A file's bytes in pieces: a window onto it that grows where a line or a record does not fit, up to a limit. The file
/// is closed with the reader.
final class FileReader {
    /// Bytes that one line or one record of a table may have.
    static let longestRecord = Limits.stringBytes
    private static let pieceSize = 1 << 20
    private static let largestRead = 16 << 20

    let path: String
    /// The size that the system gives; 0 for what is no plain file.
    let size: Int
    private let descriptor: Int32
    private var buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    /// Whether the window reaches the file's end.
    private(set) var isAtEnd = false

    /// - Throws: `RuntimeError` naming the path and the reason; `Interrupted` while a pipe waits for its writer.
    init(_ path: String) throws {
        self.path = path
        guard !path.utf8.contains(0) else {
            throw RuntimeError("a file's name cannot hold a zero byte", code: "E300")
        }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            try Interruption.check()
            throw FileError.cannotRead(path, code)
        }
        var information = stat()
        let isKnown = fstat(descriptor, &information) == 0
        size = isKnown && information.st_mode & S_IFMT == S_IFREG ? Int(information.st_size) : 0
        if isKnown, information.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            throw RuntimeError("\(path) is a folder, not a file", code: "E300")
        }
        buffer = .allocate(byteCount: FileReader.pieceSize, alignment: 64)
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    /// What was read and not passed over yet; valid until the next call.
    var window: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

    /// Passes over bytes at the window's start.
    func advance(_ count: Int) { start += count }

    /// Makes the window larger by what the file has next. At the end it stays, and `isAtEnd` becomes true.
    /// - Parameter limit: bytes that the window may have, and what to throw beyond them.
    func readMore(limit: Int, _ tooLong: () -> RuntimeError) throws {
        try Interruption.check()
        if start > 0 {
            buffer.baseAddress?.copyMemory(from: buffer.baseAddress! + start, byteCount: end - start)
            (start, end) = (0, end - start)
        }
        if end == buffer.count { try grow(limit: limit, tooLong) }
        while true {
            try waitForBytes()
            let count = read(descriptor, buffer.baseAddress! + end, min(buffer.count - end, FileReader.largestRead))
            if count < 0, errno == EINTR || errno == EAGAIN {
                try Interruption.check()
                continue
            }
            if count < 0 { throw FileError.cannotRead(path) }
            isAtEnd = count == 0
            end += count
            return
        }
    }

    private func grow(limit: Int, _ tooLong: () -> RuntimeError) throws {
        guard end <= limit else { throw tooLong() }
        try grow(to: buffer.count * 2)
    }

    private func grow(to byteCount: Int) throws {
        try MemoryLimit.reserve(byteCount)
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
        larger.copyMemory(from: window)
        (start, end) = (0, end - start)
        buffer.deallocate()
        buffer = larger
    }

    /// A pipe may keep one waiting without end, and the signal may go to another thread.
    private func waitForBytes() throws {
        guard size == 0 else { return }
        var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&source, 1, 50) <= 0 { try Interruption.check() }
    }

    /// The whole file, which must be UTF-8 or anything else that the caller reads.
    /// - Throws: `RuntimeError` where it is larger than `limit` bytes.
    func readAll(limit: Int, _ tooLarge: @autoclosure () -> RuntimeError) throws -> UnsafeRawBufferPointer {
        guard size <= limit else { throw tooLarge() }
        if size >= buffer.count { try grow(to: size + 1) }
        while !isAtEnd { try readMore(limit: limit, tooLarge) }
        guard window.count <= limit else { throw tooLarge() }
        return window
    }

    /// Passes over a byte order mark at the file's start.
    /// - Throws: `RuntimeError` for the mark of UTF-16.
    func skipByteOrderMark() throws {
        while window.count < 3, !isAtEnd { try readMore(limit: 8) { FileError.cannotRead(self.path) } }
        if window.starts(with: [0xEF, 0xBB, 0xBF]) { advance(3) }
        if window.starts(with: [0xFF, 0xFE]) || window.starts(with: [0xFE, 0xFF]) {
            throw RuntimeError("\(path):1: this is UTF-16; save the file as UTF-8", code: "E300")
        }
    }
}
