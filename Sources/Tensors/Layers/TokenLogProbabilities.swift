import Interruption

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
    try measureTokens(hidden, outputWeight, targets: targets, temperature: temperature, wantsEntropy: false)
        .logProbabilities
}

/// As `tokenLogProbabilities`, with the entropy in nats of every row's distribution, (N), through which no gradient
/// flows.
public func tokenLogProbabilitiesAndEntropy(
    _ hidden: Tensor, _ outputWeight: Tensor, targets: [Int32], temperature: Float = 1
) throws -> (logProbabilities: Tensor, entropy: Tensor) {
    try measureTokens(hidden, outputWeight, targets: targets, temperature: temperature, wantsEntropy: true)
}

private func measureTokens(
    _ hidden: Tensor, _ outputWeight: Tensor, targets: [Int32], temperature: Float, wantsEntropy: Bool
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
    let work = TokenWork(
        rows: targets.count, dim: dim, vocabulary: outputWeight.shape[0], scale: 1 / temperature, targets: targets)
    let (input, matrix) = (try hidden.plain(), try outputWeight.plain())
    let levels = try Tensor(uninitialised: [targets.count])
    let (chosen, entropy) = (try Tensor(uninitialised: [targets.count]), try Tensor(uninitialised: [targets.count]))
    try work.forEachChunk(input, matrix) { range, logits in
        logits.measure(
            targets[range], levels.pointer + range.lowerBound, chosen.pointer + range.lowerBound,
            wantsEntropy ? entropy.pointer + range.lowerBound : nil)
    }
    if Tape.wants(hidden) || Tape.wants(outputWeight) {
        let (savedInput, savedMatrix) = (input.saved(), matrix.saved())
        let (wantsHidden, wantsWeight) = (Tape.wants(hidden), Tape.wants(outputWeight))
        Tape.record(chosen, [hidden, outputWeight]) { gradient in
            try work.gradients(
                savedInput, savedMatrix, levels, gradient.floats(), wantsHidden: wantsHidden, wantsWeight: wantsWeight)
        }
    }
    return (chosen, entropy)
}

/// The product of hidden states and output weights, a run of rows at a time; backward computes the logits again.
private struct TokenWork {
    let rows, dim, vocabulary: Int
    let scale: Float
    let targets: [Int32]

    /// At most 64 MiB of logits at once.
    private var chunk: Int { Swift.max(32, (1 << 24) / vocabulary) }

    func forEachChunk(
        _ hidden: Tensor, _ weight: Tensor, _ body: (Range<Int>, TokenStatistics) throws -> Void
    ) throws {
        guard rows > 0 else { return }
        let scratch = try Storage(count: Swift.min(chunk, rows) * vocabulary)
        for start in stride(from: 0, to: rows, by: chunk) {
            try Interruption.check()
            let range = start..<Swift.min(rows, start + chunk)
            try MatrixProduct.shared(
                range.count, vocabulary, dim, MatrixOperand(hidden.pointer + start * dim, leading: dim),
                MatrixOperand(weight.pointer, leading: dim, isTransposed: true), scratch.pointer, vocabulary)
            try body(
                range, TokenStatistics(logits: scratch.pointer, rows: range.count, columns: vocabulary, scale: scale))
        }
    }

    func gradients(
        _ hidden: Tensor, _ weight: Tensor, _ levels: Tensor, _ factors: [Float], wantsHidden: Bool, wantsWeight: Bool
    ) throws -> [Tensor?] {
        let dHidden = wantsHidden ? try Tensor(uninitialised: hidden.shape) : nil
        let dWeight = wantsWeight ? try Tensor.zeros(weight.shape) : nil
        try forEachChunk(hidden, weight) { range, logits in
            let start = range.lowerBound
            logits.differentiate(targets[range], levels.pointer + start, factors[range])
            if let dHidden {  // (rows, V) (V, D)
                try MatrixProduct.shared(
                    range.count, dim, vocabulary, MatrixOperand(logits.logits, leading: vocabulary),
                    MatrixOperand(weight.pointer, leading: dim), dHidden.pointer + start * dim, dim)
            }
            if let dWeight {  // (V, rows) (rows, D)
                try MatrixProduct.shared(
                    vocabulary, dim, range.count, MatrixOperand(logits.logits, leading: vocabulary, isTransposed: true),
                    MatrixOperand(hidden.pointer + start * dim, leading: dim), dWeight.pointer, dim,
                    beta: start == 0 ? 0 : 1)
            }
        }
        return [dHidden, dWeight]
    }
}
