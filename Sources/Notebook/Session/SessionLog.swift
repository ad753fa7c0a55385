import Glibc

/// `%log FILE`: everything that is typed and shown, as it comes, in a file that is itself a script: what was shown
/// stands in comments, and so does a cell that failed. Results have names there (`ScriptText`). Appended to, and
/// flushed with every write, so that what was seen is kept whatever happens to the terminal.
final class SessionLog {
    let path: String
    private let file: UnsafeMutablePointer<FILE>
    private var isAtLineStart = true
    private let warn: (String) -> Void
    /// Whether it ended because the file could not be written.
    private(set) var isBroken = false
    /// Where the cell that runs begins in the file, its first line, and what it has shown.
    private var start = 0
    private var heading = ""
    private var shown = ""
    /// Cells whose results have names in the file.
    private var named: Set<Int> = []

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
        heading = "# %% \(String(decoding: written, as: UTF8.self))\n"
        shown = ""
        start = Int(lseek(fileno(file), 0, SEEK_END))
        put("\(heading)\(text)\n")
    }

    /// Notes what the cell shows.
    func show(_ text: String) {
        var commented = ""
        for character in TerminalText.plain(text) {
            if isAtLineStart { commented += "#> " }
            commented.append(character)
            isAtLineStart = character == "\n"
        }
        shown += commented
        put(commented)
    }

    /// Notes how the cell that was begun ended; where a script needs other words for it, it is written anew.
    func end(_ cell: RunCell) {
        let text = cell.ending == .failed ? "#! " + cell.text.replacing("\n", with: "\n#! ") : script(cell)
        if text != cell.text, !isBroken, ftruncate(fileno(file), start) == 0 { put("\(heading)\(text)\n\(shown)") }
        put(isAtLineStart ? "\n" : "\n\n")
        isAtLineStart = true
    }

    private func script(_ cell: RunCell) -> String {
        let missing = Set(cell.uses.compactMap(\.cell)).subtracting(named).sorted()
        if cell.hasResult { named.insert(cell.number) }
        let notes = missing.map { "# \(ScriptText.name($0)) is the result of a cell before this log\n" }
        return notes.joined() + ScriptText.of(cell, namesResult: true)
    }

    private func put(_ text: String) {
        guard !isBroken, fputs(text, file) < 0 || fflush(file) != 0 else { return }
        isBroken = true
        warn("cannot write the log `\(path)`: \(String(cString: strerror(errno))); it ends here")
    }
}
