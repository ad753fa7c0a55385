import Metrics
import Models
import Synchronization
import Tasks

/// How good a model is at a task at one width.
public struct Evaluation: Sendable {
    public let model: String
    public let task: String
    public let split: ProblemSplit
    /// Rows of a group.
    public let width: Int
    /// Rows of the subset metrics, 1 to `width`. Report it with the width, always.
    public let k: Int
    /// Correct rows of every problem and group.
    public let counts: GroupCounts
    /// For every problem and group, the answers (nil where a row gives none).
    public let answers: [[[String?]]]
    /// The share of correct rows, with its interval of 95% over problems and groups.
    public var accuracy: Estimate { interval.estimate }
    private let interval: AccuracyInterval
    /// The share of groups with a correct row, and of groups with correct rows only.
    public let coverage: Double
    public let consistency: Double
    /// G-Pass@k for thresholds `tau * k` = 1, 2, ..., k.
    public let gPass: [Double]
    public let mGPass: Double
    public let passAtK: Double
    /// The majority's answer among k rows, ties broken evenly.
    public let majorityAtK: Double
    /// Tokens of a completion, the stop token included.
    public let meanLength: Double
    /// The share of rows that came to a stop token.
    public let finishedShare: Double

    /// - Parameter k: nil for the groups' width.
    /// - Throws: `TrainingError` where `k` is not 1 to the width, `MetricError` without a problem.
    public init(
        _ groups: Groups, model: String, task: String, split: ProblemSplit, k: Int? = nil, seed: UInt64 = 0
    ) throws {
        let k = k ?? groups.width
        try TrainingError.require(
            (1...groups.width).contains(k), "k is \(k), but must be 1 to the width, \(groups.width)")
        let counts = try groups.counts()
        self.model = model
        self.task = task
        self.split = split
        self.k = k
        self.counts = counts
        width = groups.width
        answers = groups.problems.map { $0.groups.map { $0.map(\.answer) } }
        if groups.problems.isEmpty { _ = try counts.accuracyInterval(seed: seed) }
        interval = AccuracyInterval(counts: counts, seed: seed)
        coverage = counts.coverage
        consistency = counts.consistency
        gPass = try (1...k).map { try counts.gPass(k, m: $0) }
        mGPass = try counts.mGPass(k)
        passAtK = try counts.passAt(k)
        majorityAtK = Bootstrap.mean(try groups.majority(k))
        meanLength = groups.meanLength
        finishedShare = groups.finishedShare
    }

    /// The difference in accuracy to another evaluation on the same problems, paired by problem.
    public func compared(to other: Evaluation, seed: UInt64 = 0) throws -> Comparison {
        try Comparison(counts.accuracies, other.counts.accuracies, seed: seed)
    }
}

/// Drawn when it is first asked for: thousands of resamples would keep a user waiting who has pressed Ctrl-C.
private final class AccuracyInterval: Sendable {
    private let counts: GroupCounts
    private let seed: UInt64
    private let known = Mutex<Estimate?>(nil)

    init(counts: GroupCounts, seed: UInt64) {
        self.counts = counts
        self.seed = seed
    }

    var estimate: Estimate {
        known.withLock { known in
            if let known { return known }
            let drawn = (try? counts.accuracyInterval(seed: seed)) ?? Estimate(value: .nan, low: .nan, high: .nan)
            known = drawn
            return drawn
        }
    }
}

/// Evaluates a model at `shape.width`, whatever width it was trained at.
/// - Parameters:
///   - shape: held-out problems, unless it says otherwise.
///   - k: rows of the subset metrics, 1 to the width; nil for the width.
///   - onProgress: told now and then how far it has got.
///   - onInterruption: given the evaluation of the problems from the first on that are done, if there are some, when
///     an interruption ends the work.
/// - Throws: `TrainingError`, `ModelError`, `TaskError`, `Interrupted`.
public func evaluate(
    _ model: LanguageModel, _ task: any ReasoningTask,
    _ shape: SampleShape = SampleShape(problems: 200, split: .heldOut), k: Int? = nil,
    options: SamplingOptions = SamplingOptions(), onProgress: ((SamplingProgress) -> Void)? = nil,
    onInterruption: ((Evaluation) -> Void)? = nil
) throws -> Evaluation {
    try shape.validate()
    try TrainingError.require(
        k.map { (1...shape.width).contains($0) } ?? true, "k is \(k ?? 0), but must be 1 to the width, \(shape.width)")
    func evaluation(_ groups: Groups) throws -> Evaluation {
        try Evaluation(groups, model: model.name, task: task.name, split: shape.split, k: k, seed: options.seed)
    }
    let groups = try sample(
        model, task, shape, options: options, onProgress: onProgress,
        onInterruption: { groups in
            // Of problems that are not whole, the short rows would count and the long ones not.
            let whole = Groups(
                width: groups.width, problems: Array(groups.problems.prefix(groups.whole)), options: options)
            if let partial = try? evaluation(whole) { onInterruption?(partial) }
        })
    return try evaluation(groups)
}
