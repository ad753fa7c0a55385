import Glibc
import Notebook

/// Reads the text of a script, or says in one line why it cannot.
enum ScriptFile {
    struct Problem: Error {
        var message: String
        var status: Int32
    }

    /// - Parameter limit: the most bytes that it may have.
    static func read(_ path: String, limit: Int = Cell.byteLimit) -> Result<String, Problem> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            let message = code == ENOENT ? missing(path) : "cannot open `\(path)`: \(String(cString: strerror(code)))"
            return .failure(Problem(message: message, status: code == ENOENT ? Status.usage : Status.failed))
        }
        defer { close(descriptor) }
        var information = stat()
        if fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
            return .failure(Problem(message: "`\(path)` is a folder, not a script", status: Status.usage))
        }
        return read(descriptor, name: "`\(path)`", limit: limit)
    }

    /// A script by its path, or the standard input for `-`.
    static func readNamed(_ name: String) -> Result<Cell, Problem> {
        if name == "-" { return readStandardInput().map { Cell(name: "standard input", text: $0) } }
        return read(name).map { Cell(name: name, text: $0, path: name) }
    }

    /// The path without links; nil where there is no such file.
    static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    static func readStandardInput() -> Result<String, Problem> {
        read(STDIN_FILENO, name: "the standard input", limit: Cell.byteLimit)
    }

    private static func missing(_ path: String) -> String {
        let hint = path.contains("/") || path.contains(".") ? "" : "; `bridge --help` lists the commands"
        return "there is no file `\(path)`\(hint)"
    }

    private static func read(_ descriptor: Int32, name: String, limit: Int) -> Result<String, Problem> {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { return .failure(Problem(message: "interrupted", status: Status.interrupted)) }
            if count < 0 {
                let reason = String(cString: strerror(errno))
                return .failure(Problem(message: "cannot read \(name): \(reason)", status: Status.failed))
            }
            if count == 0 { break }
            bytes += buffer.prefix(count)
            if bytes.count > limit {
                return .failure(Problem(message: "cannot run \(name): \(Cell.tooLong)", status: Status.failed))
            }
        }
        return decode(bytes, name: name)
    }

    /// A byte order mark at the start is left out.
    private static func decode(_ bytes: [UInt8], name: String) -> Result<String, Problem> {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let text = String(validating: body, as: UTF8.self) else {
            let line = firstBadLine(body)
            return .failure(
                Problem(message: "\(name) is not UTF-8 text (line \(line)); save it as UTF-8", status: Status.failed))
        }
        return .success(text)
    }

    private static func firstBadLine(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }
}
