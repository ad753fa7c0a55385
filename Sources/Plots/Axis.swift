/// One axis of a figure: what it measures, and how its numbers are laid out.
public struct Axis: Equatable, Sendable {
    /// Equal steps mean equal differences (`linear`) or equal ratios (`log2`, `log10`; values must be above zero).
    public enum Scale: Equatable, Sendable {
        case linear, log2, log10
    }

    /// A mark on the axis; its text is the number itself where no label is given.
    public struct Tick: Equatable, Sendable {
        public var position: Double
        public var label: String?

        public init(_ position: Double, label: String? = nil) {
            self.position = position
            self.label = label
        }
    }

    /// Ends of the axis; an end that is nil follows the data.
    public struct Range: Equatable, Sendable {
        public var lower: Double?
        public var upper: Double?

        public init(lower: Double? = nil, upper: Double? = nil) {
            self.lower = lower
            self.upper = upper
        }
    }

    public var label: String
    public var scale: Scale
    public var range: Range
    /// Where to put marks; nil lets gnuplot choose round numbers.
    public var ticks: [Tick]?
    /// Whether values grow downwards or leftwards, as the rows of a matrix do.
    public var isReversed: Bool

    public init(
        _ label: String = "", scale: Scale = .linear, range: Range = Range(), ticks: [Tick]? = nil,
        isReversed: Bool = false
    ) {
        self.label = label
        self.scale = scale
        self.range = range
        self.ticks = ticks
        self.isReversed = isReversed
    }
}
