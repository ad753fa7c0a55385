/// Puts series on a canvas of dots.
struct SeriesDrawing {
    let x: AxisScale
    let y: AxisScale
    let hasColour: Bool

    /// More points than this are single dots; fewer are squares of four, which are seen.
    private static let fewPoints = 200

    /// Points drawn between two looks at whether somebody asked to stop.
    private static let pieceSize = 1 << 15

    func draw(_ series: Series, _ style: SeriesStyle, on canvas: inout BrailleCanvas) throws(PlotError) {
        let colour = style.weight == .faint ? style.colour.lightened(0.5) : style.colour
        switch series.content {
        case .line(let xs, let ys): try drawLine(xs, ys, colour, hasColour ? .solid : style.dash, on: &canvas)
        case .scatter(let xs, let ys): try drawPoints(xs, ys, colour, on: &canvas)
        case .bars(let xs, let ys, let width): drawBars(xs, ys, width, colour, on: &canvas)
        case .band(let xs, let low, let high): drawBand(xs, low, high, style.colour.lightened(0.4), on: &canvas)
        case .errorBars(let xs, let ys, let low, let high):
            for index in xs.indices { drawInterval(xs[index], low[index], high[index], colour, on: &canvas) }
            if style.marker != nil { try drawPoints(xs, ys, colour, on: &canvas) }
        case .heat(let rows): drawHeat(rows, on: &canvas)
        }
    }

    /// In dots from the upper left corner; nil for what the axes do not have.
    private func point(_ px: Double, _ py: Double, _ canvas: BrailleCanvas) -> (x: Double, y: Double)? {
        guard let across = x.position(px), let up = y.position(py) else { return nil }
        return (across * Double(canvas.dotColumns - 1), (1 - up) * Double(canvas.dotRows - 1))
    }

    private func drawLine(
        _ xs: [Double], _ ys: [Double], _ colour: SeriesStyle.Colour, _ dash: SeriesStyle.Dash,
        on canvas: inout BrailleCanvas
    ) throws(PlotError) {
        let bounds = (x: Double(canvas.dotColumns - 1), y: Double(canvas.dotRows - 1))
        var phase = 0
        var before: (x: Double, y: Double)?
        for index in xs.indices {
            if index % Self.pieceSize == 0 { try PlotError.checkInterruption() }
            let next = point(xs[index], ys[index], canvas)
            if let before, let next {
                if let part = Self.clipped(before, next, bounds) {
                    canvas.drawLine(from: part.0, to: part.1, colour: colour, dash: dash, phase: &phase)
                }
            } else if let next {
                canvas.setDot(x: Int(next.x.rounded()), y: Int(next.y.rounded()), colour: colour)
            }
            before = next
        }
    }

    /// The part of a line inside the canvas (Liang and Barsky 1984); nil where it misses it.
    private static func clipped(
        _ start: (x: Double, y: Double), _ end: (x: Double, y: Double), _ bounds: (x: Double, y: Double)
    ) -> ((x: Double, y: Double), (x: Double, y: Double))? {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        var (first, last) = (0.0, 1.0)
        for (slope, room) in [(-dx, start.x), (dx, bounds.x - start.x), (-dy, start.y), (dy, bounds.y - start.y)] {
            if slope == 0 {
                if room < 0 { return nil }
            } else if slope < 0 {
                first = max(first, room / slope)
            } else {
                last = min(last, room / slope)
            }
        }
        guard first <= last else { return nil }
        return ((start.x + first * dx, start.y + first * dy), (start.x + last * dx, start.y + last * dy))
    }

    private func drawPoints(
        _ xs: [Double], _ ys: [Double], _ colour: SeriesStyle.Colour, on canvas: inout BrailleCanvas
    ) throws(PlotError) {
        let size = xs.count <= Self.fewPoints ? 2 : 1
        for index in xs.indices {
            if index % Self.pieceSize == 0 { try PlotError.checkInterruption() }
            guard let place = point(xs[index], ys[index], canvas) else { continue }
            // Whole also at the edges.
            let x = min(Int(place.x.rounded()), canvas.dotColumns - size)
            let y = min(Int(place.y.rounded()), canvas.dotRows - size)
            for dx in 0..<size {
                for dy in 0..<size {
                    canvas.setDot(x: x + dx, y: y + dy, colour: colour)
                }
            }
        }
    }

    private func drawInterval(
        _ px: Double, _ low: Double, _ high: Double, _ colour: SeriesStyle.Colour, on canvas: inout BrailleCanvas
    ) {
        guard let bottom = point(px, low, canvas), let top = point(px, high, canvas) else { return }
        for dot in Int(max(0, top.y).rounded())...max(Int(max(0, top.y).rounded()), Int(bottom.y.rounded())) {
            canvas.setDot(x: Int(top.x.rounded()), y: dot, colour: colour)
        }
    }

    /// Every fourth dot of the area.
    private func drawBand(
        _ xs: [Double], _ low: [Double], _ high: [Double], _ colour: SeriesStyle.Colour, on canvas: inout BrailleCanvas
    ) {
        for index in xs.indices.dropLast() {
            guard let a = point(xs[index], low[index], canvas), let b = point(xs[index], high[index], canvas),
                let c = point(xs[index + 1], low[index + 1], canvas),
                let d = point(xs[index + 1], high[index + 1], canvas), c.x > a.x
            else { continue }
            let first = max(0, Int(a.x.rounded(.up))), last = min(canvas.dotColumns - 1, Int(c.x))
            guard first <= last else { continue }
            for column in first...last {
                let share = (Double(column) - a.x) / (c.x - a.x)
                let bottom = min(Double(canvas.dotRows), a.y + (c.y - a.y) * share)
                let top = max(0, b.y + (d.y - b.y) * share)
                guard top <= bottom else { continue }
                for row in Int(top)...Int(bottom) where (column + 2 * row) % 4 == 0 {
                    canvas.setDot(x: column, y: row, colour: colour)
                }
            }
        }
    }

    /// Columns of blocks whose upper end is an eighth of a cell fine.
    private func drawBars(
        _ xs: [Double], _ ys: [Double], _ width: Double, _ colour: SeriesStyle.Colour, on canvas: inout BrailleCanvas
    ) {
        let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        let eighths = Double(canvas.rows * 8)
        for index in xs.indices {
            guard let left = x.position(xs[index] - width / 2), let right = x.position(xs[index] + width / 2),
                let end = y.position(ys[index])
            else { continue }
            // A logarithmic axis has no zero; bars stand on its end there.
            let base = y.position(0) ?? 0
            let first = Int((min(left, right) * Double(canvas.columns)).rounded())
            let last = max(first + 1, Int((max(left, right) * Double(canvas.columns)).rounded()))
            let bottom = Int((min(max(min(base, end), 0), 1) * eighths).rounded())
            let top = Int((min(max(max(base, end), 0), 1) * eighths).rounded())
            for row in 0..<canvas.rows {
                let floor = (canvas.rows - 1 - row) * 8
                // A bar that begins inside a cell fills the cell: blocks grow from below only.
                let filled = bottom >= floor + 8 ? 0 : min(top - floor, 8)
                guard filled > 0, top > bottom else { continue }
                for column in first..<last {
                    canvas.write(blocks[filled - 1], column: column, row: row, colour: colour)
                }
            }
        }
    }

    /// Each cell of the canvas in the colour, or the shade, of the matrix's cell at its middle; numbers where they fit.
    private func drawHeat(_ rows: [[Double]], on canvas: inout BrailleCanvas) {
        let values = rows.joined().filter(\.isFinite)
        guard let low = values.min(), let high = values.max() else { return }
        let shades: [Character] = ["░", "▒", "▓", "█"]
        for row in 0..<canvas.rows {
            for column in 0..<canvas.columns {
                let across = (Double(column) + 0.5) / Double(canvas.columns) * Double(rows[0].count)
                let down = (Double(row) + 0.5) / Double(canvas.rows) * Double(rows.count)
                let value = rows[min(Int(down), rows.count - 1)][min(Int(across), rows[0].count - 1)]
                guard value.isFinite else { continue }
                let share = high > low ? (value - low) / (high - low) : 0.5
                if hasColour {
                    canvas.write(" ", column: column, row: row, colour: nil, ground: Palette.viridis(share))
                } else {
                    canvas.write(shades[min(Int(share * 4), 3)], column: column, row: row, colour: nil)
                }
            }
        }
        writeNumbers(rows, low: low, high: high, on: &canvas)
    }

    private func writeNumbers(_ rows: [[Double]], low: Double, high: Double, on canvas: inout BrailleCanvas) {
        let room = canvas.columns / rows[0].count
        guard room >= 6, canvas.rows >= rows.count else { return }
        for (r, values) in rows.enumerated() {
            let line = Int((Double(r) + 0.5) / Double(rows.count) * Double(canvas.rows))
            for (c, value) in values.enumerated() where value.isFinite {
                let text = AxisScale.text((value * 1000).rounded() / 1000)
                guard text.count < room else { continue }
                let middle = Int((Double(c) + 0.5) / Double(values.count) * Double(canvas.columns))
                let share = high > low ? (value - low) / (high - low) : 0.5
                for (offset, character) in text.enumerated() {
                    canvas.write(
                        character, column: middle - text.count / 2 + offset, row: line,
                        colour: hasColour ? SeriesStyle.Colour(share > 0.6 ? 0x000000 : 0xFFFFFF) : nil,
                        ground: hasColour ? Palette.viridis(share) : nil)
                }
            }
        }
    }
}
