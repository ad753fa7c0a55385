import Glibc

/// A file that is written under a temporary name beside its place and takes its place only when it is whole: whoever
/// looks sees the old file or the new one, never half of one.
struct FileReplacement: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isCommitted = false

    /// - Throws: `ModelError` when no file can be made in that folder.
    init(path: String) throws {
        self.path = path
        temporaryPath = "\(path).\(getpid()).part"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ModelError.unwritable(path, reason: lastSystemError()) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw ModelError.unwritable(path, reason: lastSystemError()) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// Puts the file in its place.
    mutating func commit() throws {
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
            throw ModelError.unwritable(path, reason: lastSystemError())
        }
        isCommitted = true
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporaryPath) }
    }
}
