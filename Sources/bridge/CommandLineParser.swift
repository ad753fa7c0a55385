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
            bridge check FILE...        report errors, run nothing
            bridge notebook FILE        run the cells and write a page: FILE.html, or -o OUT (.html .md .ipynb)
            bridge reference            print the library's reference as Markdown
            """,
        discussion: """
            What follows FILE or CODE belongs to the script, which reads it with args().

            Exit status: 0 done; 1 the script failed, or a file could not be read as a script; \
            2 wrong usage, also a FILE that does not exist or is a folder; 130 interrupted.
            Environment: NO_COLOR turns colour off; XDG_STATE_HOME is where the history is kept.
            """,
        version: "bridge " + Version.current,
        subcommands: [CheckCommand.self, NotebookCommand.self, ReferenceCommand.self])

    static let subcommandNames: Set<String> = ["check", "notebook", "reference", "help"]

    @Option(name: .customShort("e"), help: ArgumentHelp("Run a line of code.", valueName: "code"))
    var code: String?

    mutating func run() throws {
        throw ExitCode(code.map { RunCommand.runLine($0, arguments: []) } ?? RunCommand.runInput([]))
    }
}

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Report errors in scripts; run nothing.")

    @Argument(help: "The scripts to check.")
    var files: [String]

    mutating func run() throws { throw ExitCode(ScriptChecker.check(files)) }
}

struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Print the library's reference as Markdown.")

    mutating func run() throws {
        let console = Console.standard()
        console.print(Reference(registry: Library.registry(console: console)).markdown)
    }
}
