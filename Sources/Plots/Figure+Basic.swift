extension Figure {
    /// Lines through the points of each series. Series may have different lengths; a series without `x` counts from 0.
    public static func line(
        _ series: [(name: String, x: [Double]?, y: [Double])], title: String = "", xAxis: Axis = Axis(),
        yAxis: Axis = Axis(), size: Size? = nil
    ) -> Figure {
        let lines = zip(series, Palette.styles(forArms: series.map(\.name))).map { item, armStyle in
            var style = armStyle
            if item.y.count > 1000 { style.marker = nil }
            return Series(item.name, .line(x: item.x ?? counting(item.y.count), y: item.y), style: style)
        }
        return Figure(title: title, xAxis: xAxis, yAxis: yAxis, series: lines, size: size)
    }

    /// Single points.
    public static func scatter(
        _ series: [(name: String, x: [Double], y: [Double])], title: String = "", xAxis: Axis = Axis(),
        yAxis: Axis = Axis(), size: Size? = nil
    ) -> Figure {
        let points = series.map { Series($0.name, .scatter(x: $0.x, y: $0.y)) }
        return Figure(title: title, xAxis: xAxis, yAxis: yAxis, series: points, size: size)
    }

    /// Bars: one group for each category, in it one bar for each series; `values` has one number for each category.
    /// With `low` and `high` every bar carries an interval.
    public static func bar(
        categories: [String],
        _ series: [(name: String, values: [Double], interval: (low: [Double], high: [Double])?)],
        title: String = "", xAxis: Axis = Axis(), yAxis: Axis = Axis(), size: Size? = nil
    ) -> Figure {
        let width = 0.8 / Double(max(series.count, 1))
        let styles = Palette.styles(forArms: series.map(\.name))
        var drawn: [Series] = []
        for (index, item) in series.enumerated() {
            let offset = (Double(index) - Double(series.count - 1) / 2) * width
            let x = counting(item.values.count).map { $0 + offset }
            drawn.append(Series(item.name, .bars(x: x, y: item.values, width: width * 0.92), style: styles[index]))
            if let interval = item.interval {
                let marks = SeriesStyle(colour: Palette.ink)
                let bars = Series.Content.errorBars(x: x, y: item.values, low: interval.low, high: interval.high)
                drawn.append(Series(item.name, bars, style: marks, isInLegend: false))
            }
        }
        var axis = xAxis
        axis.ticks = categories.enumerated().map { Axis.Tick(Double($0.offset), label: $0.element) }
        axis.range = Axis.Range(lower: -0.6, upper: Double(categories.count) - 0.4)
        let heights = series.flatMap { $0.values + ($0.interval?.low ?? []) }
        return Figure(title: title, xAxis: axis, yAxis: yAxis.holdingZero(heights), series: drawn, size: size)
    }

    /// How often values fall into each of `bins` equal intervals from the smallest to the largest; an upper end belongs
    /// to the next bin, the last one's to itself. Values that are not finite are left out.
    /// - Parameter bins: nil takes the square root of the number of values, rounded up, at most 50.
    public static func histogram(
        _ values: [Double], bins: Int? = nil, name: String = "", title: String = "", xAxis: Axis = Axis(),
        yAxis: Axis = Axis("count"), size: Size? = nil
    ) -> Figure {
        let finite = values.filter(\.isFinite)
        let smallest = finite.min() ?? 0
        let largest = finite.max() ?? 0
        let wanted = bins ?? min(Int(Double(finite.count).squareRoot().rounded(.up)), 50)
        let count = smallest < largest ? min(max(wanted, 1), 10_000) : 1
        // Halved before the subtraction, so that a range from -1e308 to 1e308 does not overflow.
        let width = smallest < largest ? (largest / Double(count) - smallest / Double(count)) : 1
        var heights = [Double](repeating: 0, count: finite.isEmpty ? 0 : count)
        for value in finite {
            let position = ((value / width) - (smallest / width)).rounded(.down)
            heights[min(max(Int(position), 0), count - 1)] += 1
        }
        let first = smallest < largest ? smallest + width / 2 : smallest
        let centres = counting(heights.count).map { first + $0 * width }
        let bars = Series(name, .bars(x: centres, y: heights, width: width * 0.96))
        return Figure(title: title, xAxis: xAxis, yAxis: yAxis.holdingZero(heights), series: [bars], size: size)
    }

    /// A matrix as colours, row 0 at the top.
    public static func heat(
        _ rows: [[Double]], rowLabels: [String]? = nil, columnLabels: [String]? = nil, title: String = "",
        xAxis: Axis = Axis(), yAxis: Axis = Axis(), size: Size? = nil
    ) -> Figure {
        let columns = rows.first?.count ?? 0
        var across = xAxis
        var down = yAxis
        across.range = Axis.Range(lower: -0.5, upper: Double(columns) - 0.5)
        down.range = Axis.Range(lower: -0.5, upper: Double(rows.count) - 0.5)
        down.isReversed = true
        across.ticks = columnLabels.map(labelled) ?? across.ticks ?? everyCell(columns)
        down.ticks = rowLabels.map(labelled) ?? down.ticks ?? everyCell(rows.count)
        return Figure(title: title, xAxis: across, yAxis: down, series: [Series("", .heat(rows))], size: size)
    }

    static func counting(_ count: Int) -> [Double] { (0..<max(count, 0)).map(Double.init) }

    private static func labelled(_ labels: [String]) -> [Axis.Tick] {
        labels.enumerated().map { Axis.Tick(Double($0.offset), label: $0.element) }
    }

    /// A mark at every cell of a small matrix; gnuplot's own choice for a large one.
    private static func everyCell(_ count: Int) -> [Axis.Tick]? {
        count <= 16 ? counting(count).map { Axis.Tick($0) } : nil
    }
}

extension Axis {
    /// The axis with zero at its end, where it does not say otherwise and all values lie on one side of it: the length
    /// of a bar means nothing if it does not start at zero.
    func holdingZero(_ values: [Double]) -> Axis {
        var axis = self
        guard scale == .linear else { return axis }
        if values.allSatisfy({ !($0 < 0) }), axis.range.lower == nil { axis.range.lower = 0 }
        let hasNegative = values.contains { $0 < 0 }
        if hasNegative, values.allSatisfy({ !($0 > 0) }), axis.range.upper == nil { axis.range.upper = 0 }
        return axis
    }
}
