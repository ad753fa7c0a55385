import Tensors

/// The training path: whole texts at once, recorded for gradients. `DecodeForward` computes the same a token at a time.
extension LanguageModel {
    /// The hidden states after the final norm.
    /// - Returns: (G, W, T, dim). At places where a row is not alive they mean nothing.
    /// - Throws: `ModelError` if the texts are longer than the context or hold tokens that the model does not know.
    public func hiddenStates(_ batch: TokenBatch) throws -> Tensor { try hiddenStates(batch, watching: nil) }

    /// What `watching` gets of each Bridge block: the layer, and its queries and keys, (G, W, T, d) each.
    typealias BridgeWatcher = (_ layer: Int, _ query: Tensor, _ key: Tensor) throws -> Void

    func hiddenStates(_ batch: TokenBatch, watching watch: BridgeWatcher?) throws -> Tensor {
        let c = configuration
        guard batch.length <= c.contextLength else {
            throw ModelError(
                "a text of \(batch.length) tokens is longer than the model's context of \(c.contextLength)")
        }
        let rows = batch.groups * batch.width
        let weights = try weights
        let rotary = try RotaryPositions(c, length: batch.length)
        var x = try embedding(weights.embedding, batch.tokens, shape: [rows, batch.length])  // (B, T, D), B = G W
        for (index, layer) in weights.layers.enumerated() {
            x = try x + attentionBlock(rmsNorm(x, layer.inputNorm, epsilon: c.normEpsilon), layer, rotary)
            x = try x + feedforward(rmsNorm(x, layer.postNorm, epsilon: c.normEpsilon), layer)
            guard let block = bridge?.blocks[index] else { continue }
            x = try x + newBlock(x, block, batch) { try watch?(index, $0, $1) }
        }
        return try rmsNorm(x, weights.finalNorm, epsilon: c.normEpsilon)
            .reshape([batch.groups, batch.width, batch.length, c.dim])
    }

    /// Scores of every token of the vocabulary.
    /// - Parameter hidden: (..., dim), from `hiddenStates`.
    /// - Returns: (..., vocabularySize).
    public func logits(_ hidden: Tensor) throws -> Tensor { try linear(hidden, weights.outputWeight) }

    /// The log-probability of every target of the batch: for whole groups as they were sampled, what the sampler
    /// recorded at the same temperature without top-k, top-p or min-p.
    /// - Returns: (N), in the order of `batch.targets`.
    public func tokenLogProbabilities(_ batch: TokenBatch, temperature: Float = 1) throws -> Tensor {
        try Tensors.tokenLogProbabilities(
            targetStates(batch), weights.outputWeight, targets: batch.targets, temperature: temperature)
    }

    /// As `tokenLogProbabilities`, with the entropy in nats of each distribution, (N), which carries no gradient.
    public func tokenLogProbabilitiesAndEntropy(
        _ batch: TokenBatch, temperature: Float = 1
    ) throws -> (logProbabilities: Tensor, entropy: Tensor) {
        try Tensors.tokenLogProbabilitiesAndEntropy(
            targetStates(batch), weights.outputWeight, targets: batch.targets, temperature: temperature)
    }

    /// The mean over the targets of -log of their probabilities: a scalar, for learning. As
    /// `tokenLogProbabilities(batch).mean().negated()`, but no logits are computed twice.
    public func crossEntropy(_ batch: TokenBatch) throws -> Tensor {
        try Tensors.crossEntropy(
            hidden: targetStates(batch), outputWeight: weights.outputWeight, targets: batch.targets)
    }

    /// The hidden states that predict the targets, (N, dim).
    private func targetStates(_ batch: TokenBatch) throws -> Tensor {
        let hidden = try hiddenStates(batch)
        return try embedding(hidden.reshape([batch.tokens.count, configuration.dim]), batch.targetPlaces)
    }

    /// - Parameter x: (B, T, D).
    private func attentionBlock(_ x: Tensor, _ layer: TransformerLayer, _ rotary: RotaryPositions) throws -> Tensor {
        let c = configuration, rows = x.shape[0], length = x.shape[1]
        func heads(_ weight: Tensor, _ bias: Tensor?, _ count: Int) throws -> Tensor {
            try linear(x, weight, bias: bias).reshape([rows, length, count, c.headDim])
        }
        func normed(_ x: Tensor, _ weight: Tensor?) throws -> Tensor {
            try weight.map { try rmsNorm(x, $0, epsilon: c.normEpsilon) } ?? x
        }
        let query = try rotary.apply(  // (B, T, H, dh)
            normed(heads(layer.query, layer.queryBias, c.heads), layer.queryNorm))
        let key = try rotary.apply(  // (B, T, Hkv, dh)
            normed(heads(layer.key, layer.keyBias, c.keyValueHeads), layer.keyNorm))
        let value = try heads(layer.value, layer.valueBias, c.keyValueHeads)
        let attended = try attention(query, key, value, causal: true)
        return try linear(attended.reshape([rows, length, c.queryDim]), layer.output)
    }

    private func feedforward(_ x: Tensor, _ layer: TransformerLayer) throws -> Tensor {
        try gatedFeedforward(x, gate: layer.gate, up: layer.up, down: layer.down)
    }

    /// What a Bridge or P-Match block adds to the residual stream.
    /// - Parameters:
    ///   - x: (B, T, D).
    ///   - watch: told a Bridge's queries and keys.
    private func newBlock(
        _ x: Tensor, _ block: BridgeBlock, _ batch: TokenBatch, _ watch: (Tensor, Tensor) throws -> Void
    ) throws -> Tensor {
        let epsilon = configuration.normEpsilon
        switch block {
        case .bridge(let norm, let query, let key, let value, let output):
            let normed = try rmsNorm(x, norm, epsilon: epsilon)
            let inner = query.shape[0]
            func rows(_ weight: Tensor) throws -> Tensor {  // (G, W, T, d)
                try linear(normed, weight).reshape([batch.groups, batch.width, batch.length, inner])
            }
            let (queries, keys) = (try rows(query), try rows(key))
            try watch(queries, keys)
            let mixed = try bridgeAttention(
                queries, keys, rows(value), heads: bridge?.configuration.heads ?? 1, alive: batch.alive)
            return try linear(mixed.reshape([x.shape[0], x.shape[1], inner]), output)
        case .pmatch(let norm, let up, let down):
            return try linear(linear(rmsNorm(x, norm, epsilon: epsilon), up).silu(), down)
        }
    }
}

/// The rotation of queries and keys by their positions, half-split convention.
private struct RotaryPositions {
    let plain: RotaryTable
    /// (1, T, 1, headDim / 2) each; only where the frequencies are not the plain ones.
    var scaled: (cosines: Tensor, sines: Tensor)?

    init(_ configuration: TransformerConfiguration, length: Int) throws {
        plain = try RotaryTable(
            positions: Array(0..<length), headDim: configuration.headDim, theta: Float(configuration.ropeTheta))
        guard configuration.ropeScaling != nil else { return }
        let tables = configuration.rotaryTables(length: length)
        let shape = [1, length, 1, configuration.headDim / 2]
        scaled = (try Tensor(tables.cosines, shape: shape), try Tensor(tables.sines, shape: shape))
    }

    /// - Parameter x: (B, T, H, dh).
    func apply(_ x: Tensor) throws -> Tensor {
        guard let (cosines, sines) = scaled else { return try rope(x, table: plain) }
        let half = x.shape[3] / 2
        let first = try x.slice(3, nil, half), second = try x.slice(3, half, nil)
        return try Tensor.cat([first * cosines - second * sines, second * cosines + first * sines], 3)
    }
}
