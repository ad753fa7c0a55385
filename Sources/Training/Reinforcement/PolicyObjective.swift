import Glibc
import Tensors

/// How the tokens' losses become one number.
public enum LossAggregation: String, Sendable, CaseIterable {
    /// Sum over all tokens of the step / their number (DAPO).
    case dapo
    /// The mean over rows of each row's mean over its tokens.
    case grpo
    /// Sum / (rows * most tokens a row may have), and advantages not divided by a standard deviation (Dr. GRPO).
    case drGRPO = "dr_grpo"

    /// Whether advantages are divided by a standard deviation.
    public var scalesAdvantages: Bool { self != .drGRPO }

    /// The weight of each token of a row, for every row.
    /// - Parameters:
    ///   - lengths: tokens of each row of the whole step, over all its micro-batches.
    ///   - counts: whether each row counts; the tokens of one that does not weigh nothing.
    ///   - maxTokens: the most tokens a row may have.
    public func weights(lengths: [Int], counts: [Bool], maxTokens: Int) -> [Double] {
        let rows = Double(max(lengths.count, 1))
        let total = Double(max(zip(lengths, counts).reduce(0) { $1.1 ? $0 + $1.0 : $0 }, 1))
        return zip(lengths, counts).map { length, isCounted in
            guard isCounted else { return 0 }
            switch self {
            case .dapo: return 1 / total
            case .grpo: return 1 / (rows * Double(max(length, 1)))
            case .drGRPO: return 1 / (rows * Double(max(maxTokens, 1)))
            }
        }
    }
}

/// Estimators of the divergence from the reference, KL(policy || reference), per token; Schulman, "Approximating KL
/// divergence" (2020), with r = reference / policy.
public enum KLEstimator: String, Sendable, CaseIterable {
    /// -log r: unbiased, high variance.
    case k1
    /// (log r)^2 / 2: biased, low variance.
    case k2
    /// (r - 1) - log r: unbiased, low variance, never negative.
    case k3

    /// - Parameter logRatio: log r, any shape.
    public func callAsFunction(_ logRatio: Tensor) throws -> Tensor {
        switch self {
        case .k1: return try logRatio.negated()
        case .k2: return try logRatio * logRatio * 0.5
        case .k3: return try logRatio.exp() - logRatio - 1
        }
    }

    /// The same for one number.
    func value(_ logRatio: Double) -> Double {
        switch self {
        case .k1: return -logRatio
        case .k2: return logRatio * logRatio / 2
        case .k3: return expm1(logRatio) - logRatio
        }
    }
}

/// The clipped surrogate of GRPO over a run of tokens.
public struct PolicyObjective: Equatable, Sendable {
    public var clipLow: Double
    public var clipHigh: Double
    /// The coefficient of the divergence from the reference; 0 for none.
    public var kl: Double
    public var klEstimator: KLEstimator

    public init(clipLow: Double = 0.2, clipHigh: Double = 0.28, kl: Double = 0, klEstimator: KLEstimator = .k3) {
        self.clipLow = clipLow
        self.clipHigh = clipHigh
        self.kl = kl
        self.klEstimator = klEstimator
    }

    /// What one token comes with, besides its log-probability under the policy.
    public struct Tokens: Sendable {
        /// Log-probabilities when they were sampled.
        public var old: [Float]
        public var advantages: [Float]
        /// Weights in the sum; see `LossAggregation`.
        public var weights: [Float]
        /// Log-probabilities under the reference; empty without one.
        public var reference: [Float]

        public init(old: [Float], advantages: [Float], weights: [Float], reference: [Float] = []) {
            self.old = old
            self.advantages = advantages
            self.weights = weights
            self.reference = reference
        }
    }

    /// The weighted sum of `-min(ratio A, clip(ratio, 1 - low, 1 + high) A)`, plus the divergence.
    ///
    /// At the first inner step every ratio is 1 and the value is close to 0 (the advantages of a problem sum to 0, for
    /// rows of one length exactly): that is right, and its gradient is not 0.
    /// - Parameter logProbabilities: (N).
    /// - Returns: a scalar.
    public func loss(_ logProbabilities: Tensor, _ tokens: Tokens) throws -> Tensor {
        let count = logProbabilities.count
        let weights = try Tensor(tokens.weights, shape: [count])
        let advantages = try Tensor(tokens.advantages, shape: [count])
        let ratio = try (logProbabilities - Tensor(tokens.old, shape: [count])).exp()
        let clipped = try ratio.clamp(Float(1 - clipLow), Float(1 + clipHigh))
        let surrogate = try (ratio * advantages).minimum(clipped * advantages)
        var loss = try (surrogate * weights).sum().negated()
        if kl > 0 {
            let logRatio = try Tensor(tokens.reference, shape: [count]) - logProbabilities
            loss = try loss + (klEstimator(logRatio) * weights).sum() * Float(kl)
        }
        return loss
    }

    /// Whether clipping holds a token back.
    /// - Parameter change: log(policy / old).
    func isClipped(change: Double, advantage: Double) -> Bool {
        let ratio = exp(change)
        return (ratio < 1 - clipLow && advantage < 0) || (ratio > 1 + clipHigh && advantage > 0)
    }
}
