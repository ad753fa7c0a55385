import Glibc

extension Metric {
    /// maj@k: the probability that the most frequent answer among `k` rows, drawn without replacement, is correct, ties
    /// being broken evenly. Exact, at a cost of about `n k^2 log k` steps.
    ///
    /// - Parameters:
    ///   - counts: how many rows give each different answer.
    ///   - correct: which of these answers are correct, as indices into `counts`.
    ///   - abstentions: rows without an answer; they are drawn but do not vote.
    ///   - k: rows drawn, 1 to all.
    public static func majority(counts: [Int], correct: Set<Int>, abstentions: Int = 0, k: Int) throws -> Double {
        try MetricError.require(
            abstentions >= 0 && counts.allSatisfy { $0 >= 0 }, "maj@k: counts must not be negative")
        try MetricError.require(
            correct.allSatisfy(counts.indices.contains), "maj@k: `correct` names an answer that has no count")
        let n = counts.reduce(abstentions, +)
        try MetricError.checkCounts("maj@k", n: n, c: 0, k: k)
        var sum = 0.0
        for answer in correct where counts[answer] > 0 {
            sum += winning(answer, counts: counts, abstentions: abstentions, n: n, k: k)
        }
        return min(sum, 1)
    }

    /// maj@k of rows: `answers` (nil for none) and whether each is correct; an answer counts as correct if one of its
    /// rows does.
    public static func majority(answers: [String?], correct: [Bool], k: Int) throws -> Double {
        try MetricError.require(
            answers.count == correct.count, "maj@k: \(answers.count) answers, but \(correct.count) verdicts")
        var counts: [Int] = [], places: [String: Int] = [:], right: Set<Int> = []
        for (answer, isCorrect) in zip(answers, correct) {
            guard let answer else { continue }
            let place = places[answer] ?? counts.count
            if place == counts.count {
                places[answer] = place
                counts.append(0)
            }
            counts[place] += 1
            if isCorrect { right.insert(place) }
        }
        return try majority(
            counts: counts, correct: right, abstentions: answers.lazy.filter { $0 == nil }.count, k: k)
    }

    /// The expectation of 1 / (number of answers tied at the top) where `answer` is one of them.
    ///
    /// Counts in the subset are multivariate hypergeometric, that is, independent binomials given that they sum to k;
    /// with the common probability k/n nothing overflows.
    private static func winning(_ answer: Int, counts: [Int], abstentions: Int, n: Int, k: Int) -> Double {
        let probability = Double(k) / Double(n)
        func weights(_ count: Int, upTo limit: Int) -> [Double] {
            (0...min(count, limit)).map { binomial(count, $0, probability) }
        }
        let others = counts.indices.filter { $0 != answer && counts[$0] > 0 }.map { counts[$0] }
        let silent = weights(abstentions, upTo: k)
        var sum = 0.0
        for top in 1...min(counts[answer], k) {
            let rest = k - top
            // ways[t][s]: t other answers tie with `top` votes, s rows are drawn in all.
            var ways = [[Double](repeating: 0, count: rest + 1)]
            for s in 0...min(rest, silent.count - 1) { ways[0][s] = silent[s] }
            for count in others { ways = adding(weights(count, upTo: top), top: top, to: ways, rest: rest) }
            let own = binomial(counts[answer], top, probability)
            for (ties, row) in ways.enumerated() { sum += own * row[rest] / Double(ties + 1) }
        }
        return sum / binomial(n, k, probability)
    }

    private static func adding(_ weights: [Double], top: Int, to ways: [[Double]], rest: Int) -> [[Double]] {
        let maximum = top <= rest ? rest / top : 0
        var next = [[Double]](repeating: [Double](repeating: 0, count: rest + 1), count: min(ways.count, maximum) + 1)
        for (ties, row) in ways.enumerated() {
            for s in 0...rest where row[s] != 0 {
                for (votes, weight) in weights.enumerated() where s + votes <= rest {
                    next[votes == top ? ties + 1 : ties][s + votes] += row[s] * weight
                }
            }
        }
        return next
    }

    private static func binomial(_ n: Int, _ k: Int, _ p: Double) -> Double {
        if p == 1 { return k == n ? 1 : 0 }
        return exp(logBinomial(n, k) + Double(k) * log(p) + Double(n - k) * log1p(-p))
    }

    /// Whether the row with the best score is correct, 0 or 1; in a tie the share of correct rows among the best.
    /// Scores that are not numbers never win.
    public static func bestOf(scores: [Double], correct: [Bool]) throws -> Double {
        try MetricError.require(
            scores.count == correct.count, "best of n: \(scores.count) scores, but \(correct.count) verdicts")
        guard let best = scores.filter({ !$0.isNaN }).max() else { return 0 }
        let tied = zip(scores, correct).filter { $0.0 == best }
        return Double(tied.filter(\.1).count) / Double(tied.count)
    }

    /// The answer with the largest sum of weights; the one seen first in a tie; nil where no row answers.
    public static func vote(answers: [String?], weights: [Double]? = nil) throws -> String? {
        let weights = weights ?? [Double](repeating: 1, count: answers.count)
        try MetricError.require(
            weights.count == answers.count, "vote: \(answers.count) answers, but \(weights.count) weights")
        var sums: [String: Double] = [:], order: [String] = []
        for (answer, weight) in zip(answers, weights) {
            guard let answer else { continue }
            if sums[answer] == nil { order.append(answer) }
            sums[answer, default: 0] += weight
        }
        return order.reduce(nil) { (best: String?, answer) in
            guard let best else { return answer }
            return sums[answer]! > sums[best]! ? answer : best
        }
    }
}
