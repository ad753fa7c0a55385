import Glibc
import JSON
import Tensors

/// A model in a folder, as Hugging Face lays it out: `config.json`, `model.safetensors` (or several, with an index),
/// `tokenizer.json`; Bridge adds `bridge_config.json` and `bridge.safetensors`, in the same folder or in one of their
/// own.
public struct ModelFolder {
    public let path: String

    public init(path: String) { self.path = path }

    func file(_ name: String) -> String { path + "/" + name }
    func has(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

    /// Whether there is a model in it, and whether there are new blocks in it.
    public var hasModel: Bool { has("config.json") }
    public var hasBridge: Bool { has("bridge_config.json") }

    /// The last part of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    // MARK: Loading

    /// - Throws: `ModelError` when a file is missing or damaged, or the model is of a kind that cannot be run.
    func loadModel() throws -> LanguageModel {
        guard hasModel else {
            let hint =
                hasBridge
                ? "it has Bridge weights only; load their base model and attach them" : "there is no config.json"
            throw ModelError.unreadable(path, reason: hint)
        }
        let json = try JSONValue(path: file("config.json"))
        var configuration = try TransformerConfiguration(json, path: file("config.json"))
        let tensors = try ShardedTensors(self)
        // A file may hold both weights and a configuration that ties them: they are tied if they are the same.
        if configuration.tiedEmbeddings, tensors.has("lm_head.weight"), try !isOutputTied(tensors, configuration) {
            configuration.tiedEmbeddings = false
        }
        for (name, shape) in try configuration.weightShapes() { _ = try tensors.entry(name, shape) }
        try tensors.checkAllUsed(tolerating: configuration.tiedEmbeddings ? ["lm_head.weight"] : [])
        let tokenizerConfiguration: JSONValue? =
            try has("tokenizer_config.json") ? JSONValue(path: file("tokenizer_config.json")) : nil
        return try LanguageModel(
            store: WeightStore(configuration, encoding: tensors.encoding, source: tensors.tensor),
            bridge: hasBridge ? loadBridge(for: configuration) : nil, tokenizer: loadTokenizer(json), name: name,
            chatTemplate: loadChatTemplate(tokenizerConfiguration),
            specialTokens: tokenizerConfiguration.map(ModelFolder.specialTokens))
    }

    /// Whether the output weight in the file has the embedding's numbers, as far as its bytes say.
    private func isOutputTied(_ tensors: ShardedTensors, _ configuration: TransformerConfiguration) throws -> Bool {
        let shape = [configuration.vocabularySize, configuration.dim]
        let (file, embedding) = try tensors.entry("model.embed_tokens.weight", shape)
        let (outputFile, output) = try tensors.entry("lm_head.weight", shape)
        guard embedding.encoding == output.encoding else { return false }
        return try file.withBytes(in: embedding.bytes) { a in
            try outputFile.withBytes(in: output.bytes) { b in
                a.count == b.count && (a.count == 0 || memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0)
            }
        }
    }

    /// The new blocks in this folder, for a copy of the model that they were trained with.
    /// - Parameter anyBase: whether they may stand on other weights of the same shape.
    /// - Throws: `ModelError` when a file is missing or damaged, the blocks do not fit the model, or they belong to
    ///   other weights.
    public func loadBridge(for model: LanguageModel, anyBase: Bool = false) throws -> BridgeWeights {
        let bridge = try loadBridge(for: model.configuration)
        let base = try JSONValue(path: file("bridge_config.json"))["base"]
        if !anyBase, let wanted = base?["fingerprint"]?.string, try wanted != model.store.identity() {
            throw ModelError(
                "the new blocks in \(path) were made for the weights of \(quoted(base?["name"]?.string ?? "?")), and "
                    + "those of \(quoted(model.name)) differ; give any_base: true to attach them all the same")
        }
        return bridge
    }

    /// The new blocks in this folder, for a model of the given shape.
    /// - Throws: `ModelError` when a file is missing or damaged or the blocks do not fit the model.
    public func loadBridge(for model: TransformerConfiguration) throws -> BridgeWeights {
        guard hasBridge else {
            throw ModelError.unreadable(path, reason: "there is no bridge_config.json: no new blocks are in it")
        }
        let configuration = try BridgeConfiguration(
            JSONValue(path: file("bridge_config.json")), path: file("bridge_config.json"), for: model)
        let tensors = try ShardedTensors([SafetensorsFile(path: file("bridge.safetensors"))])
        let bridge = try BridgeWeights(configuration, for: model, tensor: tensors.tensor)
        try tensors.checkAllUsed()
        return bridge
    }

    private func loadTokenizer(_ config: JSONValue) throws -> any Tokenizer {
        if config["tokenizer_class"]?.string == "CharacterTokenizer" { return CharacterTokenizer() }
        guard has("tokenizer.json") else { throw ModelError.unreadable(path, reason: "there is no tokenizer.json") }
        var stopTokens = ModelFolder.ids(config["eos_token_id"])
        if has("generation_config.json") {
            stopTokens += try ModelFolder.ids(JSONValue(path: file("generation_config.json"))["eos_token_id"])
        }
        var unique: [Int32] = []
        for token in stopTokens where !unique.contains(token) { unique.append(token) }
        return try TokenizerDocument(path: file("tokenizer.json")).tokenizer(stopTokens: unique)
    }

    /// One id or a list of them.
    private static func ids(_ json: JSONValue?) -> [Int32] {
        (json?.array ?? [json].compactMap(\.self)).compactMap(\.int).compactMap { Int32(exactly: $0) }
    }

    /// Templates may have names; the one for conversations without tools is called "default".
    private func loadChatTemplate(_ tokenizer: JSONValue?) throws -> String? {
        if has("chat_template.jinja") { return try MappedFile(path: file("chat_template.jinja")).text() }
        let template = tokenizer?["chat_template"]
        guard let named = template?.array else { return template?.string }
        let chosen: JSONValue? = named.first { $0["name"]?.string == "default" } ?? (named.count == 1 ? named[0] : nil)
        return chosen?["template"]?.string
    }

    /// Spellings by names such as `bos_token`: plain texts, or records of an added token.
    private static func specialTokens(_ tokenizer: JSONValue) -> [String: String] {
        var tokens: [String: String] = [:]
        for (name, value) in tokenizer.object ?? [:] where name.hasSuffix("_token") {
            tokens[name] = value.string ?? value["content"]?.string
        }
        return tokens
    }
}

/// The tensors of one or several safetensors files.
final class ShardedTensors {
    private let files: [SafetensorsFile]
    private var places: [String: Int] = [:]
    private var unused: Set<String>

    init(_ files: [SafetensorsFile]) throws {
        self.files = files
        for (index, file) in files.enumerated() {
            for name in file.tensors.keys {
                guard places.updateValue(index, forKey: name) == nil else {
                    throw ModelError.damaged(file.file.path, "the tensor \(quoted(name)) is in another file too")
                }
            }
        }
        unused = Set(places.keys)
    }

    /// `model.safetensors`, or the files that its index names.
    convenience init(_ folder: ModelFolder) throws {
        let index = "model.safetensors.index.json"
        if !folder.has("model.safetensors"), !folder.has(index), folder.has("pytorch_model.bin") {
            throw ModelError.unreadable(
                folder.path, reason: "its weights are in pytorch_model.bin, which is a program to be run by Python; "
                    + "save the model with transformers as safetensors (save_pretrained)")
        }
        guard !folder.has("model.safetensors"), folder.has(index) else {
            try self.init([SafetensorsFile(path: folder.file("model.safetensors"))])
            return
        }
        let map = try JSONValue(path: folder.file(index))["weight_map"]?.object ?? [:]
        let names = Set(map.values.compactMap(\.string))
        guard !names.isEmpty, names.allSatisfy({ !$0.contains("/") }) else {
            throw ModelError.damaged(folder.file(index), "its weight_map names no files of this folder")
        }
        try self.init(names.sorted().map { try SafetensorsFile(path: folder.file($0)) })
    }

    func has(_ name: String) -> Bool { places[name] != nil }

    /// How all tensors are stored, if all are in one way.
    var encoding: TensorEncoding? {
        let encodings = Set(files.flatMap { $0.tensors.values.map(\.encoding) })
        return encodings.count == 1 ? encodings.first : nil
    }

    /// A tensor by name; its shape is checked before anything is allocated.
    func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
        let (file, entry) = try entry(name, shape)
        return try file.tensor(in: entry.bytes, shape: shape, encoding: entry.encoding)
    }

    /// Where a tensor is.
    func entry(_ name: String, _ shape: [Int]) throws -> (file: MappedFile, entry: TensorEntry) {
        guard let place = places[name], let entry = files[place].tensors[name] else {
            throw ModelError.damaged(files[0].file.path, "it has no tensor named \(quoted(name))")
        }
        guard entry.shape == shape else {
            throw ModelError.damaged(
                files[place].file.path,
                "the tensor \(quoted(name)) \(ModelError.misfit(entry.shape, needed: shape))")
        }
        unused.remove(name)
        return (files[place].file, entry)
    }

    /// Refuses weights that were never asked for: leaving them out would give another model than the one that was
    /// saved.
    func checkAllUsed(tolerating tolerated: Set<String> = []) throws {
        let rest = unused.subtracting(tolerated).filter { !$0.hasSuffix("rotary_emb.inv_freq") }
        guard let name = rest.min() else { return }
        throw ModelError.unsupported(
            files[0].file.path, "it has a weight that this model has no place for: \(quoted(name))")
    }
}
