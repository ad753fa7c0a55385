import Glibc

/// A measured number and, where there is one, its confidence interval.
public struct Estimate: Equatable, Sendable {
    public var value: Double
    public var low: Double?
    public var high: Double?

    public init(_ value: Double, low: Double? = nil, high: Double? = nil) {
        self.value = value
        self.low = low
        self.high = high
    }
}

/// What one arm of a study reached at each evaluation width.
public struct WidthCurve: Equatable, Sendable {
    public var name: String
    /// Rows in a group: 1, 2, 4, ...
    public var widths: [Int]
    /// Share of rows that are right, at each width.
    public var accuracy: [Estimate]
    /// Share of problems of which at least one row is right, at each width.
    public var coverage: [Estimate]

    public init(name: String, widths: [Int], accuracy: [Estimate], coverage: [Estimate]) {
        self.name = name
        self.widths = widths
        self.accuracy = accuracy
        self.coverage = coverage
    }
}

extension Figure {
    /// How an arm's interval is shown.
    public enum IntervalStyle: Equatable, Sendable {
        case bars, bands
    }

    /// G-Pass@k against the number of correct answers asked for, tau * k = 1 ... k: an arm a line.
    /// - Parameters:
    ///   - arms: the i-th number (from 0) is G-Pass@k at tau * k = i + 1; all arms have k of them.
    ///   - intervals: bands show well with few arms, bars with many; only arms that have intervals get them.
    /// - Throws: `PlotError.invalidFigure` if the arms differ in k.
    public static func gPass(
        _ arms: [(name: String, values: [Estimate])], title: String = "", intervals: IntervalStyle = .bands,
        size: Size? = nil
    ) throws(PlotError) -> Figure {
        let k = arms.first?.values.count ?? 0
        for arm in arms where arm.values.count != k {
            throw .invalidFigure(
                "the arm \"\(arm.name)\" has \(arm.values.count) values, \"\(arms[0].name)\" has \(k): "
                    + "give every arm one value for each of tau * k = 1 ... k")
        }
        let positions = counting(k).map { $0 + 1 }
        let styles = Palette.styles(forArms: arms.map(\.name))
        var series: [Series] = []
        for (arm, style) in zip(arms, styles) {
            series += estimateSeries(arm.name, x: positions, arm.values, style: style, intervals: intervals)
        }
        let ticks = k <= 16 ? positions.map { Axis.Tick($0) } : nil
        let across = Axis(
            "correct answers required, τ·k", range: .init(lower: 0.7, upper: Double(k) + 0.3), ticks: ticks)
        return Figure(
            title: title, xAxis: across, yAxis: Axis("G-Pass@\(k)", range: .init(lower: 0)), series: series, size: size)
    }

    /// Accuracy and coverage, a panel each, against evaluation width on a log2 axis: an arm a line, with intervals.
    /// - Throws: `PlotError.invalidFigure` if an arm's lists differ in length or a width is below 1.
    public static func widths(
        _ arms: [WidthCurve], title: String = "", intervals: IntervalStyle = .bars, size: Size? = nil
    ) throws(PlotError) -> Figure {
        for arm in arms {
            guard arm.widths.count == arm.accuracy.count, arm.widths.count == arm.coverage.count else {
                throw .invalidFigure(
                    "the arm \"\(arm.name)\" has \(arm.widths.count) widths, \(arm.accuracy.count) accuracies and "
                        + "\(arm.coverage.count) coverages: give one of each for every width")
            }
            if let width = arm.widths.first(where: { $0 < 1 }) {
                throw .invalidFigure("the arm \"\(arm.name)\" has a width of \(width): widths are 1 or more")
            }
        }
        let accuracy = widthPanel(arms, \.accuracy, label: "accuracy", intervals: intervals)
        let coverage = widthPanel(arms, \.coverage, label: "coverage", intervals: intervals)
        return grid([accuracy, coverage], columns: 2, title: title, size: size)
    }

    private static func widthPanel(
        _ arms: [WidthCurve], _ quantity: KeyPath<WidthCurve, [Estimate]>, label: String, intervals: IntervalStyle
    ) -> Figure {
        let styles = Palette.styles(forArms: arms.map(\.name))
        var series: [Series] = []
        for (index, (arm, style)) in zip(arms, styles).enumerated() {
            // Bars of several arms at one width are set side by side, so that none hides another.
            let side = Double(index) - Double(arms.count - 1) / 2
            let shift = intervals == .bars ? exp2(0.06 * side) : 1
            let positions = arm.widths.map { Double($0) * shift }
            series += estimateSeries(arm.name, x: positions, arm[keyPath: quantity], style: style, intervals: intervals)
        }
        let widths = Set(arms.flatMap(\.widths)).sorted().map(Double.init)
        let margin = exp2(0.35)
        var axis = Axis("evaluation width w", scale: .log2, ticks: widths.map { Axis.Tick($0) })
        if let first = widths.first, let last = widths.last {
            axis.range = Axis.Range(lower: first / margin, upper: last * margin)
        }
        return Figure(xAxis: axis, yAxis: Axis(label), series: series)
    }

    /// A line through the estimates, and their intervals where there are any.
    private static func estimateSeries(
        _ name: String, x: [Double], _ estimates: [Estimate], style: SeriesStyle, intervals: IntervalStyle
    ) -> [Series] {
        let values = estimates.map(\.value)
        let line = Series(name, .line(x: x, y: values), style: style)
        guard estimates.contains(where: { $0.low != nil && $0.high != nil }) else { return [line] }
        let low = estimates.map { $0.low ?? .nan }
        let high = estimates.map { $0.high ?? .nan }
        let content: Series.Content =
            switch intervals {
            case .bands: .band(x: x, low: low, high: high)
            case .bars: .errorBars(x: x, y: values, low: low, high: high)
            }
        var marks = style
        if intervals == .bars { marks.marker = nil }
        return [Series(name + " (interval)", content, style: marks, isInLegend: false), line]
    }
}
