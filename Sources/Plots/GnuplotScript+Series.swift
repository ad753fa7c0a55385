extension GnuplotScript {
    /// The data of all series, then the plot command: bands first, then what is faint, then the rest, so that nothing
    /// important is covered.
    mutating func plot(_ figure: Figure) throws(PlotError) {
        var drawn = figure.styledSeries
        if terminal.isText {
            // Characters have one ink: areas and faint lines would hide what lies in them.
            let clear = drawn.filter { !$0.series.isArea && $0.style.weight != .faint }
            if !clear.isEmpty { drawn = clear }
        }
        let layers = [
            drawn.filter(\.series.isArea),
            drawn.filter { !$0.series.isArea && $0.style.weight == .faint },
            drawn.filter { !$0.series.isArea && $0.style.weight != .faint },
        ]
        var elements: [String] = []
        for (series, style) in layers.joined() { elements.append(try element(series, style) + " notitle") }
        line("plot \(elements.joined(separator: ", \\\n     "))")
    }

    private mutating func element(_ series: Series, _ style: SeriesStyle) throws(PlotError) -> String {
        switch series.content {
        case .line(let x, let y):
            return "\(try place([x, y])) using 1:2 \(lines(style, points: x.count))"
        case .scatter(let x, let y):
            return "\(try place([x, y])) using 1:2 \(points(style, count: x.count))"
        case .bars(let x, let y, let width):
            return "\(try place([x, y])) using 1:2:(\(GnuplotText.number(width))) \(sample(series.content, style))"
        case .band(let x, let low, let high):
            return "\(try place([x, low, high])) using 1:2:3 \(sample(series.content, style))"
        case .errorBars(let x, let y, let low, let high):
            // Vectors, since gnuplot's own error bars wipe out what is under their middle.
            let data = try place([x, y, low, high])
            let caps = terminal.isText ? "nohead" : "heads size screen 0.003,90"
            let bars = "\(data) using 1:3:(0):($4-$3) with vectors \(caps) \(colour(style)) linewidth 1.3"
            return style.marker == nil ? bars : "\(bars) notitle, \(data) using 1:2 \(points(style, count: x.count))"
        case .heat(let rows):
            let matrix = try placeMatrix(rows)
            if terminal.isText { return "\(matrix) using 1:2:(\(cell(of: rows))) with labels" }
            // Squares for small matrices and in SVG, where browsers smear an image when it is enlarged, unless its
            // cells are smaller than what is seen.
            let mostSquares = terminal == .svg ? 65_536 : 4096
            return "\(matrix) with image\(rows.count * rows[0].count <= mostSquares ? " pixels" : "")"
        }
    }

    /// A cell of a matrix in characters: its number where there is room, else a shade from light to dark.
    private func cell(of rows: [[Double]]) -> String {
        let values = rows.joined().filter(\.isFinite)
        guard let low = values.min(), let high = values.max(), case .text(let columns, let height, _, _) = terminal
        else {
            return "'?'"
        }
        if rows[0].count * 7 < columns - 12, rows.count < height - 6 { return "sprintf('%.2g', $3)" }
        let span = high > low ? GnuplotText.number(high - low) : "1"
        return "substr('.:-=+*#%@', 1 + int(8.99 * ($3 - (\(GnuplotText.number(low)))) / \(span)), "
            + "1 + int(8.99 * ($3 - (\(GnuplotText.number(low)))) / \(span)))"
    }

    /// How a legend shows a series of this kind, and how bars and bands are drawn.
    func sample(_ content: Series.Content, _ style: SeriesStyle) -> String {
        switch content {
        case .line: lines(style, points: 0)
        case .scatter, .errorBars: points(style, count: 0)
        case .bars: "with boxes fillstyle solid 0.9 noborder \(colour(style))"
        case .band: "with filledcurves fillstyle transparent solid 0.15 noborder \(colour(style))"
        case .heat: "with lines \(colour(style))"
        }
    }

    private func lines(_ style: SeriesStyle, points count: Int) -> String {
        var width = "1"
        switch style.weight {
        case .faint: width = "1"
        case .normal: width = "2"
        case .strong: width = "2.4"
        }
        let look = "\(colour(style)) linewidth \(width)\(dash(style.dash))"
        // Characters have letters for markers, which say nothing.
        guard let marker = style.marker, !terminal.isText else { return "with lines \(look)" }
        // A long line carries about eight markers, each on a white ground that lifts it off the line.
        let interval = count > 24 ? " pointinterval -\(max(count / 8, 1))" : ""
        return "with linespoints \(look) pointtype \(number(of: marker)) pointsize 0.9\(interval)"
    }

    private func points(_ style: SeriesStyle, count: Int) -> String {
        let size = count > 20_000 ? "0.2" : count > 2_000 ? "0.4" : "0.8"
        return "with points \(colour(style)) pointtype \(number(of: style.marker ?? .circle)) pointsize \(size)"
    }

    private func colour(_ style: SeriesStyle) -> String {
        let shown = style.weight == .faint ? style.colour.lightened(0.65) : style.colour
        let colour = "linecolor rgb '\(shown.hexadecimal)'"
        // In characters the line type says which of * # $ % ... a line is made of.
        let index = Palette.styles.firstIndex { $0.colour == style.colour } ?? 0
        return terminal.isText ? "linetype \(index + 1) \(colour)" : colour
    }

    private func dash(_ dash: SeriesStyle.Dash) -> String {
        if terminal.isText { return "" }
        return switch dash {
        case .solid: " dashtype solid"
        case .long: " dashtype (14,5)"
        case .short: " dashtype (5,4)"
        case .dashDot: " dashtype (12,4,2,4)"
        }
    }

    /// gnuplot's number for a marker, the same on all terminals but the text one, which has letters.
    private func number(of marker: SeriesStyle.Marker) -> Int {
        switch marker {
        case .circle: 7
        case .square: 5
        case .triangle: 9
        case .diamond: 13
        case .downTriangle: 11
        case .openCircle: 6
        case .openSquare: 4
        case .openDiamond: 12
        }
    }
}

extension Series {
    var isArea: Bool { if case .band = content { true } else { false } }
}
