import Glibc

/// The bytes of a file, mapped into memory read-only. Every access is checked against the size the file had when it
/// was opened, so what a header claims can never reach outside. (A file that someone shortens while it is mapped
/// still ends the process; no reader can prevent that.)
public final class MappedFile: @unchecked Sendable {
    /// The path it was opened with; error messages name it.
    public let path: String
    /// The file's size in bytes.
    public let byteCount: Int

    private let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    /// - Throws: `ModelError` when the file is missing, is not a regular file or cannot be read.
    public init(path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ModelError.unreadable(path, reason: lastSystemError()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ModelError.unreadable(path, reason: lastSystemError()) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw ModelError.unreadable(path, reason: "not a file") }
        self.path = path
        byteCount = Int(status.st_size)
        isMapped = byteCount > 0
        guard isMapped else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let base = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw ModelError.unreadable(path, reason: lastSystemError())
        }
        bytes = UnsafeRawBufferPointer(start: base, count: byteCount)
    }

    /// Bytes that are already in memory, under the name that messages shall use; for tests.
    package init(contents: [UInt8], name: String) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(contents.count, 1), alignment: 64)
        copy.copyBytes(from: contents)
        path = name
        byteCount = contents.count
        bytes = UnsafeRawBufferPointer(start: copy.baseAddress, count: contents.count)
        isMapped = false
    }

    deinit {
        guard let base = bytes.baseAddress else { return }
        let pointer = UnsafeMutableRawPointer(mutating: base)
        if isMapped { munmap(pointer, byteCount) } else { pointer.deallocate() }
    }

    /// Lends the bytes of a range for the length of a call.
    /// - Throws: `ModelError` when the range reaches outside the file, and whatever `body` throws.
    public func withBytes<Result>(
        in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard range.lowerBound >= 0, range.upperBound <= byteCount else {
            throw ModelError.damaged(path, "it ends before byte \(range.upperBound)")
        }
        return try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(rebasing: bytes[range])) }
    }

    /// A copy of the whole file as text; bytes that are not UTF-8 become U+FFFD.
    func text() throws -> String {
        try withBytes(in: 0..<byteCount) { String(decoding: $0, as: UTF8.self) }
    }
}

/// What the last failed system call had to say, such as "No such file or directory".
func lastSystemError() -> String { String(cString: strerror(errno)) }
