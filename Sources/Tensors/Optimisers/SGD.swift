import CKernels

/// Gradient descent with momentum, as torch.optim.SGD computes it.
public final class SGD: Optimiser {
    public var groups: [ParameterGroup]
    public let momentum: Float
    public let weightDecay: Float
    /// Whether a step goes along the gradient and the momentum that it leaves (Sutskever et al. 2013).
    public let isNesterov: Bool
    /// Steps taken.
    public private(set) var steps = 0
    private var velocities: [[Tensor?]]

    public init(_ groups: [ParameterGroup], momentum: Float = 0, weightDecay: Float = 0, isNesterov: Bool = false) {
        self.isNesterov = isNesterov
        self.groups = groups
        self.momentum = momentum
        self.weightDecay = weightDecay
        velocities = groups.map { $0.parameters.map { _ in nil } }
    }

    public convenience init(
        _ parameters: [Tensor], learningRate: Float, momentum: Float = 0, weightDecay: Float = 0
    ) {
        self.init(
            [ParameterGroup(parameters, learningRate: learningRate)], momentum: momentum, weightDecay: weightDecay)
    }

    /// Moves every parameter that has a gradient.
    public func step() throws {
        steps += 1
        for (groupIndex, group) in groups.enumerated() {
            for (index, parameter) in group.parameters.enumerated() {
                guard let gradient = try parameter.fittingGradient("sgd") else { continue }
                let momentum = group.momentum ?? momentum
                if momentum != 0, velocities[groupIndex][index] == nil {
                    velocities[groupIndex][index] = try .zeros(parameter.shape)
                }
                let slope = try gradient.plain()
                let weights = try parameter.writableParameter("sgd")
                let (velocity, g, factor) = (velocities[groupIndex][index]?.pointer, slope.pointer, momentum)
                let decay = group.weightDecay ?? weightDecay
                ThreadPool.shared.run(parameter.count, grain: Kernel.grain) { range in
                    let start = range.lowerBound
                    kernel_sgd(
                        weights + start, velocity.map { $0 + start }, g + start, range.count, group.learningRate,
                        factor, decay, isNesterov ? 1 : 0)
                }
            }
        }
    }

    public var memory: [[String: Tensor]] {
        velocities.flatMap { $0 }.map { velocity in velocity.map { ["velocity": $0] } ?? [:] }
    }

    public func restore(steps: Int, memory: [[String: Tensor]]) throws {
        try checkSteps(steps, operation: "sgd")
        var restored = try checked(memory, names: ["velocity"], operation: "sgd")[...]
        velocities = groups.map { $0.parameters.map { _ in restored.removeFirst()["velocity"] } }
        self.steps = steps
    }
}
