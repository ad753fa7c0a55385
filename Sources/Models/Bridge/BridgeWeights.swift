import Randomness
import Tensors

/// The weights of one new block, layout (outputs, inputs).
public enum BridgeBlock {
    /// Attention across rows: norm (dim), query, key and value (d, dim), output (dim, d).
    case bridge(norm: Tensor, query: Tensor, key: Tensor, value: Tensor, output: Tensor)
    /// norm (dim), up (2 d, dim), down (dim, 2 d).
    case pmatch(norm: Tensor, up: Tensor, down: Tensor)
}

/// The weights of all new blocks.
public struct BridgeWeights {
    public private(set) var configuration: BridgeConfiguration
    /// Block of each layer of the transformer; nil where there is none.
    public var blocks: [BridgeBlock?]

    /// Takes every weight from `tensor`, which is asked for each by name (such as `bridge.layers.0.q_proj.weight`, with
    /// the number of the layer it stands after) and shape.
    /// - Throws: `ModelError` if the blocks do not fit the model or a tensor of another shape comes back, and what
    ///   `tensor` throws.
    public init(
        _ configuration: BridgeConfiguration, for model: TransformerConfiguration,
        tensor: (_ name: String, _ shape: [Int]) throws -> Tensor
    ) throws {
        try configuration.validate(for: model)
        self.configuration = configuration
        func get(_ name: String, _ shape: Int...) throws -> Tensor {
            let result = try tensor(name, shape)
            guard result.shape == shape else {
                throw ModelError("the weight \(name) \(ModelError.misfit(result.shape, needed: shape))")
            }
            return result
        }
        blocks = Array(repeating: nil, count: model.layers)
        let inner = configuration.dim
        for layer in configuration.places(in: model) {
            let place = "bridge.layers.\(layer)."
            let norm = try get(place + "norm.weight", model.dim)
            switch configuration.kind {
            case .bridge:
                blocks[layer] = .bridge(
                    norm: norm, query: try get(place + "q_proj.weight", inner, model.dim),
                    key: try get(place + "k_proj.weight", inner, model.dim),
                    value: try get(place + "v_proj.weight", inner, model.dim),
                    output: try get(place + "o_proj.weight", model.dim, inner))
            case .pmatch:
                blocks[layer] = .pmatch(
                    norm: norm, up: try get(place + "up_proj.weight", 2 * inner, model.dim),
                    down: try get(place + "down_proj.weight", model.dim, 2 * inner))
            }
        }
    }

    /// Blocks that do nothing yet: the output projection is zero, so the model computes what it did before; the others
    /// are normal with a standard deviation of 1 / sqrt(inputs), so that the output projection has a gradient.
    public init(
        initial configuration: BridgeConfiguration, for model: TransformerConfiguration, stream: inout RandomStream
    ) throws {
        var random = stream
        try self.init(configuration, for: model) { name, shape in
            if name.hasSuffix("norm.weight") { return try Tensor.ones(shape) }
            if name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight") { return try Tensor.zeros(shape) }
            return try scaledNormal(shape, deviation: 1 / Float(shape[1]).squareRoot(), stream: &random)
        }
        stream = random
    }

    /// The same blocks, those of some layers left out.
    /// - Throws: `ModelError` for a layer that has none.
    func leavingOut(_ layers: [Int]) throws -> BridgeWeights {
        var left = self
        for layer in layers {
            guard blocks.indices.contains(layer), blocks[layer] != nil else {
                let places = blocks.indices.filter { blocks[$0] != nil }.map(String.init).joined(separator: ", ")
                throw ModelError("layer \(layer) has no new block; the layers with one are \(places)")
            }
            left.blocks[layer] = nil
        }
        left.configuration.layers = left.blocks.indices.filter { left.blocks[$0] != nil }
        return left
    }

    /// All weights by name, in a fixed order.
    public var namedParameters: [(name: String, tensor: Tensor)] {
        var result: [(String, Tensor)] = []
        for (layer, block) in blocks.enumerated() {
            let place = "bridge.layers.\(layer)."
            switch block {
            case .bridge(let norm, let query, let key, let value, let output):
                result += [
                    (place + "norm.weight", norm), (place + "q_proj.weight", query), (place + "k_proj.weight", key),
                    (place + "v_proj.weight", value), (place + "o_proj.weight", output),
                ]
            case .pmatch(let norm, let up, let down):
                result += [
                    (place + "norm.weight", norm), (place + "up_proj.weight", up), (place + "down_proj.weight", down),
                ]
            case nil: break
            }
        }
        return result
    }
}
