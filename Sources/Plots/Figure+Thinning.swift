// Long lines as pictures show them. Of the points that lie in one narrow column of the canvas only the first, the
// lowest, the highest and the last are drawn: they leave the same strokes as all of them (Jugel et al. 2014, "M4"). A
// line of three million points becomes one of some thousands, which gnuplot draws in no time.
extension Figure {
    /// The same picture, on a canvas `width` pixels wide, with fewer points in its long lines.
    package func thinned(width: Int) -> Figure {
        // Fine enough for pictures of twice the size and for smoothed edges.
        let columnsPerPixel = 16
        var figure = self
        for index in series.indices {
            // Markers stand on points, so that these cannot be left out.
            guard let style = series[index].style, style.marker == nil,
                case .line(let x, let y) = series[index].content,
                let kept = LineThinning(x, y, xAxis, columns: width * columnsPerPixel)?.kept
            else { continue }
            figure.series[index].content = .line(x: kept.map { x[$0] }, y: kept.map { y[$0] })
        }
        return figure
    }
}

/// Chooses the points of one line.
private struct LineThinning {
    /// Their positions in the series.
    private(set) var kept: [Int] = []

    /// Points that follow each other in one column.
    private struct Run {
        var column: Int
        var first: Int, low: Int, high: Int, last: Int

        init(_ column: Int, at index: Int) {
            self.column = column
            (first, low, high, last) = (index, index, index, index)
        }
    }

    /// The column of a point that is missing.
    private static let missing = Int.min

    /// nil for a line that is short, or that goes back: what it shows depends on the order of its points.
    init?(_ x: [Double], _ y: [Double], _ axis: Axis, columns: Int) {
        guard x.count > 4 * columns, let ends = LineThinning.ends(of: x) else { return nil }
        let lower = AxisScale.transformed(axis.range.lower ?? ends.lower, axis.scale)
        let upper = AxisScale.transformed(axis.range.upper ?? ends.upper, axis.scale)
        guard lower < upper, (upper - lower).isFinite else { return nil }
        let scale = Double(columns) / (upper - lower)
        var run = Run(LineThinning.missing, at: 0)
        for index in x.indices {
            let place = (AxisScale.transformed(x[index], axis.scale) - lower) * scale
            // What lies beside the axes counts as one column at each side.
            let isPoint = place.isFinite && y[index].isFinite
            let column = isPoint ? Int(min(max(place, -1), Double(columns)).rounded(.down)) : LineThinning.missing
            if column != run.column {
                if index > 0 { keep(run) }
                run = Run(column, at: index)
            } else {
                if y[index] < y[run.low] { run.low = index }
                if y[index] > y[run.high] { run.high = index }
                run.last = index
            }
        }
        keep(run)
    }

    /// The least and the greatest x; nil where there is none, or where x goes back.
    private static func ends(of x: [Double]) -> (lower: Double, upper: Double)? {
        var ends: (lower: Double, upper: Double)?
        for value in x where value.isFinite {
            if let before = ends?.upper, value < before { return nil }
            ends = (ends?.lower ?? value, value)
        }
        return ends
    }

    private mutating func keep(_ run: Run) {
        let inner = run.low < run.high ? [run.low, run.high] : [run.high, run.low]
        for index in [run.first] + inner + [run.last] where kept.last.map({ $0 < index }) ?? true { kept.append(index) }
    }
}
