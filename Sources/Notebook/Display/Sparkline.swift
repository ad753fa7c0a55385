/// A line of numbers as a line of small bars: `▁▂▄▆█`.
package enum Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// One character for each number, or where there are more numbers than columns, for the mean of some that stand
    /// side by side. Numbers that are not finite leave a gap.
    package static func text(_ values: [Double], columns: Int) -> String {
        let means = resampled(values, to: max(columns, 1))
        let finite = means.filter(\.isFinite)
        guard let least = finite.min(), let most = finite.max() else { return "" }
        return String(means.map { bar($0, least, most) })
    }

    private static func bar(_ value: Double, _ least: Double, _ most: Double) -> Character {
        guard value.isFinite else { return " " }
        // Halved, as the difference of two large numbers is more than there is.
        let span = most / 2 - least / 2
        guard span > 0 else { return bars[3] }
        return bars[min(7, Int((value / 2 - least / 2) / span * 8))]
    }

    private static func resampled(_ values: [Double], to count: Int) -> [Double] {
        guard values.count > count else { return values }
        return (0..<count).map { index in
            let piece = values[(index * values.count / count)..<((index + 1) * values.count / count)].filter(\.isFinite)
            return piece.isEmpty ? .nan : piece.reduce(0) { $0 + $1 / Double(piece.count) }
        }
    }
}
