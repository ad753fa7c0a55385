import Glibc

/// `%log FILE`: everything that is typed and shown, as it comes, in a file that is itself a script: what was shown
/// stands in comments. Appended to, and flushed with every write, so that what was seen is kept whatever happens to the
/// terminal.
final class SessionLog {
    let path: String
    private let file: UnsafeMutablePointer<FILE>
    private var isAtLineStart = true
    private let warn: (String) -> Void
    private var isBroken = false

    /// - Parameter warn: told once, if the file cannot be gone on with.
    /// - Throws: `RuntimeError` when the file cannot be written.
    init(path: String, warn: @escaping (String) -> Void) throws {
        self.warn = warn
        guard let file = fopen(path, "ae") else {
            throw FileError.cannotWrite(path)
        }
        self.path = path
        self.file = file
    }

    deinit { fclose(file) }

    /// Notes a cell that is about to run.
    func begin(_ text: String) {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        var stamp = [CChar](repeating: 0, count: 32)
        strftime(&stamp, stamp.count, "%Y-%m-%d %H:%M:%S", &parts)
        let written = stamp.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        put("# %% \(String(decoding: written, as: UTF8.self))\n\(text)\n")
    }

    /// Notes what the cell shows.
    func show(_ text: String) {
        var commented = ""
        for character in TerminalText.plain(text) {
            if isAtLineStart { commented += "#> " }
            commented.append(character)
            isAtLineStart = character == "\n"
        }
        put(commented)
    }

    func end() {
        put(isAtLineStart ? "\n" : "\n\n")
        isAtLineStart = true
    }

    private func put(_ text: String) {
        guard !isBroken, fputs(text, file) < 0 || fflush(file) != 0 else { return }
        isBroken = true
        warn("cannot write the log `\(path)`: \(String(cString: strerror(errno))); it ends here")
    }
}
