import CKernels

/// (silu(x Wg^T) * (x Wu^T)) Wd^T: the feedforward of Llama (Shazeer 2020) as one operation. The product of the two
/// branches, the largest activation of a layer, is not kept for the way back but computed again.
/// - Parameters:
///   - x: (..., D).
///   - gate, up: (F, D).
///   - down: (D', F).
/// - Returns: (..., D').
public func gatedFeedforward(_ x: Tensor, gate: Tensor, up: Tensor, down: Tensor) throws -> Tensor {
    guard x.rank >= 1, gate.rank == 2, down.rank == 2, gate.shape == up.shape, x.shape[x.rank - 1] == gate.shape[1],
        down.shape[1] == gate.shape[0]
    else {
        throw TensorError(
            "feedforward", "x \(Shape.text(x.shape)), gate \(Shape.text(gate.shape)), up \(Shape.text(up.shape)), down "
                + "\(Shape.text(down.shape)): they must be (..., D), (F, D), (F, D) and (D', F)")
    }
    let input = try x.plain(), rows = x.shape.dropLast().reduce(1, *)
    let matrices = try [gate, up, down].map { try $0.plain() }
    let work = FeedforwardWork(rows: rows)
    let (g, u) = (try work.forward(input, matrices[0]), try work.forward(input, matrices[1]))
    let result = try work.forward(work.activated(g, u), matrices[2])
    let shaped = Tensor(
        storage: result.storage, shape: x.shape.dropLast() + [down.shape[0]],
        strides: Shape.contiguousStrides(x.shape.dropLast() + [down.shape[0]]), offset: 0)
    let operands = [x, gate, up, down]
    guard operands.contains(where: Tape.wants) else { return shaped }
    let wants = operands.map(Tape.wants), xShape = x.shape
    let (savedX, saved) = (input.saved(), matrices.map { $0.saved() })
    let (savedGate, savedUp) = (g.saved(), u.saved())
    try Tape.record(shaped, operands) { gradient in
        let slope = try gradient.plain()
        let dDown = wants[3] ? try work.weightGradient(slope, work.activated(savedGate, savedUp), saved[2].shape) : nil
        guard wants[0] || wants[1] || wants[2] else { return [nil, nil, nil, dDown] }
        let dHidden = try work.back(slope, saved[2])
        let (dGate, dUp) = try work.activationGradients(dHidden, savedGate, savedUp)
        var dX: Tensor?
        if wants[0] {
            let part = try work.back(dGate, saved[0])
            try work.back(dUp, saved[1], addingTo: part)
            dX = try part.reshape(xShape)
        }
        return [
            dX, wants[1] ? try work.weightGradient(dGate, savedX, saved[0].shape) : nil,
            wants[2] ? try work.weightGradient(dUp, savedX, saved[1].shape) : nil, dDown,
        ]
    }
    return shaped
}

/// Products of contiguous operands of `rows` rows with weights (out, in).
private struct FeedforwardWork {
    let rows: Int

    /// x W^T.
    func forward(_ x: Tensor, _ weight: Tensor) throws -> Tensor {
        let (outer, inner) = (weight.shape[0], weight.shape[1])
        let result = try Tensor(uninitialised: [rows, outer], operation: "feedforward")
        try MatrixProduct.shared(
            rows, outer, inner, MatrixOperand(x.pointer, leading: inner),
            MatrixOperand(weight.pointer, leading: inner, isTransposed: true), result.pointer, outer)
        return result
    }

    /// g W.
    func back(_ g: Tensor, _ weight: Tensor) throws -> Tensor {
        let result = try Tensor(uninitialised: [rows, weight.shape[1]])
        try back(g, weight, addingTo: result, beta: 0)
        return result
    }

    func back(_ g: Tensor, _ weight: Tensor, addingTo result: Tensor, beta: Float = 1) throws {
        let (outer, inner) = (weight.shape[0], weight.shape[1])
        try MatrixProduct.shared(
            rows, inner, outer, MatrixOperand(g.pointer, leading: outer), MatrixOperand(weight.pointer, leading: inner),
            result.pointer, inner, beta: beta)
    }

    /// g^T x.
    func weightGradient(_ g: Tensor, _ x: Tensor, _ shape: [Int]) throws -> Tensor {
        let result = try Tensor(uninitialised: shape)
        try MatrixProduct.shared(
            shape[0], shape[1], rows, MatrixOperand(g.pointer, leading: shape[0], isTransposed: true),
            MatrixOperand(x.pointer, leading: shape[1]), result.pointer, shape[1])
        return result
    }

    /// silu(gate) * up.
    func activated(_ gate: Tensor, _ up: Tensor) throws -> Tensor {
        let result = try Tensor(uninitialised: gate.shape)
        ThreadPool.shared.run(gate.count, grain: Kernel.grain) { range in
            let i = range.lowerBound
            kernel_swiglu(result.pointer + i, gate.pointer + i, up.pointer + i, range.count)
        }
        return result
    }

    func activationGradients(_ g: Tensor, _ gate: Tensor, _ up: Tensor) throws -> (Tensor, Tensor) {
        let (dGate, dUp) = (try Tensor(uninitialised: gate.shape), try Tensor(uninitialised: gate.shape))
        ThreadPool.shared.run(gate.count, grain: Kernel.grain) { range in
            let i = range.lowerBound
            kernel_swiglu_backward(
                dGate.pointer + i, dUp.pointer + i, g.pointer + i, gate.pointer + i, up.pointer + i, range.count)
        }
        return (dGate, dUp)
    }
}
