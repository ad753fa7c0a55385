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
    package internal(set) var moments: [[(first: Tensor, second: Tensor)?]]

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
                guard let gradient = parameter.gradient else { continue }
                if moments[groupIndex][index] == nil {
                    moments[groupIndex][index] = (try .zeros(parameter.shape), try .zeros(parameter.shape))
                }
                guard let (first, second) = moments[groupIndex][index] else { continue }
                try update(parameter, gradient, first, second, group)
            }
        }
    }

    private func update(
        _ parameter: Tensor, _ gradient: Tensor, _ first: Tensor, _ second: Tensor, _ group: ParameterGroup
    ) throws {
        let g = try gradient.plain()
        let weights = try parameter.writableParameter("adamw")
        let (m, v, slope) = (first.pointer, second.pointer, g.pointer)
        let decay = 1 - group.learningRate * (group.weightDecay ?? weightDecay)
        let step = group.learningRate / (1 - power(beta1, steps))
        let correction = 1 / (1 - power(beta2, steps)).squareRoot()
        let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
        ThreadPool.shared.run(parameter.count, grain: Kernel.grain) { range in
            let start = range.lowerBound
            kernel_adamw(
                weights + start, m + start, v + start, slope + start, range.count, decay, step, correction, beta1,
                beta2, epsilon)
        }
    }

    public var memory: [[String: Tensor]] {
        moments.flatMap { $0 }.map { pair in pair.map { ["first": $0.first, "second": $0.second] } ?? [:] }
    }

    public func restore(steps: Int, memory: [[String: Tensor]]) throws {
        var restored = try checked(memory, names: ["first", "second"], operation: "adamw")[...]
        moments = groups.map { group in
            group.parameters.map { _ in
                let saved = restored.removeFirst()
                guard let first = saved["first"], let second = saved["second"] else { return nil }
                return (first, second)
            }
        }
        self.steps = steps
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
