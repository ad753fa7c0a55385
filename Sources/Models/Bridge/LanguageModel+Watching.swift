import Tensors

/// Who attended to whom: the weights of every Bridge block over whole groups.
extension LanguageModel {
    /// The attention of each Bridge block, softmax of `Q K^T / sqrt(dh)` over the rows that are alive.
    /// - Returns: for each layer with a block, (G, T, H, W, W): what row `i` (the second last dimension) takes from row
    ///   `j`. The weights of a row that is alive sum to 1; those of one that is not are 0.
    /// - Throws: `ModelError` for a model without Bridge, and what `hiddenStates` throws.
    public func bridgeAttentionWeights(_ batch: TokenBatch) throws -> [(layer: Int, weights: Tensor)] {
        guard let configuration = bridge?.configuration, configuration.kind == .bridge else {
            throw ModelError("the model \(quoted(name)) has no Bridge to watch")
        }
        let heads = configuration.heads
        let alive = try Tensor(
            batch.alive.map { $0 ? 1 : 0 }, shape: [batch.groups, batch.width, batch.length]
        ).permute([0, 2, 1])  // (G, T, W)
        let keyAlive = try alive.unsqueeze(2).unsqueeze(3)  // (G, T, 1, 1, W)
        let queryAlive = try alive.unsqueeze(2).unsqueeze(4)  // (G, T, 1, W, 1)
        return try noGrad {
            var result: [(layer: Int, weights: Tensor)] = []
            _ = try hiddenStates(batch, watching: { layer, query, key in
                let scale = 1 / Float(configuration.dim / heads).squareRoot()
                let scores = try query.split(heads).matmul(key.split(heads).transpose()) * scale  // (G, T, H, W, W)
                let masked = try Tensor.select(keyAlive, scores, Tensor.scalar(-1e30))
                // A place where nobody is alive has no weights: its even ones are taken away by the query's mask.
                result.append((layer, try masked.softmax() * queryAlive))
            })
            return result
        }
    }
}

extension Tensor {
    /// (G, W, T, d) as (G, T, H, W, dh).
    fileprivate func split(_ heads: Int) throws -> Tensor {
        try reshape([shape[0], shape[1], shape[2], heads, shape[3] / heads]).permute([0, 2, 3, 1, 4])
    }
}
