import ArgumentParser
import Notebook

/// Exit statuses.
enum Status {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let interrupted: Int32 = 130
}

/// Splits the command line: what follows FILE or `-e CODE` belongs to the script and is never looked at; the rest is
/// ArgumentParser's, with wrong usage reported as status 2.
enum CommandLineParser {
    static func run(_ arguments: [String]) -> Int32 {
        guard let first = arguments.first else { return RunCommand.runInput([]) }
        if first == "-" { return RunCommand.runStandardInput(Array(arguments.dropFirst())) }
        if let status = Disassembly.run(arguments) { return status }
        if first == "-e", arguments.count > 1 {
            return RunCommand.runLine(arguments[1], arguments: Array(arguments.dropFirst(2)))
        }
        if !first.hasPrefix("-") && !BridgeCommand.subcommandNames.contains(first) {
            return RunCommand.runFile(first, arguments: Array(arguments.dropFirst()))
        }
        return parse(arguments)
    }

    private static func parse(_ arguments: [String]) -> Int32 {
        let console = Console.standard()
        do {
            var command = try BridgeCommand.parseAsRoot(arguments)
            try command.run()
            return Status.done
        } catch let status as ExitCode {
            return status.rawValue
        } catch {
            let message = BridgeCommand.fullMessage(for: error)
            if BridgeCommand.exitCode(for: error).isSuccess {
                console.print(message + "\n")
                return Status.done
            }
            console.report(message + "\n")
            return Status.usage
        }
    }
}

struct BridgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bridge",
        abstract: "A notebook-style scripting environment for parallel generation with language models.",
        usage: """
            bridge                      the prompt; with input piped in, runs it as a script
            bridge FILE [ARG...]        run a script; `-` is the standard input
            bridge -e CODE [ARG...]     run a line and show its value
            bridge check FILE...        report errors, run nothing; a FOLDER means its .bridge files; --short for a line an error
            bridge format [FILE...]     lay scripts out in one style, in place; without a file, as a filter
            bridge notebook FILE        run the cells and write a page: FILE.html, or -o OUT (.html .md .ipynb)
            bridge --disassemble FILE   show the instructions of a script, run nothing; also of `-e CODE`
            bridge reference            print the library's reference as Markdown
            """,
        discussion: """
            What follows FILE or CODE belongs to the script, which reads it with args().

            Exit status: 0 done; 1 the script failed, or a file could not be read as a script; \
            2 wrong usage, also a FILE that does not exist or is a folder; 130 interrupted.
            Environment: NO_COLOR turns colour off; BRIDGE_ERRORS=short reports each error in one line, for \
            editors; BRIDGE_MEMORY is how much memory a script may take, such as 8G (else nine tenths of the \
            machine's); BRIDGE_THREADS is how many threads compute, and BRIDGE_KERNELS which kernels: avx512, avx2 or \
            portable; XDG_STATE_HOME is where the history is kept.
            """,
        version: "bridge " + Version.current,
        subcommands: [CheckCommand.self, FormatCommand.self, NotebookCommand.self, ReferenceCommand.self])

    static let subcommandNames: Set<String> = ["check", "format", "notebook", "reference", "help"]

    @Option(name: .customShort("e"), help: ArgumentHelp("Run a line of code.", valueName: "code"))
    var code: String?

    mutating func run() throws {
        throw ExitCode(code.map { RunCommand.runLine($0, arguments: []) } ?? RunCommand.runInput([]))
    }
}

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Report errors in scripts; run nothing.")

    @Flag(help: "A line an error, FILE:LINE:COLUMN: error[CODE]: message.")
    var short = false

    @Argument(help: "Scripts, folders with scripts, or `-` for the standard input.")
    var files: [String]

    mutating func run() throws {
        var checker = ScriptChecker(shortErrors: short || RunCommand.shortErrors)
        throw ExitCode(checker.check(files))
    }
}

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format", abstract: "Lay scripts out in one style; change nothing of what they mean.",
        discussion: """
            Files are rewritten in place, those that are laid out already are not touched, and those with syntax errors \
            are left as they are. Without a file, or for `-`, the standard input goes to the standard output.

            Exit status: 0 done; 1 a file has errors, or with --check or --diff is not laid out; 2 wrong usage.
            """)

    @Flag(help: "Write nothing; name the files that would change.")
    var check = false

    @Flag(help: "Write nothing; show what would change.")
    var diff = false

    @Argument(help: "Scripts, folders with scripts, or `-` for the standard input.")
    var files: [String] = []

    func validate() throws {
        if check && diff { throw ValidationError("--check and --diff exclude each other") }
    }

    mutating func run() throws {
        var formatter = ScriptFormatter(check ? .check : diff ? .diff : .rewrite)
        throw ExitCode(formatter.run(files))
    }
}

struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Print the library's reference as Markdown.")

    mutating func run() throws {
        let console = Console.standard()
        console.print(Reference(registry: Library.registry(console: console)).markdown)
    }
}
