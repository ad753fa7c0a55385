import JSON

extension TransformerConfiguration {
    /// Reads the `config.json` of a Hugging Face checkpoint.
    /// - Throws: `ModelError` when the model is of another family or a number is missing or impossible.
    package init(_ json: JSONValue, path: String) throws {
        guard let family = json["model_type"]?.string else {
            throw ModelError.damaged(path, "it has no model_type that says which architecture the model is of")
        }
        guard TransformerConfiguration.families.contains(family) else {
            throw ModelError.unsupported(
                path, "its model_type is \(quoted(family)); known are \"llama\", \"qwen2\" and \"qwen3\"")
        }
        guard ["silu", "swish"].contains(json["hidden_act"]?.string ?? "silu") else {
            throw ModelError.unsupported(path, "its activation is not SiLU")
        }
        try TransformerConfiguration.refuseOptions(json, family: family, path: path)
        func int(_ key: String) throws -> Int {
            guard let int = json[key]?.int, int > 0 else { throw ModelError.damaged(path, "it has no sound \(key)") }
            return int
        }
        // Since version 5 of transformers theta and scaling are together in rope_parameters.
        let rope = [json["rope_parameters"], json["rope_scaling"]].lazy.compactMap(\.self).first { !$0.isNull } ?? .null
        self.init(
            vocabularySize: try int("vocab_size"), layers: try int("num_hidden_layers"), dim: try int("hidden_size"),
            heads: try int("num_attention_heads"), keyValueHeads: json["num_key_value_heads"]?.int,
            headDim: json["head_dim"]?.int, hiddenDim: try int("intermediate_size"),
            ropeTheta: json["rope_theta"]?.double ?? rope["rope_theta"]?.double ?? 10_000,
            ropeScaling: try RopeScaling(rope, path: path),
            normEpsilon: Float(json["rms_norm_eps"]?.double ?? 1e-6), contextLength: try int("max_position_embeddings"),
            tiedEmbeddings: json["tie_word_embeddings"]?.bool ?? false, attentionBias: family == "qwen2",
            queryKeyNorm: family == "qwen3")
        try checked(path) { try validate() }
    }

    static let families = ["llama", "qwen2", "qwen3"]

    /// Options that would make another model of the weights than the one this program runs.
    private static func refuseOptions(_ json: JSONValue, family: String, path: String) throws {
        func refuse(_ option: String, _ why: String) -> ModelError {
            ModelError.unsupported(path, "its configuration sets \(option): \(why)")
        }
        if json["use_sliding_window"]?.bool == true {
            throw refuse("use_sliding_window", "attention within a sliding window is not known")
        }
        let layerTypes = json["layer_types"]?.array?.compactMap(\.string) ?? []
        if let type = layerTypes.first(where: { $0 != "full_attention" }) {
            throw refuse("layer_types", "layers of the type \(quoted(type)) are not known")
        }
        if family != "qwen2", json["attention_bias"]?.bool == true {
            throw refuse("attention_bias", "a \(family) model with biases is not known")
        }
        if json["mlp_bias"]?.bool == true { throw refuse("mlp_bias", "a feedforward with biases is not known") }
        let partial = json["partial_rotary_factor"] ?? json["rope_parameters"]?["partial_rotary_factor"]
        if let partial = partial?.double, partial != 1 {
            throw refuse("partial_rotary_factor", "every dimension of a head must be rotated")
        }
        if let quantised = json["quantization_config"], !quantised.isNull {
            throw refuse("quantization_config", "quantised weights are read from GGUF files only")
        }
    }

    /// The name that the family of this shape has in files.
    var family: String { queryKeyNorm ? "qwen3" : attentionBias ? "qwen2" : "llama" }

    /// The configuration as a `config.json` that transformers reads.
    func json(stopTokens: [Int32], beginOfText: Int32?, encoding: TensorEncoding) -> JSONValue {
        let architecture = ["llama": "Llama", "qwen2": "Qwen2", "qwen3": "Qwen3"][family, default: ""] + "ForCausalLM"
        var members: JSONObject = [
            "model_type": .string(family), "architectures": [.string(architecture)],
            "vocab_size": .int(vocabularySize), "num_hidden_layers": .int(layers), "hidden_size": .int(dim),
            "num_attention_heads": .int(heads), "num_key_value_heads": .int(keyValueHeads), "head_dim": .int(headDim),
            "intermediate_size": .int(hiddenDim), "hidden_act": "silu", "rope_theta": .double(ropeTheta),
            // Through text, so that 1e-5 does not become 9.999999747378752e-06.
            "rms_norm_eps": .double(Double("\(normEpsilon)") ?? Double(normEpsilon)),
            "max_position_embeddings": .int(contextLength),
            "tie_word_embeddings": .bool(tiedEmbeddings), "attention_bias": .bool(attentionBias), "mlp_bias": false,
            "torch_dtype": .string(encoding == .f32 ? "float32" : encoding == .bf16 ? "bfloat16" : "float16"),
            "eos_token_id": .array(stopTokens.map { .int(Int($0)) }),
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
