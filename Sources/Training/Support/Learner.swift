import Models
import Tensors

/// How parameters are moved, the same for every kind of training.
public struct OptimiserOptions: Equatable, Sendable {
    /// For the transformer's own parameters.
    public var learningRate: Double
    /// For those of the new blocks; nil for the same.
    public var newLearningRate: Double?
    public var beta1: Double
    public var beta2: Double
    /// Decoupled.
    public var weightDecay: Double
    /// Gradients longer than this are shortened to it; 0 for never.
    public var gradientClip: Double

    public init(
        learningRate: Double, newLearningRate: Double? = nil, beta1: Double = 0.9, beta2: Double = 0.99,
        weightDecay: Double = 0, gradientClip: Double = 1
    ) {
        self.learningRate = learningRate
        self.newLearningRate = newLearningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.weightDecay = weightDecay
        self.gradientClip = gradientClip
    }

    func validate() throws {
        try TrainingError.notNegative(learningRate, "lr")
        if let newLearningRate { try TrainingError.notNegative(newLearningRate, "new_lr") }
        for (name, beta) in [("beta1", beta1), ("beta2", beta2)] {
            try TrainingError.require(beta >= 0 && beta < 1, "\(name) is \(beta), but must be 0 to below 1")
        }
        try TrainingError.notNegative(weightDecay, "weight_decay")
        try TrainingError.notNegative(gradientClip, "grad_clip")
    }

    var entries: [(String, RunValue)] {
        [
            ("lr", .number(learningRate)), ("new_lr", .number(newLearningRate ?? learningRate)),
            ("beta1", .number(beta1)), ("beta2", .number(beta2)), ("weight_decay", .number(weightDecay)),
            ("grad_clip", .number(gradientClip)),
        ]
    }
}

/// A model whose chosen parameters learn. Only these ask for gradients while the learner works.
final class Learner {
    let model: LanguageModel
    let parameters: [Tensor]
    let optimiser: AdamW
    private let options: OptimiserOptions
    private let rates: [Double]

    init(_ model: LanguageModel, _ set: LanguageModel.ParameterSet, _ options: OptimiserOptions) throws {
        try options.validate()
        self.model = model
        self.options = options
        parameters = try model.parameters(set)
        try TrainingError.require(
            !parameters.isEmpty,
            "the model \(model.name) has no \(set.rawValue) parameters to train; attach a bridge first, or train all")
        var groups: [ParameterGroup] = [], rates: [Double] = []
        for (part, rate) in [
            (LanguageModel.ParameterSet.old, options.learningRate),
            (.new, options.newLearningRate ?? options.learningRate),
        ] where set == .all || set == part {
            groups.append(ParameterGroup(try model.parameters(part), learningRate: Float(rate)))
            rates.append(rate)
        }
        self.rates = rates
        optimiser = AdamW(
            groups, beta1: Float(options.beta1), beta2: Float(options.beta2),
            weightDecay: Float(options.weightDecay))
    }

    /// Runs `body` with gradients on for the parameters that learn and off for all others.
    func learning<R>(_ body: () throws -> R) throws -> R {
        let all = try model.parameters(.all)
        let before = all.map(\.requiresGradient)
        for tensor in all { tensor.requiresGradient = false }
        for tensor in parameters { tensor.requiresGradient = true }
        defer {
            for (tensor, flag) in zip(all, before) {
                tensor.requiresGradient = flag
                tensor.gradient = nil
            }
        }
        return try body()
    }

    /// Moves the parameters by the gradients that are there, at `factor` times the learning rates.
    /// - Returns: the gradients' length before clipping.
    /// - Throws: `TrainingError` if a gradient is not finite; the parameters are then as they were.
    func update(factor: Double, step: Int) throws -> Double {
        let limit = options.gradientClip > 0 ? Float(options.gradientClip) : .greatestFiniteMagnitude
        let norm = Double(try clipGradientNorm(parameters, maximum: limit))
        guard norm.isFinite else {
            optimiser.zeroGradients()
            throw TrainingError(
                "step \(step): the gradient is not finite, so the weights were left as they were; "
                    + "a lower learning rate often helps")
        }
        for i in rates.indices { optimiser.groups[i].learningRate = Float(rates[i] * factor) }
        try optimiser.step()
        optimiser.zeroGradients()
        model.weightsDidChange()
        return norm
    }

    /// Copies of the parameters' values, to go back to.
    func snapshot() throws -> [[Float]] { try parameters.map { try $0.floats() } }

    func restore(_ values: [[Float]]) throws {
        for (tensor, saved) in zip(parameters, values) { try Learner.copy(saved, to: tensor) }
        model.weightsDidChange()
    }

    /// The optimiser's moments of every parameter, in the order of `parameters`.
    func optimiserState() -> [AdamW.Moments?] { optimiser.moments.flatMap { $0 } }

    /// Gives the optimiser the moments that it had after so many steps.
    /// - Parameter moments: of a parameter by its place; nil for one that never had a gradient.
    func restoreOptimiser(
        steps: Int, moments: (Int) throws -> (first: [Float], second: [Float], steps: Int)?
    ) throws {
        guard steps > 0 else { return }
        let saved = try parameters.indices.map { place in
            guard let moments = try moments(place) else { return [String: Tensor]() }
            let shape = parameters[place].shape
            return [
                "first": try Tensor(moments.first, shape: shape), "second": try Tensor(moments.second, shape: shape),
                "steps": try .scalar(Float(moments.steps)),
            ]
        }
        // What has moved may lie in a read-only file before it is given the saved values.
        for (parameter, tensors) in zip(parameters, saved) where !tensors.isEmpty { try parameter.makeWritable() }
        try optimiser.restore(steps: steps, memory: saved)
    }

    /// Weights that have these values already are not written to: they may lie in a read-only file.
    private static func copy(_ values: [Float], to tensor: Tensor) throws {
        try TrainingError.require(values.count == tensor.count, "a tensor of the checkpoint has another size")
        if try tensor.withFloats({ $0.elementsEqual(values) { $0.bitPattern == $1.bitPattern } }) { return }
        try tensor.withMutableFloats { target in
            for i in target.indices { target[i] = values[i] }
        }
    }
}
