import CKernels

/// Momentum made orthogonal by Newton-Schulz iterations (Jordan 2024), for parameters that are matrices. As
/// torch.optim.Muon computes it, but in single precision throughout.
public final class Muon: Optimiser {
    public var groups: [ParameterGroup]
    public let momentum: Float
    public let weightDecay: Float
    public private(set) var steps = 0
    private var moments: [Tensor?]

    private static let coefficients: (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
    private static let iterations = 5

    /// - Throws: `TensorError` for a parameter that is no matrix.
    public init(_ groups: [ParameterGroup], momentum: Float = 0.95, weightDecay: Float = 0.1) throws {
        for parameter in groups.flatMap(\.parameters) where parameter.rank != 2 {
            throw TensorError(
                "muon", "a parameter of shape \(Shape.text(parameter.shape)); it moves matrices only, use adamw for "
                    + "others")
        }
        self.groups = groups
        self.momentum = momentum
        self.weightDecay = weightDecay
        moments = groups.flatMap(\.parameters).map { _ in nil }
    }

    public func step() throws {
        steps += 1
        var number = 0
        for group in groups {
            for parameter in group.parameters {
                defer { number += 1 }
                guard let gradient = try parameter.fittingGradient("muon")?.detached() else { continue }
                try noGrad { try move(parameter, number, gradient, group) }
            }
        }
    }

    private func move(_ parameter: Tensor, _ number: Int, _ gradient: Tensor, _ group: ParameterGroup) throws {
        let before = try moments[number] ?? .zeros(parameter.shape)
        let momentum = group.momentum ?? momentum
        let moment = try before * momentum + gradient * (1 - momentum)
        moments[number] = moment
        // Nesterov: a step of the momentum further.
        let direction = try Self.orthogonal(gradient * (1 - momentum) + moment * momentum)
        let (rows, columns) = (Float(parameter.shape[0]), Float(parameter.shape[1]))
        let rate = group.learningRate * Swift.max(1, rows / Swift.max(columns, 1)).squareRoot()
        let decay = 1 - group.learningRate * (group.weightDecay ?? weightDecay)
        let moved = try parameter.detached() * decay - direction * rate
        _ = try parameter.writableParameter("muon")
        parameter.detached().assignValues(moved)
    }

    /// The nearest orthogonal matrix, roughly: singular values come out between about 0.7 and 1.2.
    private static func orthogonal(_ matrix: Tensor) throws -> Tensor {
        let isTall = matrix.shape[0] > matrix.shape[1]
        var x = isTall ? try matrix.transpose() : matrix
        let norm = try (x * x).sum().item().squareRoot()
        x = try x * (1 / Swift.max(norm, 1e-7))
        let (a, b, c) = coefficients
        for _ in 0..<iterations {
            let gram = try x.matmul(x.transpose())
            let mixed = try gram * b + gram.matmul(gram) * c
            x = try x * a + mixed.matmul(x)
        }
        return isTall ? try x.transpose() : x
    }

    public var memory: [[String: Tensor]] { moments.map { moment in moment.map { ["momentum": $0] } ?? [:] } }

    public func restore(steps: Int, memory: [[String: Tensor]]) throws {
        try checkSteps(steps, operation: "muon")
        moments = try checked(memory, names: ["momentum"], operation: "muon").map { $0["momentum"] }
        self.steps = steps
    }
}
