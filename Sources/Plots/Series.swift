/// One named set of numbers of a figure, and the way it is drawn.
public struct Series: Equatable, Sendable {
    /// The numbers. Arrays of one series have equal lengths; NaN and infinities are missing points.
    public enum Content: Equatable, Sendable {
        /// Points joined by straight lines, in the order given; a missing point interrupts the line.
        case line(x: [Double], y: [Double])
        /// Single points.
        case scatter(x: [Double], y: [Double])
        /// Upright bars from zero to `y`, `width` wide in units of the x axis, centred on `x`.
        case bars(x: [Double], y: [Double], width: Double)
        /// The area between two curves: an interval along x.
        case band(x: [Double], low: [Double], high: [Double])
        /// Points with an interval each.
        case errorBars(x: [Double], y: [Double], low: [Double], high: [Double])
        /// A matrix as colours; row 0 is at y = 0, column 0 at x = 0; the rows have equal lengths.
        case heat([[Double]])
    }

    /// What the legend, the data rows and error messages call it.
    public var name: String
    public var content: Content
    /// nil takes the next style of the palette.
    public var style: SeriesStyle?
    /// Whether the legend has a line for it (it needs a name too).
    public var isInLegend: Bool

    public init(_ name: String, _ content: Content, style: SeriesStyle? = nil, isInLegend: Bool = true) {
        self.name = name
        self.content = content
        self.style = style
        self.isInLegend = isInLegend
    }
}

extension Series {
    /// What it is drawn as, in a word.
    var kind: String {
        switch content {
        case .line: "line"
        case .scatter: "scatter"
        case .bars: "bars"
        case .band: "band"
        case .errorBars: "error bars"
        case .heat: "heat"
        }
    }

    /// The numbers as named columns; empty for a heat map, whose numbers are a matrix.
    var columns: [(name: String, values: [Double])] {
        switch content {
        case .line(let x, let y), .scatter(let x, let y), .bars(let x, let y, _): [("x", x), ("y", y)]
        case .band(let x, let low, let high): [("x", x), ("low", low), ("high", high)]
        case .errorBars(let x, let y, let low, let high): [("x", x), ("y", y), ("low", low), ("high", high)]
        case .heat: []
        }
    }
}
