import Language

/// How far some work has got, and the one line of text that says so.
public struct ProgressLine: Equatable {
    public var description = ""
    /// What is counted, in the singular.
    public var unit = "step"
    public var total: Int?
    public var step = 0
    /// Units that were done before this work began, and count for no rate.
    public var start = 0
    /// The share of the work that is done, where that is not what the steps say: what takes long may have been begun.
    public var share: Double?
    /// Seconds since the start.
    public var elapsed = 0.0
    /// What to watch, such as `reward 0.41`.
    public var metrics = ""

    public struct Style {
        /// The line is made shorter than this many columns.
        public var columns: Int
        /// Without a bar: for files and pipes.
        public var isPlain: Bool
        /// The work is over: how long it took instead of how long it will take.
        public var isFinal: Bool
        /// Whether characters beyond ASCII are shown.
        public var hasUnicode: Bool

        public init(columns: Int, isPlain: Bool, isFinal: Bool, hasUnicode: Bool = true) {
            self.hasUnicode = hasUnicode
            self.columns = columns
            self.isPlain = isPlain
            self.isFinal = isFinal
        }
    }

    public init(description: String = "", unit: String = "step", total: Int? = nil) {
        self.description = description
        self.unit = unit
        self.total = total
    }

    /// Description, bar, count, rate, time left and metrics, as many of them as fit.
    public func text(_ style: Style) -> String {
        let limit = max(style.columns - 1, 10)
        var parts = [count, rate, time(isFinal: style.isFinal), metrics].filter { !$0.isEmpty }
        if style.isPlain { return String((description + ": " + parts.joined(separator: "  ")).prefix(columns: limit)) }
        let bar = style.hasUnicode ? Self.bar : Self.plainBar
        while true {
            let tail = parts.joined(separator: "  ")
            let spare = limit - description.columns - tail.columns - 6
            if let fraction, spare >= 8 {
                // In steps, so that the bar stays when the numbers behind it get a digit more or less.
                return "\(description)  \(bar(fraction, min(spare / 4 * 4, 24)))  \(tail)"
            }
            let text = description + "  " + tail
            if text.columns <= limit || parts.count == 1 { return String(text.prefix(columns: limit)) }
            parts.remove(at: parts.count > 2 ? 1 : parts.count - 1)
        }
    }

    private var fraction: Double? {
        guard let total, total > 0 else { return nil }
        return min(max(Double(step) / Double(total), 0), 1)
    }

    private var count: String { total.map { "\(step)/\($0)" } ?? "\(step) \(unit)\(step == 1 ? "" : "s")" }

    private var rate: String {
        guard step > start, elapsed > 0 else { return "" }
        let perSecond = Double(step - start) / elapsed
        return perSecond >= 1 ? "\(Self.short(perSecond)) \(unit)s/s" : "\(Self.short(1 / perSecond)) s/\(unit)"
    }

    private func time(isFinal: Bool) -> String {
        if isFinal { return "in " + Self.duration(elapsed) }
        guard let total, step > start, step < total else { return "" }
        let share = share ?? Double(step - start) / Double(total - start)
        return Self.duration(elapsed * (1 - share) / share) + " left"
    }

    /// A bar of eighths of a column.
    static func bar(_ fraction: Double, width: Int) -> String {
        let eighths = Int(fraction * Double(width * 8))
        let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        let full = String(repeating: "█", count: eighths / 8) + partial
        return "▕" + full + String(repeating: " ", count: width - full.count) + "▏"
    }

    private static func plainBar(_ fraction: Double, width: Int) -> String {
        let full = Int(fraction * Double(width))
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - full) + "]"
    }

    /// Three significant digits.
    static func short(_ number: Double) -> String {
        if number >= 100 { return String(Int(number.rounded())) }
        let scale = number >= 10 ? 10.0 : 100.0
        return String((number * scale).rounded() / scale)
    }

    /// `8s`, `2:05`, `1:02:05`.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        if seconds < 10 { return "\((seconds * 10).rounded() / 10)s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole)s" }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        if whole < 3600 { return "\(whole / 60):\(two(whole % 60))" }
        return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }
}
