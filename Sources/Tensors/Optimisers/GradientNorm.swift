import CKernels

/// Scales the gradients of all parameters so that their common Euclidean norm is at most `maximum`.
/// - Returns: the norm before. If it is infinite or NaN, the gradients stay as they are, so that the caller can see
///   which are at fault and skip the step.
@discardableResult
public func clipGradientNorm(_ parameters: [Tensor], maximum: Float) throws -> Float {
    guard maximum > 0 else { throw TensorError("clip_grad_norm", "a maximum of \(maximum); it must be above 0") }
    var total = 0.0
    for parameter in parameters {
        guard let gradient = try parameter.fittingGradient("clip_grad_norm")?.plain() else { continue }
        total += try sumOfSquares(gradient)
    }
    let norm = Float(total.squareRoot())
    guard norm.isFinite, norm > maximum else { return norm }
    let factor = maximum / (norm + 1e-6)
    for parameter in parameters {
        guard let gradient = parameter.gradient else { continue }
        parameter.gradient = try gradient.detached().affine(scale: factor, shift: 0)
    }
    return norm
}

private func sumOfSquares(_ tensor: Tensor) throws -> Double {
    let chunks = (tensor.count + Kernel.grain - 1) / Kernel.grain
    var partial = [Double](repeating: 0, count: chunks)
    let source = tensor.pointer
    partial.withUnsafeMutableBufferPointer { partial in
        guard let sums = partial.baseAddress else { return }
        ThreadPool.shared.run(tensor.count, grain: Kernel.grain) { range in
            sums[range.lowerBound / Kernel.grain] = kernel_sum_of_squares(source + range.lowerBound, range.count)
        }
    }
    return partial.reduce(0, +)
}
