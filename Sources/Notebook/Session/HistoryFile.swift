/// The prompt's history across sessions: our own file, because libedit's format breaks when it is cut short, and knows
/// neither when an entry was run nor for how long (`HistoryFormat`).
///
/// Several sessions may share the file: each line is written at once under a lock, and a file that has grown too long
/// is rewritten beside itself and put in its place. An entry is in the file before it runs, so that nothing is lost if the
/// session ends in the middle. A history that cannot be read or written is worth one warning and no more.
import Glibc

public final class HistoryFile {
    /// At most this many entries are kept, the newest ones.
    public static let entryLimit = 5000
    /// At most this many bytes at the end of the file are read.
    public static let byteLimit = 1 << 20

    public let path: String
    private let warn: (String) -> Void
    private var hasWarned = false
    /// Lines that could not be written yet.
    private var unwritten = ""
    /// How far the file has been read, and which file that was.
    private var seen: (file: UInt, size: Int) = (0, 0)
    private var running: HistoryFormat.Key?

    /// - Parameter warn: told once when the file cannot be read or written.
    public init(path: String, warn: @escaping (String) -> Void) {
        self.path = path
        self.warn = warn
    }

    /// `$XDG_STATE_HOME/bridge/history`, by default `~/.local/state/bridge/history`; nil without a home.
    public static func defaultPath(environment: (String) -> String?) -> String? {
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/bridge/history" }
        guard let home = environment("HOME"), !home.isEmpty else { return nil }
        return home + "/.local/state/bridge/history"
    }

    // MARK: Reading

    /// The newest entries of all sessions, oldest first.
    public func load() -> [HistoryEntry] {
        guard let content = read() else { return [] }
        seen = (content.file, content.size)
        if content.isTooLong { compact() }
        return content.entries
    }

    private func read() -> Content? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno != ENOENT { complain("read") }
            return nil
        }
        defer { close(descriptor) }
        let content = Content(descriptor)
        if content == nil { complain("read") }
        return content
    }

    /// What other sessions have added since the file was read last.
    public func news() -> [HistoryEntry] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return [] }
        // A file in the place of another holds what was read already.
        guard seen.file == 0 || seen.file == information.st_ino, information.st_size > seen.size else {
            seen = (information.st_ino, Int(information.st_size))
            return []
        }
        guard let content = Content(descriptor, from: seen.size) else { return [] }
        seen = (content.file, content.size)
        return HistoryFormat.entries(content.lines, without: getpid())
    }

    /// The entries that hold `text`, upper and lower case alike, of all sessions, oldest first.
    public func entries(matching text: String) -> [HistoryEntry] {
        let wanted = Array(text.lowercased().utf8)
        return (read()?.entries ?? []).filter { entry in
            let bytes = Array(entry.text.lowercased().utf8)
            guard bytes.count >= wanted.count else { return false }
            return (0...(bytes.count - wanted.count)).contains { start in
                bytes[start..<start + wanted.count].elementsEqual(wanted)
            }
        }
    }

    /// The end of a file.
    private struct Content {
        var lines: [ArraySlice<UInt8>]
        var isWhole: Bool
        var file: UInt = 0
        var size: Int

        /// - Parameter start: where a line begins.
        init?(_ descriptor: Int32, from start: Int = 0) {
            var information = stat()
            let size = lseek(descriptor, 0, SEEK_END)
            guard size >= start, fstat(descriptor, &information) == 0 else { return nil }
            (self.size, file) = (size, information.st_ino)
            let count = min(Int(size) - start, HistoryFile.byteLimit)
            var bytes = [UInt8](repeating: 0, count: count)
            let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, count, size - count) }
            guard got >= 0 else { return nil }
            isWhole = count == Int(size) - start
            lines = bytes.prefix(got).split(separator: UInt8(ascii: "\n"))
            if !isWhole && !lines.isEmpty { lines.removeFirst() }
        }

        var entries: [HistoryEntry] { HistoryFormat.entries(lines).suffix(HistoryFile.entryLimit) }
        /// Two lines an entry, and as much again before it is worth the work.
        var isTooLong: Bool { !isWhole || lines.count > 4 * HistoryFile.entryLimit }
    }

    // MARK: Writing

    /// Adds an entry that is about to run; one that would push out most of the others is left out.
    /// - Parameter time: in seconds since 1970.
    public func append(_ entry: String, at time: Double) {
        running = nil
        guard !entry.isEmpty, entry.utf8.count <= Self.byteLimit / 4 else { return }
        let key = HistoryFormat.Key(milliseconds: HistoryFormat.milliseconds(time), process: getpid())
        write(HistoryFormat.line(entry, key))
        running = key
    }

    /// Says how long the entry added last has run.
    public func finish(after seconds: Double) {
        guard let key = running else { return }
        running = nil
        write(HistoryFormat.durationLine(key, seconds: seconds))
    }

    /// Writes a line, or keeps it for the next time where that is not possible now.
    private func write(_ line: String) {
        unwritten += line
        if writeAtOnce(unwritten) {
            unwritten = ""
        } else if unwritten.utf8.count > Self.byteLimit {
            unwritten = String(unwritten.suffix(Self.byteLimit / 2).drop { $0 != "\n" }.dropFirst())
        }
    }

    /// Writes lines as a whole or not at all.
    private func writeAtOnce(_ line: String) -> Bool {
        guard let descriptor = openLocked(making: true) else {
            complain("write")
            return false
        }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        // What a crash cut off must not swallow this line.
        var last = UInt8(ascii: "\n")
        if size > 0 { _ = pread(descriptor, &last, 1, size - 1) }
        let bytes = Array(((last == UInt8(ascii: "\n") ? "" : "\n") + line).utf8)
        let written = Glibc.write(descriptor, bytes, bytes.count)
        if written == bytes.count { return true }
        let code = errno
        if written > 0 { _ = ftruncate(descriptor, size) }
        errno = written < 0 ? code : ENOSPC
        complain("write")
        return false
    }

    /// Rewrites the file with the newest entries only. Whatever fails, the file stays as it was.
    private func compact() {
        guard let descriptor = openLocked(making: false) else { return }
        defer { close(descriptor) }
        guard let content = Content(descriptor), content.isTooLong else { return }
        var kept: [String] = []
        var size = 0
        for line in content.entries.reversed().lazy.map(HistoryFormat.lines) {
            size += line.utf8.count
            if size > Self.byteLimit / 2 { break }
            kept.append(line)
        }
        let temporary = "\(path).\(getpid())"
        let replacement = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard replacement >= 0 else { return }
        let bytes = Array(kept.reversed().joined().utf8)
        let isWritten = Glibc.write(replacement, bytes, bytes.count) == bytes.count && fsync(replacement) == 0
        close(replacement)
        if !isWritten || rename(temporary, path) != 0 { unlink(temporary) }
    }

    /// The file, locked for this process until it is closed. A lock that cannot be had soon is done without.
    private func openLocked(making: Bool) -> Int32? {
        if making { makeFolder() }
        for _ in 0..<10 {
            let descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC | (making ? O_CREAT : 0), 0o600)
            guard descriptor >= 0 else { return nil }
            var attempts = 0
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK, attempts < 2000 {
                usleep(1000)
                attempts += 1
            }
            // Another session may have put a new file in its place meanwhile.
            var opened = stat()
            var current = stat()
            if fstat(descriptor, &opened) == 0, stat(path, &current) == 0, opened.st_ino == current.st_ino {
                return descriptor
            }
            close(descriptor)
        }
        return nil
    }

    /// Makes the folders above the file; a failure shows itself when the file is opened.
    private func makeFolder() {
        for (offset, byte) in path.utf8.enumerated() where byte == UInt8(ascii: "/") && offset > 0 {
            _ = mkdir(String(decoding: path.utf8.prefix(offset), as: UTF8.self), 0o700)
        }
    }

    private func complain(_ action: String) {
        let reason = String(cString: strerror(errno))
        guard !hasWarned else { return }
        hasWarned = true
        warn("cannot \(action) the history file `\(path)`: \(reason); "
            + "what is typed goes there as soon as it can be")
    }
}
