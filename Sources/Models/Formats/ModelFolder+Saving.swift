import Glibc
import JSON
import Tensors

extension ModelFolder {
    /// Writes a model into this folder, which is made if need be; every file takes its place only when it is whole.
    /// - Parameter encoding: how the base's weights are stored: `f32`, or in half the room `bf16` or `f16`; nil for
    ///   the smallest that keeps every bit.
    /// - Throws: `ModelError` when something cannot be written.
    public func save(_ model: LanguageModel, encoding: TensorEncoding? = nil) throws {
        let encoding = encoding ?? model.store.exactEncoding
        try filling {
            let entries = try model.configuration.weightShapes().map { name, shape in
                SafetensorsWriter.Entry(name: name, shape: shape) { try model.store.tensor(name, shape).floats() }
            }
            try SafetensorsWriter.write(entries, to: file("model.safetensors"), encoding: encoding)
            try saveTokenizer(model, encoding)
            if let bridge = model.bridge {
                try save(bridge, of: model)
            } else {
                for name in ModelFolder.bridgeFiles { unlink(file(name)) }
            }
        }
    }

    /// Writes a model's new blocks into this folder, which is made if need be, with a name for the weights that they
    /// stand on.
    /// - Throws: `ModelError` when something cannot be written, or there are no new blocks.
    public func saveBridge(of model: LanguageModel) throws {
        guard let bridge = model.bridge else {
            throw ModelError("the model \(quoted(model.name)) has no new blocks to save; use m.save(folder)")
        }
        try filling { try save(bridge, of: model) }
    }

    private func save(_ bridge: BridgeWeights, of model: LanguageModel) throws {
        try SafetensorsWriter.write(ModelFolder.entries(bridge.namedParameters), to: file("bridge.safetensors"))
        let base: JSONValue = ["name": .string(model.name), "fingerprint": .string(try model.store.identity())]
        try write(bridge.configuration.json(base: base), "bridge_config.json")
    }

    private func saveTokenizer(_ model: LanguageModel, _ encoding: TensorEncoding) throws {
        let tokenizer = model.tokenizer
        var config = model.configuration.json(
            stopTokens: tokenizer.stopTokens, beginOfText: tokenizer.beginOfText, encoding: encoding)
        switch tokenizer {
        case is CharacterTokenizer:
            if var members = config.object {
                members["tokenizer_class"] = "CharacterTokenizer"
                config = .object(members)
            }
        case let tokenizer as any SavedTokenizer: try write(tokenizer.jsonText(), "tokenizer.json")
        default: throw ModelError.unwritable(path, reason: "a tokeniser of this kind cannot be saved")
        }
        try write(tokenizerConfiguration(model), "tokenizer_config.json")
        // What a model that was here before may have left would count for more.
        for name in ["chat_template.jinja", "special_tokens_map.json"] { unlink(file(name)) }
        try write(config, "config.json")
    }

    /// What transformers asks for besides the tokeniser: the roles of special tokens, and the template of chats.
    private func tokenizerConfiguration(_ model: LanguageModel) -> JSONValue {
        var members: JSONObject = [
            "tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": false,
            "model_max_length": .int(model.contextLength),
        ]
        for (name, spelling) in model.specialTokens.sorted(by: { $0.key < $1.key }) {
            members[name] = .string(spelling)
        }
        // Batches of texts need something to be filled up with; most models have no token of its own for it.
        if model.specialTokens["pad_token"] == nil { members["pad_token"] = members["eos_token"] }
        if let template = model.chatTemplate { members["chat_template"] = .string(template) }
        return .object(members)
    }

    private func write(_ json: JSONValue, _ name: String) throws { try write(json.text(indented: true), name) }

    private func write(_ text: String, _ name: String) throws {
        var replacement = try FileReplacement(path: file(name))
        try replacement.write(text + "\n")
        try replacement.commit()
    }

    private static let bridgeFiles = ["bridge_config.json", "bridge.safetensors"]

    /// Makes the folder if it is not there, and writes into it; a folder that was made for nothing goes again.
    private func filling(_ write: () throws -> Void) throws {
        let isNew = mkdir(path, 0o755) == 0
        guard isNew || errno == EEXIST else { throw ModelError.unwritable(path, reason: lastSystemError()) }
        do {
            try write()
        } catch {
            if isNew {
                let files = ["model.safetensors", "tokenizer.json", "tokenizer_config.json", "config.json"]
                for name in files + ModelFolder.bridgeFiles { unlink(file(name)) }
                rmdir(path)
            }
            throw error
        }
    }
}

extension BridgeConfiguration {
    fileprivate func json(base: JSONValue) -> JSONValue {
        var members: JSONObject = [
            "kind": .string(kind.rawValue), "heads": .int(heads), "dim": .int(dim), "base": base,
        ]
        if let layers { members["layers"] = .array(layers.map { .int($0) }) }
        return .object(members)
    }

    /// - Throws: `ModelError` when a member is missing or wrong, or the blocks do not fit the model.
    init(_ json: JSONValue, path: String, for model: TransformerConfiguration) throws {
        guard let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), let heads = json["heads"]?.int,
            let dim = json["dim"]?.int
        else { throw ModelError.damaged(path, "it needs a kind (\"bridge\" or \"pmatch\"), heads and dim") }
        self.init(kind: kind, heads: heads, dim: dim, layers: json["layers"]?.array?.compactMap(\.int))
        try checked(path) { try validate(for: model) }
    }
}

extension ModelFolder {
    fileprivate static func entries(_ parameters: [(name: String, tensor: Tensor)]) -> [SafetensorsWriter.Entry] {
        parameters.map { parameter in
            SafetensorsWriter.Entry(name: parameter.name, shape: parameter.tensor.shape) { try parameter.tensor.floats() }
        }
    }
}
