import CGnuplot
import Synchronization

/// Draws figures with one gnuplot process, which is started when it is first needed and again if it was lost. Safe to
/// use from several threads; they take turns.
public final class GnuplotSession: Sendable {
    /// How a figure looks in a terminal.
    public struct TextLook: Equatable, Sendable {
        /// 256 colours, by ANSI escapes.
        public var hasColour: Bool
        /// Characters beyond ASCII in titles and labels.
        public var hasUnicode: Bool

        public init(hasColour: Bool = false, hasUnicode: Bool = true) {
            self.hasColour = hasColour
            self.hasUnicode = hasUnicode
        }
    }

    private let executable: String
    private let timeout: Int
    private let process = Mutex<GnuplotProcess?>(nil)

    /// - Parameters:
    ///   - executable: a name that is looked for in PATH, or a path.
    ///   - timeout: seconds that one figure may take.
    public init(executable: String = "gnuplot", timeout: Int = 60) {
        self.executable = executable
        self.timeout = timeout
    }

    /// Draws the figure into a file, whose extension (.svg .png .pdf .txt .gp) says how. The file appears whole, or
    /// what was there before stays.
    /// - Throws: `PlotError`.
    public func save(_ figure: Figure, to path: String) throws(PlotError) {
        let format = try OutputFormat(path: path)
        let file = try OutputFile(path: path)
        if let terminal = format.terminal {
            try file.write(draw(figure, on: terminal))
        } else {
            let name = path.split(separator: "/").last.map(String.init) ?? "figure.gp"
            try file.write(Array(figure.script(output: "\(name.dropLast(3)).png").utf8))
        }
    }

    /// The figure as the text of an SVG document.
    /// - Throws: `PlotError`.
    public func svg(_ figure: Figure) throws(PlotError) -> String {
        String(decoding: try draw(figure, on: .svg), as: UTF8.self)
    }

    /// The figure as the bytes of a PNG file.
    /// - Throws: `PlotError`.
    public func png(_ figure: Figure) throws(PlotError) -> [UInt8] { try draw(figure, on: .png) }

    /// The figure in characters, at most `columns` wide (40 ... 1000 are used) and `rows` high (10 ... 1000), lines
    /// ended by line feeds, without blanks at their ends.
    /// - Throws: `PlotError`.
    public func render(
        _ figure: Figure, columns: Int, rows: Int, look: TextLook = TextLook()
    ) throws(PlotError) -> String {
        let terminal = GnuplotTerminal.text(
            columns: min(max(columns, 40), 1000), rows: min(max(rows, 10), 1000), colour: look.hasColour,
            unicode: look.hasUnicode)
        return String(decoding: try draw(figure, on: terminal), as: UTF8.self)
    }

    /// The figure as bytes that a terminal with sixel graphics shows as a picture.
    /// - Throws: `PlotError`.
    public func sixel(_ figure: Figure, width: Int, height: Int) throws(PlotError) -> [UInt8] {
        let terminal = GnuplotTerminal.sixel(
            width: min(max(width, 100), 4000), height: min(max(height, 100), 4000))
        return try draw(figure, on: terminal)
    }

    /// Ends the process; the next figure starts one again.
    public func close() { process.withLock { $0 = nil } }

    /// The bytes that gnuplot writes for the figure.
    func draw(_ figure: Figure, on terminal: GnuplotTerminal) throws(PlotError) -> [UInt8] {
        try figure.validate()
        var folder = try TemporaryFolder()
        let output = folder.file("figure")
        let script = try GnuplotScript(figure, terminal: terminal, output: output, recordFolder: folder.path)
        for records in script.records {
            let path = folder.file(String(records.path.dropFirst(folder.path.count + 1)))
            try records.write(to: path)
        }
        try run(script.text)
        guard let bytes = folder.contents("figure"), !bytes.isEmpty else {
            throw .gnuplotFailed("gnuplot reported no error, and drew nothing: is there room for temporary files?")
        }
        return terminal.finish(bytes)
    }

    /// Runs commands in the process. One that is found dead is replaced, once: it may have been killed between figures.
    package func run(_ commands: String) throws(PlotError) {
        let failure = process.withLock { process -> PlotError? in
            let wasRunning = process != nil
            for attempt in 0...1 {
                do throws(PlotError) {
                    if process == nil { process = try GnuplotProcess(executable: executable) }
                    try process?.run(commands, timeout: timeout)
                    return nil
                } catch {
                    // After an error nobody knows which settings are left over: the next figure gets a fresh process.
                    process = nil
                    if attempt == 0, wasRunning, error == .gnuplotFailed(GnuplotProcess.stopped) { continue }
                    return error
                }
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// The number of the running process, for tests that end it.
    package var processNumber: Int32? { process.withLock { $0?.number } }
}
