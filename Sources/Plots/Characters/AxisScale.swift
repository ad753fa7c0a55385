import Glibc

/// Maps an axis's numbers to 0 ... 1, and chooses its marks.
struct AxisScale {
    struct Mark: Equatable {
        var position: Double
        var label: String
    }

    private let scale: Axis.Scale
    private let isReversed: Bool
    /// The ends, as logarithms on a logarithmic axis.
    private var lower: Double
    private var upper: Double
    private(set) var marks: [Mark] = []

    /// - Parameters:
    ///   - values: what must lie on the axis; numbers that are not finite are passed over.
    ///   - marks: about how many marks there is room for.
    init(_ axis: Axis, values: [Double], marks wanted: Int) {
        scale = axis.scale
        isReversed = axis.isReversed
        let ends = Self.ends(of: values, axis.scale)
        lower = axis.range.lower.map { Self.transformed($0, axis.scale) } ?? ends?.lower ?? 0
        upper = axis.range.upper.map { Self.transformed($0, axis.scale) } ?? ends?.upper ?? 1
        if lower == upper {
            let spread = lower == 0 ? 1 : abs(lower) * 0.05
            if axis.range.lower == nil { lower -= spread }
            if axis.range.upper == nil { upper += spread }
        }
        let step = Self.step(upper - lower, wanted: wanted, isLog: scale != .linear)
        // Free ends go on to the next mark, as long as that is near.
        if axis.range.lower == nil, axis.ticks == nil { lower = (lower / step + 1e-9).rounded(.down) * step }
        if axis.range.upper == nil, axis.ticks == nil { upper = (upper / step - 1e-9).rounded(.up) * step }
        marks = axis.ticks.map(given) ?? chosen(step)
    }

    /// The least and the greatest number that the axis has.
    private static func ends(of values: [Double], _ scale: Axis.Scale) -> (lower: Double, upper: Double)? {
        var (lower, upper) = (Double.infinity, -Double.infinity)
        for value in values {
            let place = transformed(value, scale)
            guard place.isFinite else { continue }
            if place < lower { lower = place }
            if place > upper { upper = place }
        }
        return lower <= upper ? (lower, upper) : nil
    }

    /// Where a number lies: 0 at the left or lower end, 1 at the other; nil for one that the axis does not have.
    func position(_ value: Double) -> Double? {
        let transformed = Self.transformed(value, scale)
        guard transformed.isFinite, upper > lower else { return nil }
        let share = (transformed - lower) / (upper - lower)
        return isReversed ? 1 - share : share
    }

    private func given(_ ticks: [Axis.Tick]) -> [Mark] {
        ticks.compactMap { tick in
            guard let place = position(tick.position), (-0.001...1.001).contains(place) else { return nil }
            return Mark(position: place, label: tick.label ?? Self.text(tick.position))
        }
    }

    private func chosen(_ step: Double) -> [Mark] {
        let first = Int((lower / step - 1e-9).rounded(.up)), last = Int((upper / step + 1e-9).rounded(.down))
        guard first <= last, last - first < 1000 else { return [] }
        return (first...last).map { index in
            let place = (Double(index) * step - lower) / (upper - lower)
            return Mark(position: isReversed ? 1 - place : place, label: label(Double(index), step))
        }
    }

    private func label(_ index: Double, _ step: Double) -> String {
        switch scale {
        case .linear: Self.text(Self.rounded(index * step, to: step))
        case .log2: Self.text(exp2(index * step))
        case .log10: Self.text(pow(10, index * step))
        }
    }

    static func transformed(_ value: Double, _ scale: Axis.Scale) -> Double {
        switch scale {
        case .linear: value
        case .log2: log2(value)
        case .log10: log10(value)
        }
    }

    /// 1, 2 or 5 times a power of ten; whole on a logarithmic axis.
    private static func step(_ span: Double, wanted: Int, isLog: Bool) -> Double {
        guard span > 0, span.isFinite else { return 1 }
        let rough = span / Double(max(wanted, 1))
        if isLog { return max(1, rough.rounded()) }
        let power = pow(10, log10(rough).rounded(.down))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
        return factor * power
    }

    /// The number that a step's multiple stands for, without the dust of the multiplication.
    private static func rounded(_ value: Double, to step: Double) -> Double {
        let digits = -log10(step).rounded(.down)
        guard abs(digits) < 300 else { return value }
        if digits <= 0 { return value.rounded() }
        let scale = pow(10, digits)
        return (value * scale).rounded() / scale
    }

    /// A number as short as it can be: `0.25`, `1000`, `2.5e6`.
    static func text(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        let power = log10(abs(value)).rounded(.down)
        if power >= 6 || power < -4 { return plain(rounded(value / pow(10, power), to: 0.001)) + "e\(Int(power))" }
        return plain(rounded(value, to: pow(10, power - 5)))
    }

    private static func plain(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
