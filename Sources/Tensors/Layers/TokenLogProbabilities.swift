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
    let work = try TokenWork(
        "token_log_probabilities", hidden, outputWeight, targets, temperature: temperature)
    let (input, matrix) = (try hidden.plain(), try outputWeight.plain())
    let levels = try Tensor(uninitialised: [targets.count, 2])
    let (chosen, entropy) = (try Tensor(uninitialised: [targets.count]), try Tensor(uninitialised: [targets.count]))
    try work.forEachChunk(input, matrix) { range, logits in
        logits.measure(
            targets[range], levels.pointer + 2 * range.lowerBound, chosen.pointer + range.lowerBound,
            wantsEntropy ? entropy.pointer + range.lowerBound : nil)
    }
    if Tape.wants(hidden) || Tape.wants(outputWeight) {
        let (savedInput, savedMatrix) = (input.saved(), matrix.saved())
        let (wantsHidden, wantsWeight) = (Tape.wants(hidden), Tape.wants(outputWeight))
        try Tape.record(chosen, [hidden, outputWeight]) { gradient in
            try work.gradients(
                savedInput, savedMatrix, levels, gradient.floats(), wantsHidden: wantsHidden, wantsWeight: wantsWeight)
        }
    }
    return (chosen, entropy)
}

/// The cross-entropy of hidden states: the mean of -log softmax(hidden W^T)[target] over the rows that count, without
/// ever holding all the logits. The gradients are taken in the same pass, so that no logits are computed twice.
/// - Parameters:
///   - hidden: (N, D), or (..., D) with N rows in all.
///   - outputWeight: (V, D).
///   - targets: N ids in 0 ..< V.
///   - mask: a weight for every row, or nil for ones; the mean is over the sum of weights.
/// - Returns: a scalar; 0 if the weights sum to 0.
public func crossEntropy(
    hidden: Tensor, outputWeight: Tensor, targets: [Int32], mask: [Float]? = nil
) throws -> Tensor {
    let work = try TokenWork("cross_entropy", hidden, outputWeight, targets, temperature: 1)
    if let mask, mask.count != targets.count {
        throw TensorError("cross_entropy", "\(mask.count) mask weights for \(targets.count) targets")
    }
    let total = mask.map { $0.reduce(0.0) { $0 + Double($1) } } ?? Double(targets.count)
    let factors = targets.indices.map { total == 0 ? 0 : Float(-Double(mask?[$0] ?? 1) / total) }
    let (sum, gradients) = try work.weightedSum(
        hidden.plain(), outputWeight.plain(), factors, wantsHidden: Tape.wants(hidden),
        wantsWeight: Tape.wants(outputWeight))
    let result = try Tensor.scalar(Float(sum))
    guard Tape.wants(hidden) || Tape.wants(outputWeight) else { return result }
    try Tape.record(result, [hidden, outputWeight]) { gradient in
        let factor = gradient.pointer[0]
        return factor == 1 ? gradients : try gradients.map { try $0?.affine(scale: factor, shift: 0) }
    }
    return result
}

/// The product of hidden states and output weights, a run of rows at a time.
private struct TokenWork {
    let rows, dim, vocabulary: Int
    let scale: Float
    let targets: [Int32]

    init(
        _ operation: String, _ hidden: Tensor, _ weight: Tensor, _ targets: [Int32], temperature: Float
    ) throws {
        dim = hidden.shape.last ?? 1
        guard hidden.rank >= 1, weight.rank == 2, weight.shape[1] == dim,
            targets.count == hidden.count / Swift.max(dim, 1)
        else {
            throw TensorError(
                operation, "hidden \(Shape.text(hidden.shape)), output weight \(Shape.text(weight.shape)), "
                    + "\(targets.count) targets: they must be (N, D), (V, D) and N")
        }
        guard temperature > 0, temperature.isFinite else {
            throw TensorError(operation, "the temperature is \(temperature); it must be above 0")
        }
        try checkIndices(targets, below: weight.shape[0], operation: operation, what: "target")
        (rows, vocabulary, scale, self.targets) = (targets.count, weight.shape[0], 1 / temperature, targets)
    }

    /// About 64 MiB of logits at once, in equal parts.
    private var chunk: Int {
        let most = Swift.max(32, (1 << 24) / vocabulary)
        let parts = Swift.max(1, (rows + most - 1) / most)
        return Swift.max(1, (rows + parts - 1) / parts)
    }

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
        let dWeight = wantsWeight ? try room(weight) : nil
        try forEachChunk(hidden, weight) { range, logits in
            let start = range.lowerBound
            logits.differentiate(targets[range], levels.pointer + 2 * start, factors[range])
            try multiply(range, logits.logits, hidden, weight, dHidden, dWeight)
        }
        return [dHidden, dWeight]
    }

    /// Room for the weight's gradient, which the first chunk of rows fills.
    private func room(_ weight: Tensor) throws -> Tensor {
        rows == 0 ? try .zeros(weight.shape) : try Tensor(uninitialised: weight.shape)
    }

    /// The loss's gradients by the hidden states and the weight, from those by a run of logits.
    private func multiply(
        _ range: Range<Int>, _ slopes: UnsafeMutablePointer<Float>, _ hidden: Tensor, _ weight: Tensor,
        _ dHidden: Tensor?, _ dWeight: Tensor?
    ) throws {
        let start = range.lowerBound
        if let dHidden {  // (rows, V) (V, D)
            try MatrixProduct.shared(
                range.count, dim, vocabulary, MatrixOperand(slopes, leading: vocabulary),
                MatrixOperand(weight.pointer, leading: dim), dHidden.pointer + start * dim, dim)
        }
        if let dWeight {  // (V, rows) (rows, D)
            try MatrixProduct.shared(
                vocabulary, dim, range.count, MatrixOperand(slopes, leading: vocabulary, isTransposed: true),
                MatrixOperand(hidden.pointer + start * dim, leading: dim), dWeight.pointer, dim,
                beta: start == 0 ? 0 : 1)
        }
    }

    /// The weighted sum of the targets' log-probabilities, and its gradients while the logits are at hand.
    func weightedSum(
        _ hidden: Tensor, _ weight: Tensor, _ factors: [Float], wantsHidden: Bool, wantsWeight: Bool
    ) throws -> (sum: Double, gradients: [Tensor?]) {
        let dHidden = wantsHidden ? try Tensor(uninitialised: hidden.shape) : nil
        let dWeight = wantsWeight ? try room(weight) : nil
        let (levels, chosen) = (try Tensor(uninitialised: [rows, 2]), try Tensor(uninitialised: [rows]))
        var sum = 0.0
        try forEachChunk(hidden, weight) { range, logits in
            let start = range.lowerBound
            logits.measure(targets[range], levels.pointer + 2 * start, chosen.pointer + start, nil)
            for row in range where factors[row] != 0 { sum += Double(factors[row]) * Double(chosen.pointer[row]) }
            guard wantsHidden || wantsWeight else { return }
            logits.differentiate(targets[range], levels.pointer + 2 * start, factors[range])
            try multiply(range, logits.logits, hidden, weight, dHidden, dWeight)
        }
        return (sum, [dHidden, dWeight])
    }
}
