/// What gnuplot draws on.
public enum GnuplotTerminal: Equatable, Sendable {
    case svg
    /// Twice the figure's size each way, for screens with fine pixels.
    case png
    case pdf
    /// Characters: `columns` wide, `rows` high; with 256 colours or none; with or without characters beyond ASCII.
    case text(columns: Int, rows: Int, colour: Bool, unicode: Bool)
    /// Bytes that a terminal with sixel graphics shows as a picture of this many pixels.
    case sixel(width: Int, height: Int)

    static let font = "sans-serif"

    var isText: Bool { if case .text = self { true } else { false } }

    var allowsUnicode: Bool { if case .text(_, _, _, false) = self { false } else { true } }

    /// Width and height of the canvas in the units that the layout counts in: pixels, or characters.
    func canvas(for figure: Figure) -> (width: Double, height: Double) {
        switch self {
        case .svg, .png, .pdf: (Double(figure.drawnSize.width), Double(figure.drawnSize.height))
        case .text(let columns, let rows, _, _): (Double(columns), Double(rows))
        case .sixel(let width, let height): (Double(width), Double(height))
        }
    }

    /// The `set terminal` line.
    func command(size: Figure.Size) -> String {
        let font = "font '\(GnuplotTerminal.font),"
        switch self {
        case .svg:
            return "set terminal svg size \(size.width),\(size.height) noenhanced \(font)12' background '#ffffff'"
        case .png:
            return "set terminal pngcairo size \(2 * size.width),\(2 * size.height) noenhanced \(font)9.5' "
                + "fontscale 2 linewidth 2 pointscale 2 background '#ffffff'"
        case .pdf:
            let inches = [size.width, size.height].map { GnuplotText.share(Double($0) / 96) }
            return "set terminal pdfcairo size \(inches[0]),\(inches[1]) noenhanced \(font)9.5' background '#ffffff'"
        case .text(let columns, let rows, let colour, _):
            return
                "set terminal dumb noenhanced size \(columns),\(rows) nofeed aspect 2,1 \(colour ? "ansi256" : "mono")"
        case .sixel(let width, let height):
            return "set terminal sixelgd noenhanced size \(width),\(height) truecolor \(font)10' background '#ffffff'"
        }
    }
}
