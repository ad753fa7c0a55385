import Tensors

/// A GGUF file read as a transformer of the Llama family: its shape, and its weights under the names and in the layout
/// of Hugging Face.
struct GGUFTransformer {
    let gguf: GGUFFile
    let configuration: TransformerConfiguration
    private let architecture: String

    /// - Throws: `ModelError` when the architecture is unknown or its numbers are missing or impossible.
    init(_ gguf: GGUFFile) throws {
        let path = gguf.file.path
        guard let architecture = gguf.metadata["general.architecture"]?.string else {
            throw ModelError.damaged(path, "its metadata has no general.architecture")
        }
        guard TransformerConfiguration.families.contains(architecture) else {
            throw ModelError.unsupported(
                path, "its architecture is \(quoted(architecture)); known are \"llama\", \"qwen2\" and \"qwen3\"")
        }
        self.gguf = gguf
        self.architecture = architecture
        configuration = try GGUFTransformer.configuration(gguf, architecture)
    }

    /// The weights, which stay in the file until they are asked for.
    /// - Throws: `ModelError` when a weight is missing, has another shape, or one is there that this program would
    ///   ignore.
    func weights() throws -> WeightStore {
        var unused = Set(gguf.tensors.keys).subtracting(["rope_freqs.weight"])
        for (name, shape) in try configuration.weightShapes() { unused.remove(try entry(of: name, shape).name) }
        if let name = unused.min() {
            throw ModelError.unsupported(gguf.file.path, "it has a weight that no Llama has: \(quoted(name))")
        }
        return WeightStore(configuration) { name, shape in
            let entry = try entry(of: name, shape)
            return try gguf.file.tensor(
                in: entry.bytes, shape: shape, encoding: entry.encoding, unpermutingHeads: permutedHeads(name))
        }
    }

    private func entry(of name: String, _ shape: [Int]) throws -> TensorEntry {
        let ggufName = GGUFTransformer.ggufName(of: name)
        guard let entry = gguf.tensors[ggufName] else {
            throw ModelError.damaged(gguf.file.path, "it has no tensor named \(quoted(ggufName))")
        }
        guard entry.shape == shape else {
            throw ModelError.damaged(
                gguf.file.path, "the tensor \(quoted(ggufName)) \(ModelError.misfit(entry.shape, needed: shape))")
        }
        return entry
    }

    /// The heads whose rows the converter interleaved, if it did.
    private func permutedHeads(_ name: String) -> Int? {
        guard architecture == "llama" else { return nil }
        if name.contains(".q_proj.") { return configuration.heads }
        return name.contains(".k_proj.") ? configuration.keyValueHeads : nil
    }

    private static let layerNames = [
        "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
        "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
        "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    ]

    /// "model.layers.3.self_attn.q_proj.weight" is "blk.3.attn_q.weight" in GGUF.
    static func ggufName(of name: String) -> String {
        switch name {
        case "model.embed_tokens.weight": return "token_embd.weight"
        case "model.norm.weight": return "output_norm.weight"
        case "lm_head.weight": return "output.weight"
        default:
            let parts = name.split(separator: ".")
            guard parts.count > 4, let kind = parts.last,
                let layerName = layerNames[parts[3..<parts.count - 1].joined(separator: ".")]
            else { return name }
            return "blk.\(parts[2]).\(layerName).\(kind)"
        }
    }
}

extension GGUFTransformer {
    private static func configuration(_ gguf: GGUFFile, _ architecture: String) throws -> TransformerConfiguration {
        let path = gguf.file.path
        func value(_ key: String) -> GGUFValue? { gguf.metadata["\(architecture).\(key)"] }
        func int(_ key: String) throws -> Int {
            guard let int = value(key)?.int, int > 0 else {
                throw ModelError.damaged(path, "its metadata has no sound \(architecture).\(key)")
            }
            return int
        }
        guard let embedding = gguf.tensors["token_embd.weight"], embedding.shape.count == 2 else {
            throw ModelError.damaged(path, "it has no tensor named \"token_embd.weight\" of two dimensions")
        }
        let dim = try int("embedding_length")
        let heads = try int("attention.head_count")
        var configuration = TransformerConfiguration(
            vocabularySize: embedding.shape[0], layers: try int("block_count"), dim: dim, heads: heads,
            keyValueHeads: value("attention.head_count_kv")?.int, headDim: value("attention.key_length")?.int,
            hiddenDim: try int("feed_forward_length"), ropeTheta: value("rope.freq_base")?.double ?? 10_000,
            normEpsilon: Float(value("attention.layer_norm_rms_epsilon")?.double ?? 1e-5),
            contextLength: try int("context_length"), tiedEmbeddings: gguf.tensors["output.weight"] == nil,
            attentionBias: gguf.tensors["blk.0.attn_q.bias"] != nil,
            queryKeyNorm: gguf.tensors["blk.0.attn_q_norm.weight"] != nil)
        try checked(path) { try configuration.validate() }
        let rotated = value("rope.dimension_count")?.int ?? configuration.headDim
        guard rotated == configuration.headDim else {
            throw ModelError.unsupported(
                path, "it rotates only \(rotated) of a head's \(configuration.headDim) dimensions")
        }
        if let scaling = value("rope.scaling.type")?.string, scaling != "none" {
            throw ModelError.unsupported(path, "it scales rotary positions by the method \(quoted(scaling))")
        }
        configuration.ropeScaling = try ropeScaling(gguf, configuration)
        return configuration
    }

    /// The stretching of Llama 3.1 and later. The file has the factor of every frequency but not the numbers that these
    /// were made from; those are Llama's, which is checked.
    private static func ropeScaling(
        _ gguf: GGUFFile, _ configuration: TransformerConfiguration
    ) throws -> RopeScaling? {
        guard gguf.tensors["rope_freqs.weight"] != nil else { return nil }
        let factors = try gguf.floats("rope_freqs.weight")
        var scaled = configuration
        scaled.ropeScaling = RopeScaling(
            factor: Double(factors.max() ?? 1), lowFrequencyFactor: 1, highFrequencyFactor: 4,
            originalContextLength: 8_192)
        let expected = zip(configuration.rotaryFrequencies, scaled.rotaryFrequencies).map { $0 / $1 }
        guard factors.count == expected.count,
            zip(factors, expected).allSatisfy({ abs(Double($0) - $1) <= 1e-3 * $1 })
        else { throw ModelError.unsupported(gguf.file.path, "its rope_freqs.weight are not those of Llama 3") }
        return scaled.ropeScaling
    }
}

/// Runs a check and puts the file's path before what it says.
func checked<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as ModelError { throw ModelError.damaged(path, error.message) }
}
