/// What a training run recorded: one number per step for each metric.
public struct TrainingCurve: Equatable, Sendable {
    public var name: String
    /// Step numbers; nil counts from 1.
    public var steps: [Double]?
    /// Metrics in the order in which they were recorded; NaN where a step has none.
    public var metrics: [(name: String, values: [Double])]

    public init(name: String, steps: [Double]? = nil, metrics: [(name: String, values: [Double])]) {
        self.name = name
        self.steps = steps
        self.metrics = metrics
    }

    public static func == (left: TrainingCurve, right: TrainingCurve) -> Bool {
        left.name == right.name && left.steps == right.steps
            && left.metrics.elementsEqual(right.metrics) { $0.name == $1.name && $0.values == $1.values }
    }

    /// The values of a metric, or nil if the run has no such metric.
    public func values(of metric: String) -> [Double]? { metrics.first { $0.name == metric }?.values }
}

extension Figure {
    /// Training curves: a panel for each metric, in it a line for each run. Each run is shown as it is, faint, under
    /// the moving average of its values.
    /// - Parameters:
    ///   - metrics: the metrics to show; nil shows those of the first run.
    ///   - window: steps in the moving average, which looks back only; 1 shows the values alone. nil takes a twentieth
    ///     of the longest run, at least 1 and at most 50.
    /// - Throws: `PlotError.invalidFigure` if no run has one of the metrics.
    public static func training(
        _ runs: [TrainingCurve], metrics: [String]? = nil, window: Int? = nil, title: String = "", size: Size? = nil
    ) throws(PlotError) -> Figure {
        let names = metrics ?? runs.first?.metrics.map(\.name) ?? []
        if names.isEmpty {
            throw .invalidFigure("there is no metric to draw: give at least one run that recorded one")
        }
        let longest = runs.flatMap(\.metrics).map(\.values.count).max() ?? 0
        let smoothing = window ?? min(max(longest / 20, 1), 50)
        let styles = Palette.styles(forArms: runs.map(\.name))
        var panels: [Figure] = []
        for metric in names {
            guard runs.contains(where: { $0.values(of: metric) != nil }) else {
                throw .invalidFigure(unknownMetric(metric, runs))
            }
            let series = zip(runs, styles).flatMap { trainingSeries($0, metric: metric, style: $1, window: smoothing) }
            panels.append(Figure(xAxis: Axis("step"), yAxis: Axis(metric), series: series))
        }
        if panels.count > 1 { return grid(panels, columns: panels.count == 3 ? 3 : 2, title: title, size: size) }
        panels[0].title = title
        panels[0].size = size
        return panels[0]
    }

    private static func trainingSeries(
        _ run: TrainingCurve, metric: String, style: SeriesStyle, window: Int
    ) -> [Series] {
        guard let values = run.values(of: metric) else { return [] }
        let steps = run.steps ?? counting(values.count).map { $0 + 1 }
        var followed = style.with(weight: .strong)
        // Dashes break up a wavy line over another; the markers tell runs apart.
        followed.dash = .solid
        let smooth = Series(run.name, .line(x: steps, y: movingAverage(values, window: window)), style: followed)
        if window <= 1 { return [smooth] }
        let raw = Series(
            run.name + " (each step)", .line(x: steps, y: values), style: style.with(weight: .faint), isInLegend: false)
        return [raw, smooth]
    }

    private static func unknownMetric(_ metric: String, _ runs: [TrainingCurve]) -> String {
        var known: [String] = []
        for name in runs.flatMap(\.metrics).map(\.name) where !known.contains(name) { known.append(name) }
        return "no run recorded the metric \"\(metric)\"; recorded are \(known.joined(separator: ", "))"
    }

    /// The mean of each value and the `window - 1` before it (fewer at the start), over those that are finite; NaN
    /// where none is. The length is that of `values`.
    public static func movingAverage(_ values: [Double], window: Int) -> [Double] {
        values.indices.map { index in
            // Summed anew for each window: a running sum drifts, and one infinity would spoil all that follows.
            let finite = values[max(0, index - max(window, 1) + 1)...index].filter(\.isFinite)
            return finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
        }
    }
}
