/// One pair of axes in characters: title, legend and the y axis's label above; marks at the left and below.
struct PanelPicture {
    private let figure: Figure
    private let columns: Int
    private let rows: Int
    private let hasColour: Bool
    private let x: AxisScale
    private let y: AxisScale
    /// The widest of the y axis's marks.
    private let gutter: Int
    private let width: Int

    init(_ figure: Figure, columns: Int, rows: Int, _ hasColour: Bool) {
        // A character is two dots wide.
        let figure = figure.thinned(width: 2 * columns)
        self.figure = figure
        self.columns = columns
        self.rows = rows
        self.hasColour = hasColour
        y = AxisScale(figure.yAxis, values: figure.values(alongX: false), marks: max(2, rows / 4))
        gutter = min(y.marks.map(\.label.count).max() ?? 0, columns / 3)
        width = columns - gutter - 2
        x = AxisScale(figure.xAxis, values: figure.values(alongX: true), marks: max(2, width / 12))
    }

    func lines() throws(PlotError) -> [String] {
        try heading() + axes() + below()
    }

    private func heading() -> [String] {
        var lines = figure.title.isEmpty ? [] : [CharacterPicture.centred(figure.title, in: columns)]
        lines += legend()
        if !figure.yAxis.label.isEmpty { lines.append(String(figure.yAxis.label.prefix(columns))) }
        return lines
    }

    /// Names with a sample of their lines, as many in a row as fit.
    private func legend() -> [String] {
        let entries = PageLayout.legend(of: figure)
        guard !entries.isEmpty else { return [] }
        var lines: [String] = []
        var line = ColouredText(hasColour: hasColour)
        var used = 0
        for entry in entries {
            let sample = entry.series.sample(entry.style)
            let name = String(entry.series.name.prefix(max(1, columns - 8)))
            let length = sample.count + name.count + 4
            if used > 0, used + length > columns {
                lines.append(line.finish())
                (line, used) = (ColouredText(hasColour: hasColour), 0)
            }
            line.append("  ")
            line.append(sample, colour: entry.style.colour)
            line.append(" " + name + " ")
            used += length
        }
        return lines + [line.finish()]
    }

    private func axes() throws(PlotError) -> [String] {
        var canvas = BrailleCanvas(columns: width, rows: rows)
        let drawing = SeriesDrawing(x: x, y: y, hasColour: hasColour)
        for (series, style) in figure.layers { try drawing.draw(series, style, on: &canvas) }
        let drawn = canvas.lines(hasColour: hasColour)
        var labels = [String?](repeating: nil, count: rows)
        for mark in y.marks where (0...1).contains(mark.position) {
            labels[Int(((1 - mark.position) * Double(rows - 1)).rounded())] = mark.label
        }
        return zip(labels, drawn).map { label, line in
            let text = String((label ?? "").prefix(gutter))
            return String(repeating: " ", count: gutter - text.count) + text + (label == nil ? " │" : " ┤") + line
        }
    }

    /// The x axis, its marks and its label.
    private func below() -> [String] {
        var rule = Array(repeating: Character("─"), count: width)
        var labels = Array(repeating: Character(" "), count: gutter + 2 + width)
        var free = 0
        for mark in x.marks.sorted(by: { $0.position < $1.position }) where (0...1).contains(mark.position) {
            let column = Int((mark.position * Double(width - 1)).rounded())
            let label = Array(mark.label.prefix(width))
            let start = min(max(0, gutter + 2 + column - label.count / 2), labels.count - label.count)
            rule[column] = "┬"
            // A label that would touch the one before it is left out.
            guard start >= free else { continue }
            for (offset, character) in label.enumerated() { labels[start + offset] = character }
            free = start + label.count + 1
        }
        var lines = [String(repeating: " ", count: gutter + 1) + "└" + String(rule)]
        let text = String(labels)
        lines.append(String(text.reversed().drop { $0 == " " }.reversed()))
        if !figure.xAxis.label.isEmpty {
            let label = CharacterPicture.centred(figure.xAxis.label, in: width)
            lines.append(String(repeating: " ", count: gutter + 2) + label)
        }
        return lines
    }
}

extension Figure {
    /// Everything that the series have along an axis.
    fileprivate func values(alongX: Bool) -> [Double] {
        series.flatMap { series -> [Double] in
            switch series.content {
            case .heat(let rows):
                return alongX ? [-0.5, Double(rows[0].count) - 0.5] : [-0.5, Double(rows.count) - 0.5]
            case .bars(let x, let y, let width):
                return alongX ? x.flatMap { [$0 - width / 2, $0 + width / 2] } : y + [0]
            default:
                return series.columns.filter { ($0.name == "x") == alongX }.flatMap(\.values)
            }
        }
    }

    /// Areas first, then what is faint, then the rest, so that nothing important is covered.
    fileprivate var layers: [(series: Series, style: SeriesStyle)] {
        let all = styledSeries
        return all.filter(\.series.isArea) + all.filter { !$0.series.isArea && $0.style.weight == .faint }
            + all.filter { !$0.series.isArea && $0.style.weight != .faint }
    }
}

extension Series {
    /// What stands for it in a legend.
    fileprivate func sample(_ style: SeriesStyle) -> String {
        switch content {
        case .bars: return "■"
        case .scatter, .errorBars: return "⠶"
        case .band: return "░░"
        case .heat: return ""
        case .line:
            return switch style.dash {
            case .solid: "⠒⠒⠒"
            case .long: "⠒⠂⠒⠂"
            case .short: "⠂⠂⠂"
            case .dashDot: "⠒⠂⠐⠂"
            }
        }
    }
}
