import Models
import Tensors

/// What a step sampled, and what of it is learnt from.
struct Rollout {
    var sampled: [ProblemGroups] = []
    var kept: [ProblemGroups] = []

    /// Of everything sampled, kept or not.
    func metrics(maxTokens: Int) -> RunMetrics {
        let rows = sampled.flatMap(\.rows)
        let deviations = sampled.map { Moments.deviation($0.rows.map(\.reward)) }
        let lengths = rows.map { Double($0.tokens.count) }
        return [
            "reward": Moments.mean(rows.map(\.reward)),
            "reward_std": Moments.mean(deviations),
            "frac_reward_zero_std": Moments.mean(deviations.map { $0 == 0 ? 1 : 0 }),
            "completions/mean_length": Moments.mean(lengths),
            "completions/clipped_ratio": Moments.mean(rows.map { $0.finished ? 0 : 1 }),
            "num_tokens": lengths.reduce(0, +),
            "problems": Double(kept.count),
        ]
    }
}

/// The groups of a step with what the objective needs for every token, group by group.
struct PolicyBatch {
    let groups: [CompletionGroup]
    private let perGroup: [PolicyObjective.Tokens]
    let tokenCount: Int

    init(_ problems: [ProblemGroups], options: RLVROptions, reference: LanguageModel?) throws {
        var groups: [CompletionGroup] = [], advantages: [[Double]] = [], rows: [[AnsweredRow]] = []
        for problem in problems {
            advantages += options.credit.advantages(problem.rewards, scaled: options.aggregation.scalesAdvantages)
            for group in problem.groups {
                groups.append((prompt: problem.prompt, rows: group.map(\.tokens)))
                rows.append(group)
            }
        }
        let all = rows.flatMap { $0 }
        let weights = options.aggregation.weights(
            lengths: all.map(\.tokens.count), counts: all.map { $0.finished || !options.maskTruncated },
            maxTokens: options.sampling.maxTokens)
        let references = try reference.map { try Self.logProbabilities($0, groups, options) }
        var place = 0
        self.groups = groups
        perGroup = rows.enumerated().map { g, group in
            var tokens = PolicyObjective.Tokens(old: [], advantages: [], weights: [])
            for (w, row) in group.enumerated() {
                tokens.old += row.logProbabilities
                tokens.advantages += row.tokens.map { _ in Float(advantages[g][w]) }
                tokens.weights += row.tokens.map { _ in Float(weights[place]) }
                place += 1
            }
            if let references { tokens.reference = references[g] }
            return tokens
        }
        tokenCount = all.reduce(0) { $0 + $1.tokens.count }
    }

    /// The tokens of a run of groups, in the order of a `TokenBatch` of them.
    func tokens(_ range: Range<Int>) -> PolicyObjective.Tokens {
        var joined = PolicyObjective.Tokens(old: [], advantages: [], weights: [])
        for part in perGroup[range] {
            joined.old += part.old
            joined.advantages += part.advantages
            joined.weights += part.weights
            joined.reference += part.reference
        }
        return joined
    }

    /// For every group the log-probabilities of its tokens, each group whole in one forward.
    private static func logProbabilities(
        _ model: LanguageModel, _ groups: [CompletionGroup], _ options: RLVROptions
    ) throws -> [[Float]] {
        try noGrad {
            var result: [[Float]] = []
            for range in MicroBatches.ranges(groups, limit: options.microBatch, model: model) {
                let batch = try TokenBatch(Array(groups[range]))
                let values = try model.tokenLogProbabilities(
                    batch, temperature: Float(options.sampling.temperature)
                ).floats()
                var start = 0
                for group in groups[range] {
                    let count = group.rows.reduce(0) { $0 + $1.count }
                    result.append(Array(values[start..<start + count]))
                    start += count
                }
            }
            return result
        }
    }
}
