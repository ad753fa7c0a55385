import Glibc
import Interruption
import Language

/// A file that is written piece by piece under a temporary name beside its place, and takes the place when it is whole:
/// after an error, Ctrl-C included, what was there before is as it was. What is no plain file (`/dev/stdout`, a pipe)
/// is written to directly. A link stays: the file that it leads to is replaced.
final class FileWriter {
    private static let pieceSize = 1 << 16

    private let path: String
    /// The path without links.
    private let target: String
    private let temporaryPath: String?
    private let descriptor: Int32
    private var isCommitted = false
    var bytes: [UInt8] = []

    /// - Throws: `RuntimeError` naming the path and the reason.
    init(_ path: String) throws {
        guard !path.utf8.contains(0) else {
            throw RuntimeError("a file's name cannot hold a zero byte", code: "E300")
        }
        self.path = path
        target = FileWriter.target(of: path)
        var information = stat()
        let isThere = stat(path, &information) == 0
        if isThere, information.st_mode & S_IFMT == S_IFDIR { throw FileError.cannotWrite(path, EISDIR) }
        if isThere, information.st_mode & S_IFMT != S_IFREG {
            temporaryPath = nil
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
        } else {
            // To put another file in its place would need no leave to write to it.
            if isThere, access(path, W_OK) != 0 { throw FileError.cannotWrite(path) }
            let temporary = FileWriter.temporaryPath(for: target)
            temporaryPath = temporary
            descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            // A file that is replaced keeps its permissions.
            if isThere, descriptor >= 0 { fchmod(descriptor, information.st_mode & 0o7777) }
        }
        guard descriptor >= 0 else { throw FileError.cannotWrite(path) }
    }

    deinit {
        close(descriptor)
        if !isCommitted, let temporaryPath { unlink(temporaryPath) }
    }

    private static func target(of path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// `folder/.name.process-number.part`; a long name is cut, as names have a limit.
    private static func temporaryPath(for path: String) -> String {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        serial &+= 1
        return "\(path[..<slash]).\(path[slash...].prefix(40)).\(getpid())-\(serial).part"
    }

    nonisolated(unsafe) private static var serial = 0

    /// Writes what has gathered in `bytes`, once it is enough to be worth it.
    func flushIfLarge() throws { if bytes.count >= FileWriter.pieceSize { try flush() } }

    private func flush() throws {
        try bytes.withUnsafeBufferPointer { try put($0) }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes bytes that need not be gathered first.
    func append(_ text: UnsafeBufferPointer<UInt8>) throws {
        try flush()
        try put(text)
    }

    private func put(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var done = 0
        while done < bytes.count {
            try Interruption.check()
            let piece = min(bytes.count - done, 16 * FileWriter.pieceSize)
            let count = write(descriptor, bytes.baseAddress! + done, piece)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw FileError.cannotWrite(path) }
            done += count
        }
    }

    /// Writes the rest and puts the file in its place.
    func commit() throws {
        try flush()
        if let temporaryPath {
            guard fsync(descriptor) == 0, rename(temporaryPath, target) == 0 else { throw FileError.cannotWrite(path) }
        }
        isCommitted = true
    }

    /// Adds a line to the end of a file with one write, so that whoever reads it, and what is left after a crash, has
    /// whole lines only. Half a line that a crash has left is ended first.
    static func append(line: [UInt8], to path: String) throws {
        guard !path.utf8.contains(0) else {
            throw RuntimeError("a file's name cannot hold a zero byte", code: "E300")
        }
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError.cannotWrite(path) }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        var last = UInt8(ascii: "\n")
        if size > 0 { _ = pread(descriptor, &last, 1, size - 1) }
        let bytes = (last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]) + line + [UInt8(ascii: "\n")]
        var count = write(descriptor, bytes, bytes.count)
        while count < 0, errno == EINTR { count = write(descriptor, bytes, bytes.count) }
        if count == bytes.count { return }
        let code = count < 0 ? errno : ENOSPC
        if count > 0, size >= 0 { ftruncate(descriptor, size) }
        throw FileError.cannotWrite(path, code)
    }
}
