/// x / sqrt(mean(x^2) + epsilon) * weight, over the last dimension (Zhang and Sennrich 2019).
/// - Parameters:
///   - x: (..., D).
///   - weight: (D).
public func rmsNorm(_ x: Tensor, _ weight: Tensor, epsilon: Float = 1e-5) throws -> Tensor {
    try checkNorm("rms_norm", x, weight)
    let scale = try ((x * x).mean([-1], keepDimensions: true) + epsilon).sqrt()
    return try x / scale * weight
}

/// (x - mean) / sqrt(variance + epsilon) * weight + bias, over the last dimension.
/// - Parameters:
///   - x: (..., D).
///   - weight: (D), or nil for ones.
///   - bias: (D), or nil for zeros.
public func layerNorm(_ x: Tensor, _ weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 1e-5) throws -> Tensor {
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
