import Glibc
import Synchronization

/// A file that appears whole or not at all: written under another name in the same folder, then renamed.
struct OutputFile {
    let path: String
    private let folder: String
    private let name: String

    /// Looks whether the file can be written, before any work is done for it.
    /// - Throws: `PlotError.output`.
    init(path: String) throws(PlotError) {
        self.path = path
        let end = path.lastIndex(of: "/")
        name = end.map { String(path[path.index(after: $0)...]) } ?? path
        folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        if path.utf8.contains(0) { throw .output("a file's name cannot hold a zero byte") }
        var status = stat()
        guard stat(folder, &status) == 0 else {
            throw .output("cannot write \(path): there is no folder \(folder)")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .output("cannot write \(path): \(folder) is a file, not a folder")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw .output("cannot write \(path): you may not write in the folder \(folder)")
        }
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw .output("cannot write \(path): it is a folder")
        }
    }

    /// - Throws: `PlotError.output`, leaving what was there before.
    func write(_ bytes: [UInt8]) throws(PlotError) {
        let temporary =
            "\(folder)/.\(name.utf8.count < 200 ? name : "figure").\(getpid()).\(OutputFile.nextNumber()).tmp"
        guard let file = fopen(temporary, "wbx") else { throw failure() }
        let written = fwrite(bytes, 1, bytes.count, file)
        let closed = fclose(file)
        guard written == bytes.count, closed == 0, rename(temporary, path) == 0 else {
            let error = failure()
            unlink(temporary)
            throw error
        }
    }

    private func failure() -> PlotError {
        .output("cannot write \(path): \(String(cString: strerror(errno)))")
    }

    private static let counter = Atomic<Int>(0)

    private static func nextNumber() -> Int { counter.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// A private folder for what gnuplot reads and writes during one drawing, gone afterwards. So gnuplot sees only names
/// that were made here, whatever the user's file is called.
struct TemporaryFolder: ~Copyable {
    let path: String
    private var names: [String] = []

    /// - Throws: `PlotError.output` if no folder can be made.
    init() throws(PlotError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let usable = !parent.isEmpty && !parent.utf8.contains { $0 < 32 }
        var template = Array("\(usable ? parent : "/tmp")/bridge-plot-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw .output(
                "cannot make a temporary folder in \(usable ? parent : "/tmp"): "
                    + "\(String(cString: strerror(errno))); set TMPDIR to a folder that you may write in")
        }
        path = String(cString: made)
    }

    /// A path in the folder; the file is removed with it.
    mutating func file(_ name: String) -> String {
        names.append(name)
        return "\(path)/\(name)"
    }

    /// The bytes of a file, or nil if it is not there.
    func contents(_ name: String) -> [UInt8]? {
        guard let file = fopen("\(path)/\(name)", "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return ferror(file) == 0 ? bytes : nil }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
