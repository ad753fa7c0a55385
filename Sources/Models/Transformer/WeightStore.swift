import Tensors

/// A transformer's weights: in a mapped file until somebody wants all of them as tensors, as training does. Sampling
/// takes them one at a time, so that a model which is only sampled from is in memory once.
final class WeightStore {
    /// Gives a weight by its Hugging Face name and shape; the shape was checked.
    typealias Source = (_ name: String, _ shape: [Int]) throws -> Tensor

    let configuration: TransformerConfiguration
    private let source: Source?
    /// How the file stores the weights, if all in one way.
    private let encoding: TensorEncoding?
    private var loaded: TransformerWeights?
    private var tensors: [String: Tensor] = [:]
    /// What the weights' fingerprint was when they came from the file.
    private var originalFingerprint: UInt64?

    init(_ configuration: TransformerConfiguration, _ weights: TransformerWeights) {
        self.configuration = configuration
        source = nil
        encoding = nil
        take(weights)
    }

    init(_ configuration: TransformerConfiguration, encoding: TensorEncoding? = nil, source: @escaping Source) {
        self.configuration = configuration
        self.encoding = encoding
        self.source = source
    }

    /// All weights as tensors, which stay.
    /// - Throws: `TensorError` when there is no memory for them.
    func weights() throws -> TransformerWeights {
        if let loaded { return loaded }
        let weights = try TransformerWeights(configuration, tensor: tensor)
        take(weights)
        originalFingerprint = Self.fingerprint(of: weights.namedParameters.map(\.tensor))
        return weights
    }

    private func take(_ weights: TransformerWeights) {
        loaded = weights
        tensors = Dictionary(uniqueKeysWithValues: weights.namedParameters.map { ($0.name, $0.tensor) })
    }

    /// Whether the weights are tensors by now.
    var isLoaded: Bool { loaded != nil }

    /// One weight: the tensor itself, or, while the weights are in a file, a new one.
    func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
        if let tensor = tensors[name] { return tensor }
        guard let source else { throw ModelError("the model has no weight \(name)") }
        return try source(name, shape)
    }

    /// Weights of their own with the same values; those in a file are not read for it.
    func copy() throws -> WeightStore {
        if let loaded { return WeightStore(configuration, try loaded.copy(configuration)) }
        return source.map { WeightStore(configuration, encoding: encoding, source: $0) } ?? self
    }

    /// Another number after a change of as many elements as an optimiser's step changes; 0 while the weights are those
    /// of the file.
    var fingerprint: UInt64 {
        guard let loaded else { return 0 }
        let present = Self.fingerprint(of: loaded.namedParameters.map(\.tensor))
        return present == originalFingerprint ? 0 : present
    }

    /// The smallest encoding that keeps every bit: that of the file while the weights are those of the file.
    var exactEncoding: TensorEncoding {
        guard fingerprint == 0, let encoding, [.bf16, .f16].contains(encoding) else { return .f32 }
        return encoding
    }

    /// A name for the weights' values, the same for every copy of the model in whatever file: a hash of all norms and
    /// of the first layer's keys, 16 hexadecimal digits.
    func identity() throws -> String {
        let isPart = { (name: String) in
            name.hasSuffix("norm.weight") || name == "model.layers.0.self_attn.k_proj.weight"
        }
        let parts = try configuration.weightShapes().filter { isPart($0.name) }.map { try tensor($0.name, $0.shape) }
        let digits = String(Self.fingerprint(of: parts), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A hash of some thousand elements of each tensor, evenly spread. Whoever changes single ones calls
    /// `LanguageModel.weightsDidChange`.
    static func fingerprint(of tensors: [Tensor]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for tensor in tensors {
            let base = tensor.storage.pointer + tensor.offset
            let step = max(1, tensor.count / 4096) | 1
            for index in stride(from: 0, to: tensor.isContiguous ? tensor.count : 0, by: step) {
                hash = (hash ^ UInt64(base[index].bitPattern)) &* 0x0000_0100_0000_01B3
            }
        }
        return hash
    }
}

extension TransformerConfiguration {
    /// The weights of a model of this shape by their Hugging Face names, in a fixed order.
    public func weightShapes() throws -> [(name: String, shape: [Int])] {
        let zero = try Tensor.zeros([1])
        return try TransformerWeights(self) { _, shape in
            // A view of one element: nothing is allocated.
            try zero.reshape(shape.map { _ in 1 }).expand(shape)
        }.namedParameters.map { ($0.name, $0.tensor.shape) }
    }
}
