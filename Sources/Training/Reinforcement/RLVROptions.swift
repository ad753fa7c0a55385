import Models
import Tasks

/// How a model learns from verifiable rewards.
public struct RLVROptions: Equatable, Sendable {
    public var steps: Int
    /// Problems of a step.
    public var problems: Int
    /// The first one's index; every step goes on where the one before ended.
    public var firstProblem: Int
    /// Rows of a group, which see each other.
    public var width: Int
    /// Groups of a problem.
    public var groups: Int
    public var optimiser: OptimiserOptions
    public var schedule: LearningRateSchedule
    public var credit: Credit
    public var aggregation: LossAggregation
    public var objective: PolicyObjective
    /// Whether problems whose rows all have one reward go, and others are sampled in their place, at most 10 times a
    /// step.
    public var dynamic: Bool
    /// Whether rows that were cut off do not count in the loss.
    public var maskTruncated: Bool
    public var parameters: LanguageModel.ParameterSet
    /// Updates from the same samples.
    public var innerSteps: Int
    /// Whole groups in memory at once; nil for as many as fit.
    public var microBatch: Int?
    /// How tokens are drawn; the seed in it names all draws. The trainer's distribution is this one, so that only plain
    /// options are taken: a temperature above 0, and no top-k, top-p or min-p.
    public var sampling: SamplingOptions
    /// Whether the sampler's weights may be rounded: then its log-probabilities are not the trainer's, and
    /// `sampling_logp_difference` says by how much.
    public var lossySampling: Bool
    public var record: RecordOptions

    public init(
        steps: Int, problems: Int = 8, firstProblem: Int = 0, width: Int = 8, groups: Int = 1,
        optimiser: OptimiserOptions = OptimiserOptions(learningRate: 5e-5, newLearningRate: 1e-4),
        schedule: LearningRateSchedule = LearningRateSchedule(), credit: Credit = .own,
        aggregation: LossAggregation = .dapo, objective: PolicyObjective = PolicyObjective(), dynamic: Bool = false,
        maskTruncated: Bool = false, parameters: LanguageModel.ParameterSet = .all, innerSteps: Int = 1,
        microBatch: Int? = nil, sampling: SamplingOptions = SamplingOptions(), lossySampling: Bool = false,
        record: RecordOptions = RecordOptions()
    ) {
        self.steps = steps
        self.problems = problems
        self.firstProblem = firstProblem
        self.width = width
        self.groups = groups
        self.optimiser = optimiser
        self.schedule = schedule
        self.credit = credit
        self.aggregation = aggregation
        self.objective = objective
        self.dynamic = dynamic
        self.maskTruncated = maskTruncated
        self.parameters = parameters
        self.innerSteps = innerSteps
        self.microBatch = microBatch
        self.sampling = sampling
        self.lossySampling = lossySampling
        self.record = record
    }

    func validate() throws {
        try TrainingError.check(steps, in: 1...1 << 24, "steps")
        try SampleShape(problems: problems, first: firstProblem, width: width, groups: groups).validate()
        try TrainingError.check(innerSteps, in: 1...1 << 16, "inner_steps")
        try microBatch.map { try TrainingError.positive($0, "microbatch") }
        try TrainingError.notNegative(objective.kl, "kl")
        try TrainingError.require(
            objective.clipLow > 0 && objective.clipLow <= 1,
            "clip_low is \(objective.clipLow), but must be above 0, at most 1")
        try TrainingError.positive(objective.clipHigh, "clip_high")
        try TrainingError.require(
            width * groups >= 2, "a problem has one row only, and nothing to compare it with; raise width or groups")
        try TrainingError.require(
            credit == .own || groups >= 2,
            "credit \"\(credit.rawValue)\" compares a group with the problem's others; set groups to 2 or more")
        try TrainingError.require(
            sampling.isPlain,
            "rlvr learns the distribution that it samples from: the temperature must be above 0, and top_k, top_p, "
                + "min_p and repetition_penalty must be off")
        try TrainingError.require(
            !sampling.precision.isLossy || lossySampling,
            "rlvr learns from the sampler's log-probabilities, and with precision \"\(sampling.precision.rawValue)\" "
                + "they are not the model's own; set lossy: true to take them all the same")
    }

    var entries: [(String, RunValue)] {
        [
            ("problems", .integer(problems)), ("first", .integer(firstProblem)), ("width", .integer(width)),
            ("groups", .integer(groups)), ("credit", .text(credit.rawValue)), ("loss", .text(aggregation.rawValue)),
            ("clip_low", .number(objective.clipLow)), ("clip_high", .number(objective.clipHigh)),
            ("kl", .number(objective.kl)), ("kl_estimator", .text(objective.klEstimator.rawValue)),
            ("dynamic", .flag(dynamic)), ("mask_truncated", .flag(maskTruncated)),
            ("parameters", .text(parameters.rawValue)), ("inner_steps", .integer(innerSteps)),
            ("max_tokens", .integer(sampling.maxTokens)), ("temperature", .number(sampling.temperature)),
            ("precision", .text(sampling.precision.rawValue)),
            ("schedule", .text(schedule.kind.rawValue)), ("warmup_steps", .integer(schedule.warmUpSteps)),
            ("seed", .seed(sampling.seed)),
        ] + (microBatch.map { [("microbatch", .integer($0))] } ?? []) + optimiser.entries
    }
}
