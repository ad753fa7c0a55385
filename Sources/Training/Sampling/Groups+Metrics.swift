import Glibc
import Metrics

/// Metrics that need more than counts, for each problem and group; `Bootstrap.mean` and `Bootstrap.interval` make
/// numbers of them.
extension Groups {
    /// maj@k: the probability that the majority's answer among k rows is right. `k` is 1 to the width; nil for the
    /// width.
    public func majority(_ k: Int? = nil) throws -> [[Double]] {
        try map { rows in
            try Metric.majority(answers: rows.map(\.answer), correct: rows.map(\.isCorrect), k: k ?? width)
        }
    }

    /// Whether the row with the largest mean log-probability of its tokens is right.
    public func bestByMeanLogProbability() throws -> [[Double]] {
        try map { rows in
            try Metric.bestOf(scores: rows.map(\.meanLogProbability), correct: rows.map(\.isCorrect))
        }
    }

    /// Whether the answer with the largest sum of weights is right; by default a row weighs the exponential of its mean
    /// log-probability.
    public func weightedVote(_ weight: (AnsweredRow) -> Double = { $0.meanProbability }) throws -> [[Double]] {
        try map { rows in
            let winner = try Metric.vote(answers: rows.map(\.answer), weights: rows.map(weight))
            return winner != nil && rows.contains { $0.answer == winner && $0.isCorrect } ? 1 : 0
        }
    }
}

extension AnsweredRow {
    /// Minus infinity for a row without tokens.
    public var meanLogProbability: Double {
        logProbabilities.isEmpty
            ? -.infinity : logProbabilities.reduce(0) { $0 + Double($1) } / Double(logProbabilities.count)
    }

    /// The geometric mean of the tokens' probabilities, 0 to 1.
    public var meanProbability: Double { exp(meanLogProbability) }
}
