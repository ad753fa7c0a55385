import Models
import Randomness
import Tensors

/// Learning of given completions: the core that warm-up and sft share. Cross-entropy is a mean over all completion
/// tokens of a step, the stop token included; prompts are not learnt.
struct Supervised {
    let learner: Learner
    let batch: Int
    let microBatch: Int?
    let schedule: LearningRateSchedule
    let seed: UInt64

    /// Goes through `steps` batches of the groups, in a new order every epoch.
    func train(_ groups: [CompletionGroup], run: Run) throws {
        try run.work(learner) { step in try self.step(step, of: run.steps, pick(step, of: groups)) }
    }

    /// Steps that make `epochs` passes.
    static func steps(examples: Int, batch: Int, epochs: Int) -> Int {
        epochs * ((examples + batch - 1) / batch)
    }

    /// The batch of a step. The last one of an epoch may be smaller.
    private func pick(_ step: Int, of groups: [CompletionGroup]) -> [CompletionGroup] {
        let stepsPerEpoch = (groups.count + batch - 1) / batch
        let (epoch, place) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
        var stream = RandomStream(seed: seed, purpose: .data, -2, epoch)
        let order = groups.indices.shuffled(using: &stream)
        return order[place * batch..<min((place + 1) * batch, groups.count)].map { groups[$0] }
    }

    private func step(_ step: Int, of steps: Int, _ groups: [CompletionGroup]) throws -> RunMetrics {
        let model = learner.model
        let tokens = groups.reduce(0) { sum, group in group.rows.reduce(sum) { $0 + $1.count } }
        var loss = 0.0
        for range in MicroBatches.ranges(groups, limit: microBatch, model: model) {
            let batch = try TokenBatch(Array(groups[range]))
            let part = try model.crossEntropy(batch) * (Float(batch.targets.count) / Float(tokens))
            loss += Double(try part.item())
            try part.backward()
        }
        try TrainingError.require(
            loss.isFinite, "step \(step + 1): the loss is \(loss), so the weights were left as they were")
        let factor = schedule.factor(step: step, of: steps)
        let norm = try learner.update(factor: factor, step: step + 1)
        return ["loss": loss, "grad_norm": norm, "learning_rate_factor": factor, "num_tokens": Double(tokens)]
    }
}
