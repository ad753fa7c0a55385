/// The mean of -log softmax(logits)[target] over the rows that count.
/// - Parameters:
///   - logits: (N, V), or (..., V) with N rows in all.
///   - targets: N ids in 0 ..< V.
///   - mask: a weight for every row, or nil for ones; the mean is over the sum of weights.
/// - Returns: a scalar; 0 if the weights sum to 0.
public func crossEntropy(_ logits: Tensor, _ targets: [Int32], mask: [Float]? = nil) throws -> Tensor {
    guard logits.rank >= 1, let vocabulary = logits.shape.last, targets.count == logits.count / Swift.max(vocabulary, 1)
    else {
        throw TensorError("cross_entropy", "\(targets.count) targets for logits of shape \(Shape.text(logits.shape))")
    }
    if let mask, mask.count != targets.count {
        throw TensorError("cross_entropy", "\(mask.count) mask weights for \(targets.count) targets")
    }
    try checkIndices(targets, below: vocabulary, operation: "cross_entropy", what: "target")
    let index = try Tensor(targets.map(Float.init), shape: [targets.count, 1])
    let chosen = try logits.reshape([targets.count, vocabulary]).logSoftmax(-1).gather(1, index).squeeze(1)
    guard let mask else { return try chosen.mean().negated() }
    let total = mask.reduce(0, +)
    guard total != 0 else { return try chosen.sum() * 0 }
    return try (chosen * Tensor(mask, shape: [mask.count])).sum() * (-1 / total)
}
