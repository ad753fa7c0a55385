import Tensors

/// The weights of a transformer in the form that decoding reads. Projections that read the same input are one matrix.
package final class DecodeWeights {
    struct Layer {
        let inputNorm: PackedVector
        /// query | key | value.
        let attention: PackedMatrix
        /// Of each query and each key head, where the model has them.
        let queryNorm: PackedVector?
        let keyNorm: PackedVector?
        let output: PackedMatrix
        let postNorm: PackedVector
        /// gate | up.
        let feedforward: PackedMatrix
        let down: PackedMatrix
    }

    /// (vocabularySize, dim); the same as `output` where the model ties them.
    let embedding: PackedMatrix
    let layers: [Layer]
    let finalNorm: PackedVector
    let output: PackedMatrix

    /// - Parameter weights: asked for one weight at a time, so that a file's need not be in memory twice.
    init(_ weights: WeightStore, _ precision: WeightPrecision) throws {
        let c = weights.configuration, memory = PackedMemory()
        func matrix(_ parts: [(name: String, shape: [Int])], biases: [Tensor] = []) throws -> PackedMatrix {
            try PackedMatrix(parts.map(\.shape), precision, biases: biases, in: memory) {
                try weights.tensor(parts[$0].name, parts[$0].shape)
            }
        }
        func vector(_ name: String, _ count: Int) throws -> PackedVector {
            try PackedVector(weights.tensor(name, [count]))
        }
        embedding = try matrix([("model.embed_tokens.weight", [c.vocabularySize, c.dim])])
        layers = try (0..<c.layers).map { index in
            let layer = "model.layers.\(index).", attention = layer + "self_attn.", mlp = layer + "mlp."
            let widths = [("q_proj", c.queryDim), ("k_proj", c.keyValueDim), ("v_proj", c.keyValueDim)]
            let biases =
                try c.attentionBias ? widths.map { try weights.tensor("\(attention)\($0.0).bias", [$0.1]) } : []
            return Layer(
                inputNorm: try vector(layer + "input_layernorm.weight", c.dim),
                attention: try matrix(widths.map { ("\(attention)\($0.0).weight", [$0.1, c.dim]) }, biases: biases),
                queryNorm: c.queryKeyNorm ? try vector(attention + "q_norm.weight", c.headDim) : nil,
                keyNorm: c.queryKeyNorm ? try vector(attention + "k_norm.weight", c.headDim) : nil,
                output: try matrix([(attention + "o_proj.weight", [c.dim, c.queryDim])]),
                postNorm: try vector(layer + "post_attention_layernorm.weight", c.dim),
                feedforward: try matrix(["gate_proj", "up_proj"].map { ("\(mlp)\($0).weight", [c.hiddenDim, c.dim]) }),
                down: try matrix([(mlp + "down_proj.weight", [c.dim, c.hiddenDim])]))
        }
        finalNorm = try vector("model.norm.weight", c.dim)
        output = c.tiedEmbeddings ? embedding : try matrix([("lm_head.weight", [c.vocabularySize, c.dim])])
    }
}

/// The new blocks in the form that decoding reads.
package final class DecodeBridge {
    enum Block {
        /// `attention` is query | key | value.
        case bridge(norm: PackedVector, attention: PackedMatrix, output: PackedMatrix)
        case pmatch(norm: PackedVector, up: PackedMatrix, down: PackedMatrix)
    }

    let configuration: BridgeConfiguration
    let blocks: [Block?]

    package init(_ weights: BridgeWeights) throws {
        configuration = weights.configuration
        let memory = PackedMemory()
        blocks = try weights.blocks.map { block in
            switch block {
            case .bridge(let norm, let query, let key, let value, let output):
                .bridge(
                    norm: try PackedVector(norm), attention: try PackedMatrix([query, key, value], in: memory),
                    output: try PackedMatrix([output], in: memory))
            case .pmatch(let norm, let up, let down):
                .pmatch(
                    norm: try PackedVector(norm), up: try PackedMatrix([up], in: memory),
                    down: try PackedMatrix([down], in: memory))
            case nil: nil
            }
        }
    }
}

/// A value made of weights when first asked for, and again when they have changed. Models that began as copies of one
/// another share values as long as their weights are the same.
final class Cached<Key: Hashable, Value: AnyObject> {
    private var value: Value?
    private var key: Key?
    private var relatives: Relatives

    /// What the copies of one model hold, without keeping it alive.
    private final class Relatives {
        struct Reference { weak var value: Value? }
        var values: [Key: Reference] = [:]
    }

    init(sharing other: Cached? = nil) { relatives = other?.relatives ?? Relatives() }

    func get(_ key: Key, _ make: () throws -> Value) rethrows -> Value {
        if let value, key == self.key { return value }
        // Not both at once: they may be most of the memory.
        value = nil
        let found = try relatives.values[key]?.value ?? make()
        relatives.values = relatives.values.filter { $0.value.value != nil }
        relatives.values[key] = Relatives.Reference(value: found)
        (value, self.key) = (found, key)
        return found
    }

    /// Forgets the value, and parts from relatives: their weights are others now, whatever their keys say.
    func clear() {
        value = nil
        relatives = Relatives()
    }
}
