import Models
import Tensors

/// How new blocks learn from traces.
public struct WarmUpOptions: Equatable, Sendable {
    public var epochs: Int
    /// Of the parameters that learn.
    public var optimiser: OptimiserOptions
    public var schedule: LearningRateSchedule
    /// Groups (traces of one problem side by side) of a step.
    public var batchGroups: Int
    /// Groups in memory at once; nil for as many as fit.
    public var microBatch: Int?
    /// Which parameters learn; the paper: the new ones.
    public var parameters: LanguageModel.ParameterSet
    /// At most this many traces of a problem side by side; nil for all.
    public var width: Int?
    public var seed: UInt64
    public var record: RecordOptions

    public init(
        epochs: Int = 1, optimiser: OptimiserOptions = OptimiserOptions(learningRate: 1e-3),
        schedule: LearningRateSchedule = LearningRateSchedule(), batchGroups: Int = 16, microBatch: Int? = nil,
        parameters: LanguageModel.ParameterSet = .new, width: Int? = nil, seed: UInt64 = 0,
        record: RecordOptions = RecordOptions()
    ) {
        self.epochs = epochs
        self.optimiser = optimiser
        self.schedule = schedule
        self.batchGroups = batchGroups
        self.microBatch = microBatch
        self.parameters = parameters
        self.width = width
        self.seed = seed
        self.record = record
    }

    var entries: [(String, RunValue)] {
        [
            ("epochs", .integer(epochs)), ("batch", .integer(batchGroups)),
            ("parameters", .text(parameters.rawValue)), ("schedule", .text(schedule.kind.rawValue)),
            ("warmup_steps", .integer(schedule.warmUpSteps)), ("seed", .seed(seed)),
        ] + (width.map { [("width", .integer($0))] } ?? []) + optimiser.entries
    }
}

/// Supervised learning of several correct traces of one problem side by side in one group, so that Bridge attends
/// across them. The batch is what a sampler would have fed to make these rows. Changes the model in place.
/// - Throws: `TrainingError` for options out of range, a model without new parameters (where they are to learn), a loss
///   or gradient that is not finite (the weights are then those of the last good step); `Interrupted` between steps.
@discardableResult
public func warmUp(
    _ model: LanguageModel, _ traces: Traces, _ options: WarmUpOptions = WarmUpOptions(),
    onProgress: ((RunProgress) -> Void)? = nil, onInterruption: ((Run) -> Void)? = nil
) throws -> Run {
    try TrainingError.positive(options.epochs, "epochs")
    try TrainingError.positive(options.batchGroups, "batch")
    try options.microBatch.map { try TrainingError.positive($0, "microbatch") }
    try options.width.map { try TrainingError.positive($0, "width") }
    try TrainingError.require(!traces.traces.isEmpty, "there are no traces to learn from")
    let groups: [CompletionGroup] = traces.traces.map { trace in
        (prompt: trace.prompt, rows: Array(trace.completions.prefix(options.width ?? .max)))
    }
    let learner = try Learner(model, options.parameters, options.optimiser)
    let steps = Supervised.steps(examples: groups.count, batch: options.batchGroups, epochs: options.epochs)
    let run = try Run(
        .warmup, steps: steps,
        configuration: [("model", .text(model.name)), ("groups", .integer(groups.count))] + options.entries,
        record: options.record, onProgress: onProgress, onInterruption: onInterruption)
    try Supervised(
        learner: learner, batch: options.batchGroups, microBatch: options.microBatch, schedule: options.schedule,
        seed: options.seed
    ).train(groups, run: run)
    return run
}
