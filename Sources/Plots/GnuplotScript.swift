import CGnuplot

/// A figure as gnuplot commands. The same figure gives the same text, byte by byte.
///
/// Data is numbers and nothing else: either in blocks of the script, so that it stands alone, or for long series as
/// binary records in files beside it. So the word that ends a block cannot occur in it.
public struct GnuplotScript: Equatable, Sendable {
    /// Numbers of a long series or a large matrix, in a file of their own: column after column.
    struct Records: Equatable, Sendable {
        var path: String
        var rows: Int
        var columns: Int
        var values: [Double]

        /// Rows written between two looks at whether somebody asked to stop.
        private static let pieceSize = 1 << 18

        /// - Throws: `PlotError.output`, `PlotError.interrupted`.
        func write(to path: String) throws(PlotError) {
            for first in stride(from: 0, to: rows, by: Records.pieceSize) {
                try PlotError.checkInterruption()
                let end = min(first + Records.pieceSize, rows)
                guard cgnuplot_write_records(path, values, rows, columns, first, end) == CGNUPLOT_OK else {
                    throw .output("cannot write the figure's numbers to \(path): is there room on the disk?")
                }
            }
        }
    }

    /// Series with more points than this go to binary records where a folder is given: they load six times as fast.
    static let longestBlock = 5_000

    /// The commands.
    public private(set) var text = ""
    private(set) var records: [Records] = []

    let terminal: GnuplotTerminal
    let recordFolder: String?
    private var blockCount = 0

    /// - Parameters:
    ///   - output: the file that gnuplot writes; nil leaves it to standard output.
    ///   - recordFolder: where long series may go as binary files; nil keeps everything in the script.
    /// - Throws: `PlotError.invalidFigure`, `PlotError.interrupted`.
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
        for panel in page.panels { try draw(panel, width: panel.place.width * canvas.width) }
        line("unset multiplot")
        line("unset output")
    }

    mutating func line(_ command: String) { text += command + "\n" }

    /// A quoted string, in ASCII where the terminal has no more.
    func quoted(_ string: String) -> String {
        GnuplotText.quoted(terminal.allowsUnicode ? string : GnuplotText.ascii(string))
    }

    /// Puts the columns into the script or beside it, and returns what a plot command calls them.
    mutating func place(_ columns: [[Double]]) throws(PlotError) -> String {
        let rows = columns[0].count
        blockCount += 1
        if recordFolder != nil, rows > GnuplotScript.longestBlock {
            let format = String(repeating: "%double", count: columns.count)
            return "\(placeRecords(columns)) binary format='\(format)' record=(\(rows))"
        }
        return try placeBlock(rows: rows) { row in columns.map { $0[row] } }
    }

    /// As `place`, for a matrix that is drawn as an image; what is returned gives gnuplot x, y and the value.
    mutating func placeMatrix(_ rows: [[Double]]) throws(PlotError) -> String {
        blockCount += 1
        let (height, width) = (rows.count, rows[0].count)
        if recordFolder != nil, !terminal.isText, width * height > GnuplotScript.longestBlock {
            return "\(placeRecords([Array(rows.joined())])) binary array=(\(width),\(height)) format='%double'"
        }
        return try placeBlock(rows: height) { rows[$0] } + " matrix"
    }

    /// Keeps the columns for a file beside the script, and returns the file's name in quotes.
    private mutating func placeRecords(_ columns: [[Double]]) -> String {
        let path = "\(recordFolder ?? ".")/\(blockCount).records"
        let values = columns.flatMap { $0.map { $0.isFinite ? $0 : .nan } }
        records.append(Records(path: path, rows: columns[0].count, columns: columns.count, values: values))
        return GnuplotText.quoted(path)
    }

    /// Puts rows of numbers into the script as a block, and returns its name.
    private mutating func placeBlock(rows: Int, _ row: (Int) -> [Double]) throws(PlotError) -> String {
        let name = "$data\(blockCount)"
        line("\(name) << END_OF_DATA")
        for index in 0..<rows {
            if index % 1024 == 0 { try PlotError.checkInterruption() }
            line(row(index).map(GnuplotText.number).joined(separator: " "))
        }
        line("END_OF_DATA")
        return name
    }
}

extension Figure {
    /// The figure as a gnuplot script that stands alone and writes a PNG.
    /// - Parameter output: the file that the script writes.
    /// - Throws: `PlotError.invalidFigure`, `PlotError.interrupted`.
    public func script(output: String = "figure.png") throws(PlotError) -> String {
        let script = try GnuplotScript(self, terminal: .png, output: output)
        return "# Needs gnuplot 5.2 or later, with cairo.\n" + script.text
    }
}
