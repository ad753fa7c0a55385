/// How many rows were correct in every group of every problem, all groups of one width. Every metric here is computed
/// inside groups, then averaged over groups, then over problems; groups are never pooled.
public struct GroupCounts: Sendable, Equatable {
    /// Rows of a group.
    public let width: Int
    /// For each problem, the number of correct rows of each of its groups.
    public let problems: [[Int]]

    /// - Throws: `MetricError` where there is no problem, a problem has no group, or a count is not 0 to `width`.
    public init(width: Int, problems: [[Int]]) throws {
        try MetricError.require(width >= 1, "width is \(width), but must be at least 1")
        try MetricError.require(
            !problems.isEmpty && problems.allSatisfy { !$0.isEmpty }, "every problem needs at least one group")
        try MetricError.require(
            problems.allSatisfy { $0.allSatisfy((0...width).contains) },
            "a group of width \(width) cannot have more correct rows than that, or fewer than none")
        self.width = width
        self.problems = problems
    }

    /// A metric of the count of correct rows, for each problem and group.
    public func map(_ metric: (_ correct: Int) throws -> Double) rethrows -> [[Double]] {
        try problems.map { try $0.map(metric) }
    }

    /// For each problem and group, the share of correct rows.
    public var accuracies: [[Double]] { map { Double($0) / Double(width) } }

    public var accuracy: Double { Bootstrap.mean(accuracies) }
    public var coverage: Double { Bootstrap.mean(map { $0 > 0 ? 1 : 0 }) }
    public var consistency: Double { Bootstrap.mean(map { $0 == width ? 1 : 0 }) }

    /// `k` is 1 to `width`.
    public func passAt(_ k: Int) throws -> Double {
        Bootstrap.mean(try map { try Metric.passAt(n: width, c: $0, k: k) })
    }

    /// `k` is 1 to `width`, `m` 1 to `k`.
    public func gPass(_ k: Int, m: Int) throws -> Double {
        Bootstrap.mean(try map { try Metric.gPass(n: width, c: $0, k: k, m: m) })
    }

    public func gPass(_ k: Int, tau: Double) throws -> Double {
        Bootstrap.mean(try map { try Metric.gPass(n: width, c: $0, k: k, tau: tau) })
    }

    public func mGPass(_ k: Int) throws -> Double {
        Bootstrap.mean(try map { try Metric.mGPass(n: width, c: $0, k: k) })
    }

    /// The accuracy with its interval over problems and groups.
    public func accuracyInterval(level: Double = 0.95, resamples: Int = 2000, seed: UInt64 = 0) throws -> Estimate {
        try Bootstrap.interval(accuracies, level: level, resamples: resamples, seed: seed)
    }
}
