import Randomness
import Tensors

/// A transformer with its tokenizer, and possibly with new blocks (Bridge or P-Match) in it.
///
/// Models may share weights (`withoutBridge()` does); training changes them in place, for all that share them.
public final class LanguageModel {
    public let configuration: TransformerConfiguration
    let store: WeightStore
    /// The new blocks, or nil.
    public let bridge: BridgeWeights?
    public let tokenizer: any Tokenizer
    public var name: String
    /// What it was loaded by, a known name or a path; nil for one that was made. Training may have changed it since.
    public var origin: String?
    /// The chat template as the checkpoint gives it (Jinja), or nil for a model that is none for chats.
    public var chatTemplate: String?
    /// The spellings of the tokens that chat templates and other programs ask for by `bos_token`, `eos_token`,
    /// `pad_token` and the like.
    public var specialTokens: [String: String]
    /// The weights in the form that decoding reads, shared by all models that share the weights.
    let packed: Cached<PackedKey, DecodeWeights>
    let packedBridge = Cached<UInt64, DecodeBridge>()

    /// What the weights in the form for decoding depend on.
    struct PackedKey: Hashable {
        let fingerprint: UInt64
        let precision: WeightPrecision
    }

    /// - Throws: `ModelError` if the tokenizer has tokens that the model has no embedding for.
    public convenience init(
        configuration: TransformerConfiguration, weights: TransformerWeights, bridge: BridgeWeights? = nil,
        tokenizer: any Tokenizer, name: String, chatTemplate: String? = nil
    ) throws {
        try self.init(
            store: WeightStore(configuration, weights), bridge: bridge, tokenizer: tokenizer, name: name,
            chatTemplate: chatTemplate)
    }

    /// - Parameters:
    ///   - specialTokens: nil for those that the tokenizer knows of.
    ///   - relative: a model of the same weights: as long as both keep them, what decoding reads is there once.
    init(
        store: WeightStore, bridge: BridgeWeights? = nil, tokenizer: any Tokenizer, name: String,
        chatTemplate: String? = nil, specialTokens: [String: String]? = nil, relative: LanguageModel? = nil
    ) throws {
        let configuration = store.configuration
        guard tokenizer.vocabularySize <= configuration.vocabularySize else {
            throw ModelError(
                "the tokenizer has \(tokenizer.vocabularySize) tokens and the model only "
                    + "\(configuration.vocabularySize)")
        }
        self.configuration = configuration
        self.store = store
        self.bridge = bridge
        self.tokenizer = tokenizer
        self.name = name
        self.chatTemplate = chatTemplate
        self.specialTokens = specialTokens ?? LanguageModel.specialTokens(of: tokenizer)
        packed = Cached(sharing: relative?.packed)
    }

    private static func specialTokens(of tokenizer: any Tokenizer) -> [String: String] {
        var tokens: [String: String] = [:]
        tokens["bos_token"] = tokenizer.beginOfText.map(tokenizer.spelling)
        tokens["eos_token"] = tokenizer.stopTokens.first.map(tokenizer.spelling)
        return tokens
    }

    private init(_ model: LanguageModel, bridge: BridgeWeights?, packed: Cached<PackedKey, DecodeWeights>) {
        configuration = model.configuration
        store = model.store
        self.bridge = bridge
        tokenizer = model.tokenizer
        name = model.name
        origin = model.origin
        chatTemplate = model.chatTemplate
        specialTokens = model.specialTokens
        self.packed = packed
    }

    /// A model with random weights.
    public convenience init(
        random configuration: TransformerConfiguration, tokenizer: any Tokenizer, name: String = "new", seed: UInt64
    ) throws {
        var stream = RandomStream(seed: seed, purpose: .initialisation)
        let weights = try TransformerWeights(random: configuration, stream: &stream)
        try self.init(configuration: configuration, weights: weights, tokenizer: tokenizer, name: name)
    }

    /// The longest text, prompt included, in tokens.
    public var contextLength: Int { configuration.contextLength }

    // MARK: New blocks

    /// A new model with new blocks that do nothing yet, in place of any that this one has. Its weights are copies:
    /// training it leaves this model as it is.
    /// - Throws: `ModelError` if the blocks do not fit this model.
    public func attaching(_ blocks: BridgeConfiguration, seed: UInt64 = 0) throws -> LanguageModel {
        var stream = RandomStream(seed: seed, purpose: .initialisation, 1)
        let bridge = try BridgeWeights(initial: blocks, for: configuration, stream: &stream)
        return try attaching(bridge)
    }

    /// A new model with these blocks, which it takes as they are, and copies of this one's other weights.
    public func attaching(_ bridge: BridgeWeights?) throws -> LanguageModel {
        try LanguageModel(
            store: store.copy(), bridge: bridge, tokenizer: tokenizer, name: name, chatTemplate: chatTemplate,
            specialTokens: specialTokens, relative: self)
    }

    /// A copy of everything: training either leaves the other as it is.
    public func copy() throws -> LanguageModel { try attaching(try bridge?.copy(for: configuration)) }

    /// The same weights with the new blocks left out (`bridge.off`): a view, not a copy.
    public func withoutBridge() -> LanguageModel { LanguageModel(self, bridge: nil, packed: packed) }

    /// The same weights with the new blocks of some layers left out: a view, not a copy.
    /// - Throws: `ModelError` for a layer that has no new block.
    public func withoutBridge(layers: [Int]) throws -> LanguageModel {
        guard let bridge else { throw ModelError("the model \(quoted(name)) has no new blocks to leave out") }
        let left = try bridge.leavingOut(layers)
        return LanguageModel(self, bridge: left.configuration.layers == [] ? nil : left, packed: packed)
    }

    // MARK: Parameters

    /// All weights but those of the new blocks, as tensors. They are read from the model's file when first asked for.
    /// - Throws: `TensorError` when there is no memory for them.
    public var weights: TransformerWeights { get throws { try store.weights() } }

    /// Which parameters to train or count.
    public enum ParameterSet: String, Sendable, CaseIterable {
        case all
        /// Those of the new blocks.
        case new
        /// Those of the transformer.
        case old
    }

    /// Parameters by name, in a fixed order: the transformer's, then the new blocks'.
    /// - Throws: `TensorError` when there is no memory for them.
    public func namedParameters(_ set: ParameterSet = .all) throws -> [(name: String, tensor: Tensor)] {
        try (set == .new ? [] : weights.namedParameters) + (set == .old ? [] : bridge?.namedParameters ?? [])
    }

    /// The same without names, for an optimiser.
    /// - Throws: `TensorError` when there is no memory for them.
    public func parameters(_ set: ParameterSet = .all) throws -> [Tensor] { try namedParameters(set).map(\.tensor) }

    /// How many numbers they are; a weight that serves twice (tied embeddings) counts once. Nothing is read for it.
    public func parameterCount(_ set: ParameterSet = .all) -> Int {
        let new = bridge?.namedParameters.reduce(0) { $0 + $1.tensor.count } ?? 0
        return (set == .new ? 0 : configuration.parameterCount) + (set == .old ? 0 : new)
    }

    /// How many new parameters there are for each of the base's, as the paper counts them: 0.028 to 0.051 there
    /// (blocks of width 528 on DeepSeek-R1-Distill-Qwen-7B and 1.5B).
    public var newFraction: Double { Double(parameterCount(.new)) / Double(max(parameterCount(.old), 1)) }

    /// To be called after single elements of weights were changed in place: what decoding made of them is out of date.
    /// Changes as large as an optimiser's step are noticed without it.
    public func weightsDidChange() {
        packed.clear()
        packedBridge.clear()
    }
}

extension TransformerWeights {
    /// Tensors of their own with the same values.
    public func copy(_ configuration: TransformerConfiguration) throws -> TransformerWeights {
        let byName = Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.name, $0.tensor) })
        return try TransformerWeights(configuration) { name, _ in try copied(name, of: byName) }
    }
}

extension BridgeWeights {
    /// Tensors of their own with the same values.
    public func copy(for model: TransformerConfiguration) throws -> BridgeWeights {
        let byName = Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.name, $0.tensor) })
        return try BridgeWeights(configuration, for: model) { name, _ in try copied(name, of: byName) }
    }
}

private func copied(_ name: String, of tensors: [String: Tensor]) throws -> Tensor {
    guard let tensor = tensors[name] else { throw ModelError("the model has no weight \(name)") }
    return try noGrad { try tensor.copy() }
}
