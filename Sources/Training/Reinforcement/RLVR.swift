import Models
import Tasks
import Tensors

/// Reinforcement learning with a verifiable reward: GRPO with DAPO's token-level normalisation. Changes the model in
/// place.
///
/// What differs from GRPO for independent rows: a token's probability depends on all rows of its group, so that whole
/// groups go through one forward at the sampler's width and with the sampler's mask, micro-batches are made of whole
/// groups, and a row's loss sends gradients into its siblings. See `Credit` for whose reward counts.
///
/// A loss close to 0 at the first inner step is right: every ratio is 1 there.
/// - Throws: `TrainingError` for options out of range and for a loss or gradient that is not finite; `Interrupted`
///   between steps. The weights are then those of the last whole step.
@discardableResult
public func rlvr(
    _ model: LanguageModel, _ task: any ReasoningTask, _ options: RLVROptions,
    onProgress: ((RunProgress) -> Void)? = nil, onInterruption: ((Run) -> Void)? = nil
) throws -> Run {
    try options.validate()
    let learner = try Learner(model, options.parameters, options.optimiser)
    let run = try Run(
        .rlvr, steps: options.steps,
        configuration: [("model", .text(model.name)), ("task", .text(task.name))]
            + task.parameters.map { ("task." + $0.name, .text($0.value)) } + options.entries,
        record: options.record, onProgress: onProgress, onInterruption: onInterruption)
    let reference = options.objective.kl > 0 ? try model.copy() : nil
    var trainer = PolicyTrainer(learner: learner, task: task, options: options, reference: reference)
    try run.work(
        learner, nextProblem: { trainer.next }, onResume: { trainer.next = $0.nextProblem },
        step: { try trainer.step($0) })
    return run
}

/// The loss of one step over groups that were sampled before, and its gradient for every parameter that learns, without
/// an update.
package func policyGradients(
    _ model: LanguageModel, _ problems: [ProblemGroups], _ task: any ReasoningTask, _ options: RLVROptions
) throws -> (loss: Double, gradients: [[Float]]) {
    let learner = try Learner(model, options.parameters, options.optimiser)
    let reference = options.objective.kl > 0 ? try model.copy() : nil
    let trainer = PolicyTrainer(learner: learner, task: task, options: options, reference: reference)
    let data = try PolicyBatch(problems, options: options, reference: reference)
    return try learner.learning {
        let loss = try trainer.accumulate(data).loss
        return (loss, try learner.parameters.map { try $0.gradient?.floats() ?? [Float](repeating: 0, count: $0.count) })
    }
}

/// One run's state between steps.
struct PolicyTrainer {
    let learner: Learner
    let task: any ReasoningTask
    let options: RLVROptions
    let reference: LanguageModel?
    /// The next problem's index.
    var next: Int

    init(learner: Learner, task: any ReasoningTask, options: RLVROptions, reference: LanguageModel?) {
        self.learner = learner
        self.task = task
        self.options = options
        self.reference = reference
        next = options.firstProblem
    }

    /// Samples, then updates `innerSteps` times. If it throws, the weights are as they were before.
    mutating func step(_ step: Int) throws -> RunMetrics {
        let rollout = try rollOut()
        var metrics = rollout.metrics(maxTokens: options.sampling.maxTokens)
        let data = try PolicyBatch(rollout.kept, options: options, reference: reference)
        let before = options.innerSteps > 1 ? try learner.snapshot() : nil
        do {
            for inner in 0..<options.innerSteps {
                let update = try update(data, step: step)
                if inner == 0 { metrics["sampling_logp_difference"] = update.difference }
                for (name, value) in update.logged { metrics[name] = value }
            }
        } catch {
            if let before { try learner.restore(before) }
            throw error
        }
        return metrics
    }

    struct Update {
        var loss = 0.0
        var difference = 0.0
        var clipped = 0.0
        var entropy = 0.0
        var divergence = 0.0
        var gradientNorm = 0.0
        var factor = 1.0

        var logged: [(String, Double)] {
            [
                ("loss", loss), ("clip_ratio", clipped), ("entropy", entropy), ("kl", divergence),
                ("grad_norm", gradientNorm), ("learning_rate_factor", factor),
            ]
        }
    }

    private func update(_ data: PolicyBatch, step: Int) throws -> Update {
        var update = try accumulate(data)
        try TrainingError.require(
            update.loss.isFinite, "step \(step + 1): the loss is \(update.loss), so the weights were left as they were")
        update.factor = options.schedule.factor(step: step, of: options.steps)
        update.gradientNorm = try learner.update(factor: update.factor, step: step + 1)
        return update
    }

    /// Adds up the gradients of the whole step, micro-batch by micro-batch.
    func accumulate(_ data: PolicyBatch) throws -> Update {
        var update = Update()
        for range in MicroBatches.ranges(data.groups, limit: options.microBatch, model: learner.model) {
            let tokens = data.tokens(range)
            // Without an advantage and a divergence there is nothing to learn here, only something to log.
            let isSilent = options.objective.kl == 0 && tokens.advantages.allSatisfy { $0 == 0 }
            let batch = try TokenBatch(Array(data.groups[range]))
            let temperature = Float(options.sampling.temperature)
            let forward = { try learner.model.tokenLogProbabilitiesAndEntropy(batch, temperature: temperature) }
            let (logProbabilities, entropy) = isSilent ? try noGrad(forward) : try forward()
            note(&update, try logProbabilities.floats(), try entropy.floats(), tokens)
            if isSilent { continue }
            let loss = try options.objective.loss(logProbabilities, tokens)
            update.loss += Double(try loss.item())
            try loss.backward()
        }
        let count = Double(max(data.tokenCount, 1))
        update.difference /= count
        update.clipped /= count
        update.entropy /= count
        update.divergence /= count
        return update
    }

    private func note(
        _ update: inout Update, _ logProbabilities: [Float], _ entropy: [Float], _ tokens: PolicyObjective.Tokens
    ) {
        for (i, value) in logProbabilities.enumerated() {
            let change = Double(value) - Double(tokens.old[i])
            update.difference += abs(change)
            update.entropy += Double(entropy[i])
            if options.objective.isClipped(change: change, advantage: Double(tokens.advantages[i])) {
                update.clipped += 1
            }
            guard !tokens.reference.isEmpty else { continue }
            update.divergence += options.objective.klEstimator.value(Double(tokens.reference[i]) - Double(value))
        }
    }

    /// Samples the step's problems; with `dynamic`, goes on until there are enough with different rewards, or 10 times.
    private mutating func rollOut() throws -> Rollout {
        var rollout = Rollout()
        for _ in 0..<(options.dynamic ? 10 : 1) {
            let missing = options.problems - rollout.kept.count
            let problems = try (next..<next + missing).map { try task.problem($0, split: .training) }
            next += missing
            let sampled = try ProblemSampler(
                problems, learner.model, task, width: options.width, groups: options.groups, options: options.sampling
            ).run()
            rollout.sampled += sampled
            rollout.kept += options.dynamic ? sampled.filter { teaches($0) } : sampled
            if rollout.kept.count == options.problems { break }
        }
        // Where every problem is too easy or too hard there is nothing to learn; the last samples are logged.
        if rollout.kept.isEmpty { rollout.kept = Array(rollout.sampled.suffix(options.problems)) }
        return rollout
    }

    /// Whether some row of the problem has an advantage.
    private func teaches(_ problem: ProblemGroups) -> Bool {
        options.credit.advantages(problem.rewards, scaled: false).contains { $0.contains { $0 != 0 } }
    }
}
