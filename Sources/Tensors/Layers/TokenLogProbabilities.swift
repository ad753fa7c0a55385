/// log softmax(hidden W^T / temperature)[target] for every row, without ever holding all the logits.
/// - Parameters:
///   - hidden: (N, D), or (..., D) with N rows in all.
///   - outputWeight: (V, D).
///   - targets: N ids in 0 ..< V.
///   - temperature: > 0.
/// - Returns: (N), each <= 0.
public func tokenLogProbabilities(
    _ hidden: Tensor, _ outputWeight: Tensor, targets: [Int32], temperature: Float = 1
) throws -> Tensor {
    try tokenLogProbabilitiesAndEntropy(hidden, outputWeight, targets: targets, temperature: temperature)
        .logProbabilities
}

/// As `tokenLogProbabilities`, with the entropy in nats of every row's distribution, (N), through which no gradient
/// flows.
public func tokenLogProbabilitiesAndEntropy(
    _ hidden: Tensor, _ outputWeight: Tensor, targets: [Int32], temperature: Float = 1
) throws -> (logProbabilities: Tensor, entropy: Tensor) {
    let dim = hidden.shape.last ?? 1
    guard hidden.rank >= 1, outputWeight.rank == 2, outputWeight.shape[1] == dim,
        targets.count == hidden.count / Swift.max(dim, 1)
    else {
        throw TensorError(
            "token_log_probabilities", "hidden \(Shape.text(hidden.shape)), output weight "
                + "\(Shape.text(outputWeight.shape)), \(targets.count) targets: they must be (N, D), (V, D) and N")
    }
    guard temperature > 0, temperature.isFinite else {
        throw TensorError("token_log_probabilities", "the temperature is \(temperature); it must be above 0")
    }
    try checkIndices(targets, below: outputWeight.shape[0], operation: "token_log_probabilities", what: "target")
    let logits = try linear(hidden.reshape([targets.count, dim]), outputWeight) * (1 / temperature)
    let all = try logits.logSoftmax(-1)
    let index = try Tensor(targets.map(Float.init), shape: [targets.count, 1])
    let entropy = try noGrad { try (all.exp() * all).sum([-1]).negated() }
    return (try all.gather(1, index).squeeze(1), entropy)
}
