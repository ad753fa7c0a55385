/// The prompt's history across sessions: our own file, because libedit's format breaks when it is cut short.
///
/// One entry per line, with backslash, newline, tab and carriage return escaped; what follows a raw tab belongs to later
/// versions and is ignored. Entries are appended with `O_APPEND` in one write each, so that several sessions may share
/// the file. A history that cannot be read or written is worth one warning and no more.
import Glibc

public final class HistoryFile {
    /// At most this many entries are read, the newest ones.
    public static let entryLimit = 2000
    /// At most this many bytes at the end of the file are read.
    public static let byteLimit = 1 << 20

    public let path: String
    private let warn: (String) -> Void
    private var hasWarned = false
    private var latest: String?

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

    /// The newest entries, oldest first, without repetitions in a row.
    public func load() -> [String] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno != ENOENT { complain("read") }
            return []
        }
        defer { close(descriptor) }
        guard let (bytes, isWhole) = tail(of: descriptor) else {
            complain("read")
            return []
        }
        var lines = bytes.split(separator: UInt8(ascii: "\n"))
        if !isWhole && !lines.isEmpty { lines.removeFirst() }
        var entries: [String] = []
        for line in lines.suffix(Self.entryLimit) {
            let entry = Self.unescaped(line)
            if !entry.isEmpty && entry != entries.last { entries.append(entry) }
        }
        latest = entries.last
        return entries
    }

    /// Adds an entry to the end of the file; an entry equal to the one before it is left out.
    public func append(_ entry: String) {
        guard !entry.isEmpty, entry != latest else { return }
        latest = entry
        makeFolder()
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return complain("write") }
        defer { close(descriptor) }
        let line = Array((Self.escaped(entry) + "\n").utf8)
        let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if written != line.count { complain("write") }
    }

    static func escaped(_ entry: String) -> String {
        var text = ""
        for scalar in entry.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    static func unescaped(_ line: some Sequence<UInt8>) -> String {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in line {
            if isEscaped {
                bytes.append(meaning(ofEscape: byte))
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\t") {
                break
            } else if byte != 0 {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func meaning(ofEscape byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "r"): UInt8(ascii: "\r")
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        default: byte
        }
    }

    private func tail(of descriptor: Int32) -> (bytes: [UInt8], isWhole: Bool)? {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { return nil }
        let count = min(Int(size), Self.byteLimit)
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, count, size - count) }
        guard got >= 0 else { return nil }
        return (Array(bytes.prefix(got)), count == Int(size))
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
        warn("cannot \(action) the history file `\(path)`: \(reason); this session goes on without it")
    }
}
