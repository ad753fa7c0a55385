import Glibc
import Notebook

/// Lets `$VISUAL`, `$EDITOR` or vi edit a text in a file of its own.
enum ExternalEditor {
    struct Problem: Error, CustomStringConvertible {
        var message: String
        var description: String { message }
    }

    static func edit(_ text: String) -> Result<String, Problem> {
        let folder = Console.environment("TMPDIR") ?? "/tmp"
        let suffix = ".bridge"
        var path = Array((folder + "/cell-XXXXXX" + suffix).utf8CString)
        let descriptor = mkstemps(&path, Int32(suffix.utf8.count))
        guard descriptor >= 0 else { return failure("cannot make a file in `\(folder)`") }
        let name = String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(name) }
        let bytes = Array((text + "\n").utf8)
        let written = write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard written == bytes.count else { return failure("cannot write the file `\(name)`") }
        let editor = chosen
        guard run(editor, name) else {
            return .failure(Problem(message: "the editor `\(editor)` failed; EDITOR names the one to use"))
        }
        switch ScriptFile.read(name) {
        case .success(let edited): return .success(withoutFinalLineEnds(edited))
        case .failure(let problem): return .failure(Problem(message: problem.message))
        }
    }

    private static var chosen: String {
        for variable in ["VISUAL", "EDITOR"] {
            if let editor = Console.environment(variable), !editor.isEmpty { return editor }
        }
        return "vi"
    }

    /// By the shell, because the variable may hold arguments. Ctrl-C is the editor's business meanwhile.
    private static func run(_ editor: String, _ path: String) -> Bool {
        let words: [String] = ["sh", "-c", "\(editor) \"$1\"", "sh", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var identifier = pid_t()
        guard posix_spawn(&identifier, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 {
            guard errno == EINTR else { return false }
        }
        return status == 0
    }

    private static func withoutFinalLineEnds(_ text: String) -> String {
        var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        while lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private static func failure(_ what: String) -> Result<String, Problem> {
        .failure(Problem(message: "\(what): \(String(cString: strerror(errno)))"))
    }
}
