import ArgumentParser
import Notebook

/// `bridge notebook`: runs the cells of a file and writes them with what they gave.
struct NotebookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notebook", abstract: "Run a file's cells and write a page with their outputs.",
        usage: "bridge notebook FILE [-o OUT]... [--keep-going | --no-run] [-- ARG...]",
        discussion: """
            FILE is a script whose cells begin with `# %% title` (text with `# %% [markdown]`), or a Jupyter notebook \
            (.ipynb) of Bridge cells. The ending of OUT says what is written: .html (one file, pictures inside), \
            .md (pictures in a folder beside it), .ipynb (nbformat 4.5), .bridge (the source as a script; nothing runs).

            Errors that can be seen in the source are reported before anything runs. The first cell that fails ends \
            the run; the page is written in any case, with the error in its place.

            Exit status: 0 done; 1 a cell failed, or a file could not be read or written; 2 wrong usage; \
            130 interrupted.
            """)

    @Argument(help: ArgumentHelp("A script or a Jupyter notebook.", valueName: "file"))
    var file: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "What to write; may be given several times. Without it: FILE with the ending .html.", valueName: "out"))
    var outputs: [String] = []

    @Flag(name: .customLong("keep-going"), help: "Run all cells that have no error, also behind one that fails.")
    var keepsGoing = false

    @Flag(
        name: .customLong("no-run"),
        help: "Run nothing: take the outputs from the .ipynb beside FILE, and mark the stale ones.")
    var runsNothing = false

    @Argument(parsing: .postTerminator, help: ArgumentHelp("What the cells' args() gives.", valueName: "arg"))
    var arguments: [String] = []

    func validate() throws {
        if keepsGoing && runsNothing { throw ValidationError("--keep-going and --no-run exclude each other") }
        for output in outputs where NotebookFormat(path: output) == nil {
            throw ValidationError(
                "cannot tell from its name how to write `\(output)`: end it in one of \(NotebookFormat.endings)")
        }
    }

    mutating func run() throws {
        throw ExitCode(
            NotebookRunner(
                file: file, outputs: outputs, keepsGoing: keepsGoing, runsNothing: runsNothing, arguments: arguments
            ).run())
    }
}
