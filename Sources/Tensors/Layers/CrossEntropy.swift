import CKernels

/// The mean of -log softmax(logits)[target] over the rows that count.
/// - Parameters:
///   - logits: (N, V), or (..., V) with N rows in all.
///   - targets: N ids in 0 ..< V.
///   - mask: a weight for every row, or nil for ones; the mean is over the sum of weights.
/// - Returns: a scalar; 0 if the weights sum to 0.
public func crossEntropy(_ logits: Tensor, _ targets: [Int32], mask: [Float]? = nil) throws -> Tensor {
    guard logits.rank >= 1, let columns = logits.shape.last, targets.count == logits.count / Swift.max(columns, 1)
    else {
        throw TensorError("cross_entropy", "\(targets.count) targets for logits of shape \(Shape.text(logits.shape))")
    }
    if let mask, mask.count != targets.count {
        throw TensorError("cross_entropy", "\(mask.count) mask weights for \(targets.count) targets")
    }
    try checkIndices(targets, below: columns, operation: "cross_entropy", what: "target")
    let rows = targets.count
    let source = try logits.plain()
    let (levels, chosen) = (try Tensor(uninitialised: [rows, 2]), try Tensor(uninitialised: [rows]))
    TokenStatistics(logits: source.pointer, rows: rows, columns: columns, scale: 1)
        .measure(targets[...], levels.pointer, chosen.pointer, nil)
    var total = 0.0, sum = 0.0
    for row in 0..<rows {
        let weight = Double(mask?[row] ?? 1)
        total += weight
        if weight != 0 { sum -= weight * Double(chosen.pointer[row]) }
    }
    let result = try Tensor.scalar(total == 0 ? 0 : Float(sum / total))
    guard Tape.wants(logits) else { return result }
    let saved = source.saved()
    try Tape.record(result, [logits]) { gradient in
        let slope = try saved.copiedValues()
        let factor = total == 0 ? 0 : -gradient.pointer[0] / Float(total)
        let weights = (0..<rows).map { factor * (mask?[$0] ?? 1) }
        TokenStatistics(logits: slope.pointer, rows: rows, columns: columns, scale: 1)
            .differentiate(targets[...], levels.pointer, weights[...])
        return [slope]
    }
    return result
}

/// Rows of logits, and what the log-probability of a target needs of them.
struct TokenStatistics {
    let logits: UnsafeMutablePointer<Float>
    let rows: Int
    let columns: Int
    let scale: Float

    private var grain: Int { Kernel.rowGrain(columns, elements: 1 << 13) }

    /// - Parameter levels: (rows, 2), for `differentiate`.
    func measure(
        _ targets: ArraySlice<Int32>, _ levels: UnsafeMutablePointer<Float>, _ chosen: UnsafeMutablePointer<Float>,
        _ entropy: UnsafeMutablePointer<Float>?
    ) {
        targets.withUnsafeBufferPointer { targets in
            guard let ids = targets.baseAddress else { return }
            ThreadPool.shared.run(rows, grain: grain) { range in
                let row = range.lowerBound
                kernel_token_statistics(
                    logits + row * columns, range.count, columns, ids + row, scale, levels + 2 * row, chosen + row,
                    entropy.map { $0 + row })
            }
        }
    }

    /// Logits become the gradient of the weighted sum of log-probabilities.
    func differentiate(
        _ targets: ArraySlice<Int32>, _ levels: UnsafeMutablePointer<Float>, _ weights: ArraySlice<Float>
    ) {
        targets.withUnsafeBufferPointer { targets in
            weights.withUnsafeBufferPointer { weights in
                guard let ids = targets.baseAddress, let factors = weights.baseAddress else { return }
                ThreadPool.shared.run(rows, grain: grain) { range in
                    let row = range.lowerBound
                    kernel_token_gradient(
                        logits + row * columns, range.count, columns, ids + row, scale, levels + 2 * row, factors + row)
                }
            }
        }
    }
}
