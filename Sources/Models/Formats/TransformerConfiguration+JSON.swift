import JSON

extension TransformerConfiguration {
    /// Reads the `config.json` of a Hugging Face checkpoint.
    /// - Throws: `ModelError` when the model is of another family or a number is missing or impossible.
    init(_ json: JSONValue, path: String) throws {
        let family = json["model_type"]?.string ?? "?"
        guard family == "llama" || family == "qwen2" else {
            throw ModelError.unsupported(path, "its model_type is \(quoted(family)); known are \"llama\" and \"qwen2\"")
        }
        guard ["silu", "swish"].contains(json["hidden_act"]?.string ?? "silu") else {
            throw ModelError.unsupported(path, "its activation is not SiLU")
        }
        guard json["use_sliding_window"]?.bool != true else {
            throw ModelError.unsupported(path, "it attends within a sliding window")
        }
        func int(_ key: String) throws -> Int {
            guard let int = json[key]?.int, int > 0 else { throw ModelError.damaged(path, "it has no sound \(key)") }
            return int
        }
        // Since version 5 of transformers theta and scaling are together in rope_parameters.
        let rope = json["rope_parameters"] ?? json["rope_scaling"] ?? .null
        self.init(
            vocabularySize: try int("vocab_size"), layers: try int("num_hidden_layers"), dim: try int("hidden_size"),
            heads: try int("num_attention_heads"), keyValueHeads: json["num_key_value_heads"]?.int,
            headDim: json["head_dim"]?.int, hiddenDim: try int("intermediate_size"),
            ropeTheta: json["rope_theta"]?.double ?? rope["rope_theta"]?.double ?? 10_000,
            ropeScaling: try RopeScaling(rope, path: path),
            normEpsilon: Float(json["rms_norm_eps"]?.double ?? 1e-6), contextLength: try int("max_position_embeddings"),
            tiedEmbeddings: json["tie_word_embeddings"]?.bool ?? false,
            attentionBias: json["attention_bias"]?.bool ?? (family == "qwen2"))
        try checked(path) { try validate() }
    }

    /// The configuration as a `config.json` that transformers reads.
    func json(stopTokens: [Int32], beginOfText: Int32?) -> JSONValue {
        var members: JSONObject = [
            "model_type": attentionBias ? "qwen2" : "llama",
            "architectures": [attentionBias ? "Qwen2ForCausalLM" : "LlamaForCausalLM"],
            "vocab_size": .int(vocabularySize), "num_hidden_layers": .int(layers), "hidden_size": .int(dim),
            "num_attention_heads": .int(heads), "num_key_value_heads": .int(keyValueHeads), "head_dim": .int(headDim),
            "intermediate_size": .int(hiddenDim), "hidden_act": "silu", "rope_theta": .double(ropeTheta),
            // Through text, so that 1e-5 does not become 9.999999747378752e-06.
            "rms_norm_eps": .double(Double("\(normEpsilon)") ?? Double(normEpsilon)),
            "max_position_embeddings": .int(contextLength),
            "tie_word_embeddings": .bool(tiedEmbeddings), "attention_bias": .bool(attentionBias), "mlp_bias": false,
            "torch_dtype": "float32", "eos_token_id": .array(stopTokens.map { .int(Int($0)) }),
            "bos_token_id": beginOfText.map { .int(Int($0)) } ?? .null,
        ]
        if let ropeScaling { members["rope_scaling"] = ropeScaling.json }
        return .object(members)
    }
}

extension RopeScaling {
    /// Nil when the frequencies are the plain ones.
    fileprivate init?(_ json: JSONValue, path: String) throws {
        let kind = json["rope_type"]?.string ?? json["type"]?.string ?? "default"
        if kind == "default" { return nil }
        guard kind == "llama3", let factor = json["factor"]?.double, let low = json["low_freq_factor"]?.double,
            let high = json["high_freq_factor"]?.double, let length = json["original_max_position_embeddings"]?.int,
            factor > 0, high > low, length > 0
        else { throw ModelError.unsupported(path, "it scales rotary positions by the method \(quoted(kind))") }
        self.init(factor: factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContextLength: length)
    }

    fileprivate var json: JSONValue {
        [
            "rope_type": "llama3", "factor": .double(factor), "low_freq_factor": .double(lowFrequencyFactor),
            "high_freq_factor": .double(highFrequencyFactor),
            "original_max_position_embeddings": .int(originalContextLength),
        ]
    }
}
