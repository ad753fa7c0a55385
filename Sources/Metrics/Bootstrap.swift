import Randomness

/// A number with its interval.
public struct Estimate: Sendable, Equatable {
    public let value: Double
    public let low: Double
    public let high: Double

    public init(value: Double, low: Double, high: Double) {
        self.value = value
        self.low = low
        self.high = high
    }
}

/// Intervals by resampling problems, then groups: rows and groups of one problem are not independent, so that an
/// interval over rows is far too narrow.
public enum Bootstrap {
    /// The mean over problems of the mean over groups.
    public static func mean(_ values: [[Double]]) -> Double {
        values.isEmpty ? .nan : values.lazy.map(mean).reduce(0, +) / Double(values.count)
    }

    /// Percentile interval of `mean`.
    /// - Parameters:
    ///   - values: for each problem, a value for each of its groups; at least one of each.
    ///   - level: 0 to 1, exclusive.
    ///   - resamples: 1 or more.
    public static func interval(
        _ values: [[Double]], level: Double = 0.95, resamples: Int = 2000, seed: UInt64 = 0
    ) throws -> Estimate {
        try check(values, level: level, resamples: resamples)
        var draws = (0..<resamples).map { resample in
            var stream = RandomStream(seed: seed, purpose: .bootstrap, 0, resample)
            return resampledMean(values, &stream)
        }
        draws.sort()
        return Estimate(
            value: mean(values), low: quantile(draws, (1 - level) / 2), high: quantile(draws, (1 + level) / 2))
    }

    static func check(_ values: [[Double]], level: Double, resamples: Int) throws {
        try MetricError.require(!values.isEmpty, "an interval needs at least one problem")
        try MetricError.require(
            values.allSatisfy { !$0.isEmpty }, "an interval needs at least one group for every problem")
        try MetricError.require(level > 0 && level < 1, "the level is \(level), but must lie between 0 and 1")
        try MetricError.require(resamples >= 1, "resamples is \(resamples), but must be at least 1")
    }

    static func mean(_ groups: [Double]) -> Double { groups.reduce(0, +) / Double(groups.count) }

    static func resampledMean(_ values: [[Double]], _ stream: inout RandomStream) -> Double {
        var sum = 0.0
        for _ in values { sum += resampledGroups(values[stream.integer(below: values.count)], &stream) }
        return sum / Double(values.count)
    }

    static func resampledGroups(_ groups: [Double], _ stream: inout RandomStream) -> Double {
        if groups.count == 1 { return groups[0] }
        var sum = 0.0
        for _ in groups { sum += groups[stream.integer(below: groups.count)] }
        return sum / Double(groups.count)
    }

    /// Linear interpolation between order statistics, as numpy's default.
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let position = share * Double(sorted.count - 1)
        let below = Int(position), above = min(below + 1, sorted.count - 1)
        return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
}

/// Two arms compared on the same problems.
public struct Comparison: Sendable, Equatable {
    /// First minus second, with its interval.
    public let difference: Estimate
    /// Two-sided p of a sign-flip permutation test over problems.
    public let p: Double

    /// - Parameters: `first` and `second`: for each problem, in the same order, a value for each group.
    /// - Throws: `MetricError` where the arms have not as many problems, or one has no group.
    public init(
        _ first: [[Double]], _ second: [[Double]], level: Double = 0.95, resamples: Int = 2000, seed: UInt64 = 0
    ) throws {
        try MetricError.require(
            first.count == second.count,
            "compare: \(first.count) problems against \(second.count); both arms need the same problems")
        try Bootstrap.check(first, level: level, resamples: resamples)
        try Bootstrap.check(second, level: level, resamples: resamples)
        var draws = (0..<resamples).map { resample in
            var stream = RandomStream(seed: seed, purpose: .bootstrap, 1, resample)
            return Self.resampledDifference(first, second, &stream)
        }
        draws.sort()
        let differences = zip(first, second).map { Bootstrap.mean($0) - Bootstrap.mean($1) }
        difference = Estimate(
            value: Bootstrap.mean(differences), low: Bootstrap.quantile(draws, (1 - level) / 2),
            high: Bootstrap.quantile(draws, (1 + level) / 2))
        p = Self.signFlip(differences, seed: seed)
    }

    /// Problems are drawn in pairs; the groups of each arm separately.
    private static func resampledDifference(
        _ first: [[Double]], _ second: [[Double]], _ stream: inout RandomStream
    ) -> Double {
        var sum = 0.0
        for _ in first {
            let problem = stream.integer(below: first.count)
            sum += Bootstrap.resampledGroups(first[problem], &stream)
            sum -= Bootstrap.resampledGroups(second[problem], &stream)
        }
        return sum / Double(first.count)
    }

    /// The share of sign assignments with a sum at least as far from 0: all of them up to 12 differences that are not
    /// 0, else 10,000 random ones, the observed one counted.
    static func signFlip(_ differences: [Double], seed: UInt64) -> Double {
        let sizes = differences.filter { $0 != 0 }
        guard !sizes.isEmpty else { return 1 }
        let observed = abs(sizes.reduce(0, +)) - 1e-12 * sizes.reduce(0) { $0 + abs($1) }
        func isExtreme(_ isFlipped: (Int) -> Bool) -> Bool {
            abs(sizes.indices.reduce(0) { isFlipped($1) ? $0 - sizes[$1] : $0 + sizes[$1] }) >= observed
        }
        if sizes.count <= 12 {
            let all = 1 << sizes.count
            return Double((0..<all).count { signs in isExtreme { signs >> $0 & 1 == 1 } }) / Double(all)
        }
        let flips = 10_000
        let extreme = (0..<flips).count { flip in
            var stream = RandomStream(seed: seed, purpose: .bootstrap, 2, flip)
            let signs = sizes.indices.map { _ in stream.nextBits() & 1 == 1 }
            return isExtreme { signs[$0] }
        }
        return Double(extreme + 1) / Double(flips + 1)
    }
}
