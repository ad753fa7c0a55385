import Models
import Tasks
import Tensors

/// A text to learn: what is given, and what is to follow, without a stop token (it is appended).
public struct Example: Sendable, Equatable {
    public let prompt: String
    public let completion: String

    public init(prompt: String, completion: String) {
        self.prompt = prompt
        self.completion = completion
    }
}

/// How a model learns examples.
public struct SFTOptions: Equatable, Sendable {
    /// Passes over the examples; of no effect where `steps` is given.
    public var epochs: Int
    public var steps: Int?
    public var optimiser: OptimiserOptions
    public var schedule: LearningRateSchedule
    /// Examples of a step.
    public var batch: Int
    /// Examples in memory at once; nil for as many as fit.
    public var microBatch: Int?
    public var parameters: LanguageModel.ParameterSet
    public var seed: UInt64
    public var record: RecordOptions

    public init(
        epochs: Int = 1, steps: Int? = nil,
        optimiser: OptimiserOptions = OptimiserOptions(learningRate: 1e-3),
        schedule: LearningRateSchedule = LearningRateSchedule(.cosine, warmUpSteps: 50), batch: Int = 64,
        microBatch: Int? = nil, parameters: LanguageModel.ParameterSet = .all, seed: UInt64 = 0,
        record: RecordOptions = RecordOptions()
    ) {
        self.epochs = epochs
        self.steps = steps
        self.optimiser = optimiser
        self.schedule = schedule
        self.batch = batch
        self.microBatch = microBatch
        self.parameters = parameters
        self.seed = seed
        self.record = record
    }

    var entries: [(String, RunValue)] {
        [
            ("epochs", .integer(epochs)), ("batch", .integer(batch)), ("parameters", .text(parameters.rawValue)),
            ("schedule", .text(schedule.kind.rawValue)), ("warmup_steps", .integer(schedule.warmUpSteps)),
            ("seed", .seed(seed)),
        ] + optimiser.entries
    }
}

/// Supervised learning of examples, each a group of one row. Changes the model in place.
/// - Throws: `TrainingError` for options out of range, no or empty examples, a loss or gradient that is not finite (the
///   weights are then those of the last good step); `ModelError`; `Interrupted` between steps.
@discardableResult
public func sft(
    _ model: LanguageModel, _ examples: [Example], _ options: SFTOptions = SFTOptions(),
    onProgress: ((RunProgress) -> Void)? = nil, onInterruption: ((Run) -> Void)? = nil
) throws -> Run {
    try TrainingError.require(!examples.isEmpty, "there are no examples to learn from")
    try TrainingError.positive(options.epochs, "epochs")
    try TrainingError.positive(options.batch, "batch")
    try options.steps.map { try TrainingError.positive($0, "steps") }
    try options.microBatch.map { try TrainingError.positive($0, "microbatch") }
    let groups = try examples.enumerated().map { try group($1, number: $0, model) }
    let learner = try Learner(model, options.parameters, options.optimiser)
    let steps =
        options.steps ?? Supervised.steps(examples: groups.count, batch: options.batch, epochs: options.epochs)
    let run = try Run(
        .sft, steps: steps,
        configuration: [("model", .text(model.name)), ("examples", .integer(examples.count))] + options.entries,
        record: options.record, onProgress: onProgress, onInterruption: onInterruption)
    try Supervised(
        learner: learner, batch: options.batch, microBatch: options.microBatch, schedule: options.schedule,
        seed: options.seed
    ).train(groups, run: run)
    return run
}

private func group(_ example: Example, number: Int, _ model: LanguageModel) throws -> CompletionGroup {
    let tokenizer = model.tokenizer
    let prompt = try tokenizer.encodeFromBeginning(example.prompt)
    let completion = try tokenizer.encode(example.completion) + tokenizer.stopTokens.prefix(1)
    try TrainingError.require(!prompt.isEmpty, "example \(number) has an empty prompt")
    try TrainingError.require(!completion.isEmpty, "example \(number) has an empty completion")
    try TrainingError.require(
        prompt.count + completion.count - 1 <= model.contextLength,
        "example \(number) has \(prompt.count + completion.count) tokens; the model's context holds "
            + "\(model.contextLength)")
    return (prompt: prompt, rows: [completion])
}

/// Examples of a task for a base model: problem by problem its prompt and a worked solution, which holds a mistake with
/// probability `mistakeShare` (0 to 1) so that the model's skill stays latent for reinforcement to sharpen.
public func examples(
    _ task: any ReasoningTask, problems: Int, first: Int = 0, mistakeShare: Double = 0, seed: UInt64 = 0
) throws -> [Example] {
    try TrainingError.check(problems, in: 1...1 << 24, "count")
    try TrainingError.check(first, in: 0...1 << 40, "first")
    try TrainingError.require(
        (0...1).contains(mistakeShare), "mistakes is \(mistakeShare), but must be 0 to 1")
    return try (first..<first + problems).map { index in
        let problem = try task.problem(index, split: .training)
        return Example(
            prompt: problem.prompt, completion: task.solution(problem, mistakeShare: mistakeShare, seed: seed))
    }
}
