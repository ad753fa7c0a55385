/// A figure as gnuplot commands. The same figure gives the same text, byte by byte.
///
/// Data is numbers and nothing else: either in blocks of the script, so that it stands alone, or for long series as
/// binary records in files beside it. So the word that ends a block cannot occur in it.
public struct GnuplotScript: Equatable, Sendable {
    /// Numbers of a long series, in a file of their own: column after column.
    struct Records: Equatable, Sendable {
        var path: String
        var rows: Int
        var columns: Int
        var values: [Double]
    }

    /// Series with more points than this go to binary records where a folder is given: they load six times as fast.
    static let longestBlock = 5_000

    /// The commands.
    public private(set) var text = ""
    private(set) var records: [Records] = []

    let terminal: GnuplotTerminal
    private let recordFolder: String?
    private var blockCount = 0

    /// - Parameters:
    ///   - output: the file that gnuplot writes; nil leaves it to standard output.
    ///   - recordFolder: where long series may go as binary files; nil keeps everything in the script.
    /// - Throws: `PlotError.invalidFigure`.
    init(
        _ figure: Figure, terminal: GnuplotTerminal, output: String?, recordFolder: String? = nil
    ) throws(PlotError) {
        try figure.validate()
        self.terminal = terminal
        self.recordFolder = recordFolder
        line("set encoding utf8")
        line(terminal.command(size: figure.drawnSize))
        if let output { line("set output \(GnuplotText.quoted(output))") }
        let canvas = terminal.canvas(for: figure)
        let page = PageLayout(figure, canvas: canvas, isText: terminal.isText)
        line("set multiplot")
        for header in page.headers { draw(header) }
        for panel in page.panels { draw(panel, width: panel.place.width * canvas.width) }
        line("unset multiplot")
        line("unset output")
    }

    mutating func line(_ command: String) { text += command + "\n" }

    /// A quoted string, in ASCII where the terminal has no more.
    func quoted(_ string: String) -> String {
        GnuplotText.quoted(terminal.allowsUnicode ? string : GnuplotText.ascii(string))
    }

    /// Puts the columns into the script or beside it, and returns what a plot command calls them.
    mutating func place(_ columns: [[Double]]) -> String {
        let rows = columns[0].count
        blockCount += 1
        if let recordFolder, rows > GnuplotScript.longestBlock {
            let path = "\(recordFolder)/\(blockCount).records"
            let values = columns.flatMap { $0.map { $0.isFinite ? $0 : .nan } }
            records.append(Records(path: path, rows: rows, columns: columns.count, values: values))
            let format = String(repeating: "%double", count: columns.count)
            return "\(GnuplotText.quoted(path)) binary format='\(format)' record=(\(rows))"
        }
        return placeBlock((0..<rows).map { row in columns.map { $0[row] } })
    }

    /// Puts rows of numbers into the script as a block, and returns its name.
    mutating func placeBlock(_ rows: [[Double]]) -> String {
        let name = "$data\(max(blockCount, 1))"
        line("\(name) << END_OF_DATA")
        for row in rows { line(row.map(GnuplotText.number).joined(separator: " ")) }
        line("END_OF_DATA")
        return name
    }

    /// As `place`, for a matrix.
    mutating func placeMatrix(_ rows: [[Double]]) -> String {
        blockCount += 1
        return placeBlock(rows)
    }
}

extension Figure {
    /// The figure as a gnuplot script that stands alone and writes a PNG.
    /// - Parameter output: the file that the script writes.
    /// - Throws: `PlotError.invalidFigure`.
    public func script(output: String = "figure.png") throws(PlotError) -> String {
        let script = try GnuplotScript(self, terminal: .png, output: output)
        return "# Needs gnuplot 5.2 or later, with cairo.\n" + script.text
    }
}
