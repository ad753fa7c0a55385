import CKernels

/// x / sqrt(mean(x^2) + epsilon) * weight, over the last dimension (Zhang and Sennrich 2019).
/// - Parameters:
///   - x: (..., D).
///   - weight: (D).
public func rmsNorm(_ x: Tensor, _ weight: Tensor, epsilon: Float = 1e-5) throws -> Tensor {
    try checkNorm("rms_norm", x, weight)
    let columns = weight.count
    let rows = x.count / Swift.max(columns, 1)
    let (input, factors) = (try x.plain(), try weight.plain())
    let (result, inverse) = (try Tensor(uninitialised: x.shape), try Tensor(uninitialised: [rows]))
    let (out, scales, source, w) = (result.pointer, inverse.pointer, input.pointer, factors.pointer)
    let grain = Kernel.rowGrain(columns)
    ThreadPool.shared.run(rows, grain: grain) { range in
        let start = range.lowerBound * columns
        kernel_rms_norm(out + start, scales + range.lowerBound, source + start, w, range.count, columns, epsilon)
    }
    guard Tape.wants(x) || Tape.wants(weight) else { return result }
    let (savedX, savedWeight) = (input.saved(), factors.saved())
    Tape.record(result, [x, weight]) { gradient in
        let gradient = try gradient.plain()
        let chunks = Swift.max(1, (rows + grain - 1) / grain)
        let (slope, partial) = (try Tensor(uninitialised: savedX.shape), try Tensor.zeros([chunks, columns]))
        let (out, sums, g) = (slope.pointer, partial.pointer, gradient.pointer)
        let (source, w, scales) = (savedX.pointer, savedWeight.pointer, inverse.pointer)
        ThreadPool.shared.run(rows, grain: grain) { range in
            let start = range.lowerBound * columns
            kernel_rms_norm_backward(
                out + start, sums + range.lowerBound / grain * columns, g + start, source + start, w,
                scales + range.lowerBound, range.count, columns)
        }
        return [slope, try partial.sum([0])]
    }
    return result
}

/// (x - mean) / sqrt(variance + epsilon) * weight + bias, over the last dimension.
/// - Parameters:
///   - x: (..., D).
///   - weight: (D), or nil for ones.
///   - bias: (D), or nil for zeros.
public func layerNorm(
    _ x: Tensor, _ weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 1e-5
) throws -> Tensor {
    if let weight { try checkNorm("layer_norm", x, weight) }
    if let bias { try checkNorm("layer_norm", x, bias) }
    let centred = try x - x.mean([-1], keepDimensions: true)
    let scale = try ((centred * centred).mean([-1], keepDimensions: true) + epsilon).sqrt()
    var result = try centred / scale
    if let weight { result = try result * weight }
    if let bias { result = try result + bias }
    return result
}

private func checkNorm(_ operation: String, _ x: Tensor, _ weight: Tensor) throws {
    guard x.rank >= 1, weight.shape == [x.shape[x.rank - 1]] else {
        throw TensorError(
            operation, "x \(Shape.text(x.shape)) needs a weight of shape (\(x.shape.last ?? 1),), not "
                + Shape.text(weight.shape))
    }
}
