/// What a figure can be saved as; the extension of the file name chooses.
public enum OutputFormat: String, CaseIterable, Sendable {
    case svg, png, pdf
    /// The figure in characters, 100 by 30.
    case txt
    /// The gnuplot script, with its data.
    case gp

    /// - Throws: `PlotError.output` for an extension that is not known, naming those that are.
    init(path: String) throws(PlotError) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let parts = name.split(separator: ".")
        let known = OutputFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: " ")
        guard name.contains("."), let ending = parts.last, let format = OutputFormat(rawValue: ending.lowercased())
        else {
            throw .output("cannot tell from its name how to write \(path): end it in one of \(known)")
        }
        self = format
    }

    /// nil for the script, which needs no gnuplot.
    var terminal: GnuplotTerminal? {
        switch self {
        case .svg: .svg
        case .png: .png
        case .pdf: .pdf
        case .txt: .text(columns: 100, rows: 30, colour: false, unicode: true)
        case .gp: nil
        }
    }
}
