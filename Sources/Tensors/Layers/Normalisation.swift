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
    try ThreadPool.shared.runPolling(rows, grain: grain) { range in
        let start = range.lowerBound * columns
        kernel_rms_norm(out + start, scales + range.lowerBound, source + start, w, range.count, columns, epsilon)
    }
    guard Tape.wants(x) || Tape.wants(weight) else { return result }
    let (savedX, savedWeight) = (input.saved(), factors.saved())
    try Tape.record(result, [x, weight]) { gradient in
        let gradient = try gradient.plain()
        let chunks = Swift.max(1, (rows + grain - 1) / grain)
        let (slope, partial) = (try Tensor(uninitialised: savedX.shape), try Tensor.zeros([chunks, columns]))
        let (out, sums, g) = (slope.pointer, partial.pointer, gradient.pointer)
        let (source, w, scales) = (savedX.pointer, savedWeight.pointer, inverse.pointer)
        try ThreadPool.shared.runPolling(rows, grain: grain) { range in
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
    guard let columns = x.shape.last else {
        throw TensorError("layer_norm", "x is a scalar; it needs a dimension to normalise over")
    }
    let rows = x.count / Swift.max(columns, 1)
    let (input, factors, terms) = (try x.plain(), try weight?.plain(), try bias?.plain())
    let result = try Tensor(uninitialised: x.shape)
    let (means, inverses) = (try Tensor(uninitialised: [rows]), try Tensor(uninitialised: [rows]))
    let grain = Kernel.rowGrain(columns)
    try ThreadPool.shared.runPolling(rows, grain: grain) { range in
        let (row, start) = (range.lowerBound, range.lowerBound * columns)
        kernel_layer_norm(
            result.pointer + start, means.pointer + row, inverses.pointer + row, input.pointer + start,
            factors?.pointer, terms?.pointer, range.count, columns, epsilon)
    }
    guard Tape.wants(x) || weight.map(Tape.wants) == true || bias.map(Tape.wants) == true else { return result }
    let (savedX, savedWeight) = (input.saved(), factors?.saved())
    let (hasWeight, hasBias) = (weight != nil, bias != nil)
    try Tape.record(result, [x] + [weight, bias].compactMap { $0 }) { gradient in
        let gradient = try gradient.plain()
        let chunks = Swift.max(1, (rows + grain - 1) / grain)
        let slope = try Tensor(uninitialised: savedX.shape)
        let (weightSums, biasSums) = (try Tensor.zeros([chunks, columns]), try Tensor.zeros([chunks, columns]))
        try ThreadPool.shared.runPolling(rows, grain: grain) { range in
            let (row, start) = (range.lowerBound, range.lowerBound * columns)
            let sums = row / grain * columns
            kernel_layer_norm_backward(
                slope.pointer + start, weightSums.pointer + sums, biasSums.pointer + sums, gradient.pointer + start,
                savedX.pointer + start, savedWeight?.pointer, means.pointer + row, inverses.pointer + row, range.count,
                columns)
        }
        return [slope] + (hasWeight ? [try weightSums.sum([0])] : []) + (hasBias ? [try biasSums.sum([0])] : [])
    }
    return result
}

private func checkNorm(_ operation: String, _ x: Tensor, _ weight: Tensor) throws {
    guard x.rank >= 1, weight.shape == [x.shape[x.rank - 1]] else {
        throw TensorError(
            operation, "x \(Shape.text(x.shape)) needs a weight of shape (\(x.shape.last ?? 1),), not "
                + Shape.text(weight.shape))
    }
}
