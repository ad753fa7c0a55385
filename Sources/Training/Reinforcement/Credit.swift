/// Whose reward a row's tokens are credited with.
public enum Credit: String, Sendable, CaseIterable {
    /// The row's own, against the mean of all rows of the problem (the paper; GRPO).
    case own
    /// The mean of the row's group, against that of the problem's other groups: the rows of a group influence each
    /// other, so that the group is the action. Needs two groups or more.
    case group
    /// The mean of the two.
    case mixed

    /// The advantage of every row.
    /// - Parameters:
    ///   - rewards: of one problem, for each group the rewards of its rows.
    ///   - scaled: whether to divide by (standard deviation + 1e-4): that of the rows for `own`, of the groups' means
    ///     for `group`; with n - 1 in the denominator, as TRL has it.
    public func advantages(_ rewards: [[Double]], scaled: Bool = true) -> [[Double]] {
        switch self {
        case .own: return own(rewards, scaled)
        case .group: return group(rewards, scaled)
        case .mixed:
            return zip(own(rewards, scaled), group(rewards, scaled)).map { zip($0, $1).map { ($0 + $1) / 2 } }
        }
    }

    private func own(_ rewards: [[Double]], _ scaled: Bool) -> [[Double]] {
        let all = rewards.flatMap { $0 }
        let center = Moments.mean(all)
        let scale = scaled ? Moments.deviation(all) + 1e-4 : 1
        return rewards.map { $0.map { ($0 - center) / scale } }
    }

    private func group(_ rewards: [[Double]], _ scaled: Bool) -> [[Double]] {
        let means = rewards.map(Moments.mean)
        guard means.count > 1 else { return rewards.map { $0.map { _ in 0 } } }
        let scale = scaled ? Moments.deviation(means) + 1e-4 : 1
        let sum = means.reduce(0, +)
        return zip(rewards, means).map { rows, mean in
            let others = (sum - mean) / Double(means.count - 1)
            return rows.map { _ in (mean - others) / scale }
        }
    }
}

enum Moments {
    static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// With n - 1 in the denominator; 0 for a single value.
    static func deviation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let center = mean(values)
        return (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
    }
}
