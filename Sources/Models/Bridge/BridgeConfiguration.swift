/// New blocks for an existing transformer, one after the feedforward of each of the chosen layers: Bridge, which lets
/// the parallel generations of a prompt exchange features at every step, or P-Match, its baseline of the same size,
/// which lets them not ("Generalized Parallel Scaling with Interdependent Generations", arXiv 2510.01143).
public struct BridgeConfiguration: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// RMSNorm, attention across the rows of a group, residual.
        case bridge
        /// RMSNorm, an MLP of hidden width 2 dim with SiLU, residual: as many parameters as `bridge`.
        case pmatch
    }

    public var kind: Kind
    /// Attention heads across rows; a divisor of `dim`. Of no effect for P-Match.
    public var heads: Int
    /// Inner width d: all heads together.
    public var dim: Int
    /// The layers after which a block stands, ascending; nil for all.
    public var layers: [Int]?

    public init(kind: Kind = .bridge, heads: Int, dim: Int, layers: [Int]? = nil) {
        self.kind = kind
        self.heads = heads
        self.dim = dim
        self.layers = layers
    }

    /// A block of about `fraction` of the model's parameters: 2.8% to 5.1% in the paper. `dim` is rounded to a multiple
    /// of 8 (of 8 heads' width from 128 on); heads are 16 wide or wider.
    public static func sized(
        _ kind: Kind = .bridge, fraction: Double = 0.04, of model: TransformerConfiguration, layers: [Int]? = nil
    ) -> BridgeConfiguration {
        let places = layers?.count ?? model.layers
        let wanted = fraction * Double(model.parameterCount) / Double(max(places, 1)) / Double(4 * model.dim)
        let step = wanted >= 128 ? 64 : 8
        let dim = max(step, Int((wanted / Double(step)).rounded()) * step)
        let heads = [8, 4, 2].first { dim % $0 == 0 && dim / $0 >= 16 } ?? 1
        return BridgeConfiguration(kind: kind, heads: heads, dim: dim, layers: layers)
    }

    /// The layers that have a block, of a model with this many.
    public func places(in model: TransformerConfiguration) -> [Int] { layers ?? Array(0..<model.layers) }

    /// How many parameters this adds to a model.
    public func parameterCount(in model: TransformerConfiguration) -> Int {
        places(in: model).count * (4 * dim * model.dim + model.dim)
    }

    /// Checks that the blocks fit the model.
    /// - Throws: `ModelError` that names what does not fit.
    public func validate(for model: TransformerConfiguration) throws {
        guard dim >= 1, dim <= 1 << 16, heads >= 1 else {
            throw ModelError(
                "a block needs a dim of 1 to \(1 << 16) and at least one head, not dim \(dim) and \(heads) heads")
        }
        guard kind == .pmatch || dim % heads == 0 else {
            throw ModelError("\(heads) heads do not divide the block's dim of \(dim) evenly")
        }
        guard kind == .pmatch || dim / heads <= 512 else {
            throw ModelError("heads of \(dim / heads) are too wide: at most 512; use more heads")
        }
        let places = places(in: model)
        guard !places.isEmpty else { throw ModelError("a block needs at least one layer to stand after") }
        guard zip(places, places.dropFirst()).allSatisfy(<) else {
            throw ModelError("the layers of the blocks must ascend, without repetition: \(places)")
        }
        for layer in places where !(0..<model.layers).contains(layer) {
            throw ModelError("there is no layer \(layer) to put a block after: the model has 0 to \(model.layers - 1)")
        }
    }
}
