import Randomness
import Tensors

/// The weights of one layer, in the layout (outputs, inputs) of PyTorch and the Hugging Face checkpoints.
public struct TransformerLayer {
    /// RMSNorm before the attention, (dim).
    public var inputNorm: Tensor
    public var query: Tensor
    public var key: Tensor
    public var value: Tensor
    public var queryBias: Tensor?
    public var keyBias: Tensor?
    public var valueBias: Tensor?
    /// RMSNorms of each query and each key head, (headDim) (Qwen3).
    public var queryNorm: Tensor?
    public var keyNorm: Tensor?
    /// Back from the attention, (dim, queryDim).
    public var output: Tensor
    /// RMSNorm before the feedforward, (dim).
    public var postNorm: Tensor
    public var gate: Tensor
    public var up: Tensor
    public var down: Tensor
}

/// All weights of a transformer.
public struct TransformerWeights {
    /// (vocabularySize, dim).
    public var embedding: Tensor
    public var layers: [TransformerLayer]
    public var finalNorm: Tensor
    /// (vocabularySize, dim), or nil where the embedding serves as output weight too.
    public var output: Tensor?

    /// Takes every weight from `tensor`, which is asked for each by its Hugging Face name (such as
    /// `model.layers.0.self_attn.q_proj.weight`) and shape.
    /// - Throws: `ModelError` if a tensor of another shape comes back, and what `tensor` throws.
    public init(
        _ configuration: TransformerConfiguration, tensor: (_ name: String, _ shape: [Int]) throws -> Tensor
    ) throws {
        try configuration.validate()
        func get(_ name: String, _ shape: Int...) throws -> Tensor {
            let result = try tensor(name, shape)
            guard result.shape == shape else {
                throw ModelError("the weight \(name) \(ModelError.misfit(result.shape, needed: shape))")
            }
            return result
        }
        let c = configuration
        embedding = try get("model.embed_tokens.weight", c.vocabularySize, c.dim)
        layers = try (0..<c.layers).map { index in
            let attention = "model.layers.\(index).self_attn.", mlp = "model.layers.\(index).mlp."
            return TransformerLayer(
                inputNorm: try get("model.layers.\(index).input_layernorm.weight", c.dim),
                query: try get(attention + "q_proj.weight", c.queryDim, c.dim),
                key: try get(attention + "k_proj.weight", c.keyValueDim, c.dim),
                value: try get(attention + "v_proj.weight", c.keyValueDim, c.dim),
                queryBias: c.attentionBias ? try get(attention + "q_proj.bias", c.queryDim) : nil,
                keyBias: c.attentionBias ? try get(attention + "k_proj.bias", c.keyValueDim) : nil,
                valueBias: c.attentionBias ? try get(attention + "v_proj.bias", c.keyValueDim) : nil,
                queryNorm: c.queryKeyNorm ? try get(attention + "q_norm.weight", c.headDim) : nil,
                keyNorm: c.queryKeyNorm ? try get(attention + "k_norm.weight", c.headDim) : nil,
                output: try get(attention + "o_proj.weight", c.dim, c.queryDim),
                postNorm: try get("model.layers.\(index).post_attention_layernorm.weight", c.dim),
                gate: try get(mlp + "gate_proj.weight", c.hiddenDim, c.dim),
                up: try get(mlp + "up_proj.weight", c.hiddenDim, c.dim),
                down: try get(mlp + "down_proj.weight", c.dim, c.hiddenDim))
        }
        finalNorm = try get("model.norm.weight", c.dim)
        output = c.tiedEmbeddings ? nil : try get("lm_head.weight", c.vocabularySize, c.dim)
    }

    /// Random weights: normal with a standard deviation of 1 / sqrt(inputs), that of the projections back into the
    /// residual stream divided by sqrt(2 layers) as in GPT-2, that of the embedding 0.02; norms 1 and biases 0.
    public init(random configuration: TransformerConfiguration, stream: inout RandomStream) throws {
        var random = stream
        try self.init(configuration) { name, shape in
            if name.hasSuffix("norm.weight") { return try Tensor.ones(shape) }
            if name.hasSuffix("bias") { return try Tensor.zeros(shape) }
            var deviation = 1 / Float(shape[1]).squareRoot()
            if name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight") {
                deviation /= Float(2 * configuration.layers).squareRoot()
            } else if name.hasSuffix("embed_tokens.weight") {
                deviation = 0.02
            }
            return try scaledNormal(shape, deviation: deviation, stream: &random)
        }
        stream = random
    }

    /// All weights by their Hugging Face names, in a fixed order.
    public var namedParameters: [(name: String, tensor: Tensor)] {
        var result = [("model.embed_tokens.weight", embedding)]
        for (index, layer) in layers.enumerated() {
            let attention = "model.layers.\(index).self_attn.", mlp = "model.layers.\(index).mlp."
            result.append(("model.layers.\(index).input_layernorm.weight", layer.inputNorm))
            result.append((attention + "q_proj.weight", layer.query))
            result.append((attention + "k_proj.weight", layer.key))
            result.append((attention + "v_proj.weight", layer.value))
            if let bias = layer.queryBias { result.append((attention + "q_proj.bias", bias)) }
            if let bias = layer.keyBias { result.append((attention + "k_proj.bias", bias)) }
            if let bias = layer.valueBias { result.append((attention + "v_proj.bias", bias)) }
            if let norm = layer.queryNorm { result.append((attention + "q_norm.weight", norm)) }
            if let norm = layer.keyNorm { result.append((attention + "k_norm.weight", norm)) }
            result.append((attention + "o_proj.weight", layer.output))
            result.append(("model.layers.\(index).post_attention_layernorm.weight", layer.postNorm))
            result.append((mlp + "gate_proj.weight", layer.gate))
            result.append((mlp + "up_proj.weight", layer.up))
            result.append((mlp + "down_proj.weight", layer.down))
        }
        result.append(("model.norm.weight", finalNorm))
        if let output { result.append(("lm_head.weight", output)) }
        return result
    }

    /// The weight that turns hidden states into logits, (vocabularySize, dim).
    public var outputWeight: Tensor { output ?? embedding }
}

/// Normal values around 0.
func scaledNormal(_ shape: [Int], deviation: Float, stream: inout RandomStream) throws -> Tensor {
    let result = try Tensor.randn(shape, stream: &stream)
    try result.withMutableFloats { values in
        for index in values.indices { values[index] *= deviation }
    }
    return result
}
