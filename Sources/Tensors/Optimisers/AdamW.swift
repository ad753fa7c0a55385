import CKernels

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW computes it.
public final class AdamW: Optimiser {
    public var groups: [ParameterGroup]
    public let beta1: Float
    public let beta2: Float
    public let epsilon: Float
    public let weightDecay: Float
    /// Steps taken.
    public internal(set) var steps = 0
    /// First and second moments of every parameter that had a gradient once, in the order of groups and parameters.
    package internal(set) var moments: [[Moments?]]

    /// What is known of a parameter's gradients.
    package struct Moments {
        package let first: Tensor
        package let second: Tensor
        /// Steps in which it had a gradient, on which the correction of its moments depends.
        package var steps: Int
    }

    public init(
        _ groups: [ParameterGroup], beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        weightDecay: Float = 0.01
    ) {
        self.groups = groups
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        moments = groups.map { $0.parameters.map { _ in nil } }
    }

    public convenience init(
        _ parameters: [Tensor], learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        weightDecay: Float = 0.01
    ) {
        self.init(
            [ParameterGroup(parameters, learningRate: learningRate)], beta1: beta1, beta2: beta2, epsilon: epsilon,
            weightDecay: weightDecay)
    }

    /// Moves every parameter that has a gradient.
    public func step() throws {
        steps += 1
        for (groupIndex, group) in groups.enumerated() {
            for (index, parameter) in group.parameters.enumerated() {
                guard let gradient = try parameter.fittingGradient("adamw") else { continue }
                var known =
                    try moments[groupIndex][index]
                    ?? Moments(first: .zeros(parameter.shape), second: .zeros(parameter.shape), steps: 0)
                known.steps += 1
                try update(parameter, gradient, known, group)
                moments[groupIndex][index] = known
            }
        }
    }

    private func update(
        _ parameter: Tensor, _ gradient: Tensor, _ known: Moments, _ group: ParameterGroup
    ) throws {
        let g = try gradient.plain()
        let weights = try parameter.writableParameter("adamw")
        let (m, v, slope) = (known.first.pointer, known.second.pointer, g.pointer)
        let (beta1, beta2) = group.betas ?? (self.beta1, self.beta2)
        let epsilon = epsilon
        let decay = 1 - group.learningRate * (group.weightDecay ?? weightDecay)
        let step = group.learningRate / (1 - power(beta1, known.steps))
        let correction = 1 / (1 - power(beta2, known.steps)).squareRoot()
        ThreadPool.shared.run(parameter.count, grain: Kernel.grain) { range in
            let start = range.lowerBound
            kernel_adamw(
                weights + start, m + start, v + start, slope + start, range.count, decay, step, correction, beta1,
                beta2, epsilon)
        }
    }

    public var memory: [[String: Tensor]] {
        get throws {
            try moments.flatMap { $0 }.map { known in
                guard let known else { return [:] }
                return ["first": known.first, "second": known.second, "steps": try .scalar(Float(known.steps))]
            }
        }
    }

    /// A memory without `steps`, as it was kept before, is of parameters that had a gradient at every step.
    public func restore(steps: Int, memory: [[String: Tensor]]) throws {
        try checkSteps(steps, operation: "adamw")
        let own = try memory.map { try $0["steps"].map { try stepCount(in: $0) } ?? steps }
        let tensors = memory.map { $0.filter { $0.key != "steps" } }
        let saved = try checked(tensors, names: ["first", "second"], operation: "adamw")
        var restored = zip(saved, own).map { saved, steps in
            saved["first"].flatMap { first in
                saved["second"].map { Moments(first: first, second: $0, steps: steps) }
            }
        }[...]
        moments = groups.map { $0.parameters.map { _ in restored.removeFirst() } }
        self.steps = steps
    }

    private func stepCount(in tensor: Tensor) throws -> Int {
        guard tensor.count == 1, let steps = Int(exactly: try tensor.item()), steps >= 0 else {
            throw TensorError("adamw", "the state has steps of a parameter that are no number of steps")
        }
        return steps
    }
}

/// base^exponent in double precision.
private func power(_ base: Float, _ exponent: Int) -> Float {
    var result = 1.0, square = Double(base), rest = exponent
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return Float(result)
}
