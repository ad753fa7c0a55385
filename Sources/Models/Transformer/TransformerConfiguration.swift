import Glibc

/// The shape of a decoder-only transformer of the Llama family: RMSNorm before each block, rotary positions,
/// grouped-query attention, SwiGLU feedforward. SmolLM2, Llama 2 and 3, Qwen2, Qwen3, TinyLlama and DeepSeek's
/// distilled models are of this shape.
public struct TransformerConfiguration: Equatable, Sendable {
    public var vocabularySize: Int
    public var layers: Int
    /// Width of the residual stream.
    public var dim: Int
    /// Query heads.
    public var heads: Int
    /// Key and value heads; a divisor of `heads`.
    public var keyValueHeads: Int
    public var headDim: Int
    /// Width of the feedforward.
    public var hiddenDim: Int
    public var ropeTheta: Double
    public var ropeScaling: RopeScaling?
    public var normEpsilon: Float
    /// The longest text, prompt included, in tokens.
    public var contextLength: Int
    /// Whether the output weight is the embedding.
    public var tiedEmbeddings: Bool
    /// Whether the query, key and value projections have biases (Qwen2).
    public var attentionBias: Bool
    /// Whether every query and key head is normalised (RMSNorm) before its rotation (Qwen3).
    public var queryKeyNorm: Bool

    public init(
        vocabularySize: Int, layers: Int, dim: Int, heads: Int, keyValueHeads: Int? = nil, headDim: Int? = nil,
        hiddenDim: Int, ropeTheta: Double = 10_000, ropeScaling: RopeScaling? = nil, normEpsilon: Float = 1e-5,
        contextLength: Int, tiedEmbeddings: Bool = true, attentionBias: Bool = false,
        queryKeyNorm: Bool = false
    ) {
        self.vocabularySize = vocabularySize
        self.layers = layers
        self.dim = dim
        self.heads = heads
        self.keyValueHeads = keyValueHeads ?? heads
        self.headDim = headDim ?? (heads > 0 ? dim / heads : 0)
        self.hiddenDim = hiddenDim
        self.ropeTheta = ropeTheta
        self.ropeScaling = ropeScaling
        self.normEpsilon = normEpsilon
        self.contextLength = contextLength
        self.tiedEmbeddings = tiedEmbeddings
        self.attentionBias = attentionBias
        self.queryKeyNorm = queryKeyNorm
    }

    /// Checks that a model of this shape can exist.
    /// - Throws: `ModelError` that names the number that is wrong.
    public func validate() throws {
        let counts = [
            ("vocabulary", vocabularySize, 1 << 22), ("layers", layers, 1024), ("dim", dim, 1 << 16),
            ("heads", heads, 1024), ("kv_heads", keyValueHeads, 1024), ("head width", headDim, 512),
            ("hidden", hiddenDim, 1 << 18), ("context", contextLength, 1 << 22),
        ]
        for (name, value, limit) in counts where value < 1 || value > limit {
            throw ModelError("the model's \(name) is \(value); it must be between 1 and \(limit)")
        }
        if heads % keyValueHeads != 0 {
            throw ModelError("\(heads) query heads cannot share \(keyValueHeads) key-value heads evenly")
        }
        if headDim % 2 != 0 {
            throw ModelError("the head dimension is \(headDim); rotary positions need an even number")
        }
        if !(normEpsilon >= 0) || !(ropeTheta > 0) {
            throw ModelError(
                "normEpsilon (\(normEpsilon)) must not be negative and ropeTheta (\(ropeTheta)) must be above 0")
        }
    }

    /// Width of all query heads together.
    public var queryDim: Int { heads * headDim }
    /// Width of all key heads together, and of all value heads.
    public var keyValueDim: Int { keyValueHeads * headDim }

    /// How many parameters a model of this shape has.
    public var parameterCount: Int {
        let attention = 2 * dim * queryDim + 2 * dim * keyValueDim + (attentionBias ? queryDim + 2 * keyValueDim : 0)
        let norms = 2 * dim + (queryKeyNorm ? 2 * headDim : 0)
        let layer = attention + 3 * dim * hiddenDim + norms
        return vocabularySize * dim * (tiedEmbeddings ? 1 : 2) + layers * layer + dim
    }
}

/// Llama 3's stretching of the rotary frequencies to longer texts: low frequencies are divided by `factor`, high ones
/// stay, those between are blended.
public struct RopeScaling: Equatable, Sendable {
    public var factor: Double
    public var lowFrequencyFactor: Double
    public var highFrequencyFactor: Double
    public var originalContextLength: Int

    public init(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContextLength: Int) {
        self.factor = factor
        self.lowFrequencyFactor = lowFrequencyFactor
        self.highFrequencyFactor = highFrequencyFactor
        self.originalContextLength = originalContextLength
    }

    fileprivate func scaled(_ frequency: Double) -> Double {
        let turns = Double(originalContextLength) * frequency / (2 * Double.pi)
        if turns < lowFrequencyFactor { return frequency / factor }
        if turns > highFrequencyFactor { return frequency }
        let blend = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
        return (1 - blend) * frequency / factor + blend * frequency
    }
}

extension TransformerConfiguration {
    /// The angle per position of each pair of a head's dimensions, [headDim / 2].
    public var rotaryFrequencies: [Double] {
        (0..<headDim / 2).map { pair in
            let frequency = pow(ropeTheta, -2 * Double(pair) / Double(headDim))
            return ropeScaling?.scaled(frequency) ?? frequency
        }
    }

    /// Cosines and sines of the positions 0 ..< length, each (length, headDim / 2).
    package func rotaryTables(length: Int) -> (cosines: [Float], sines: [Float]) {
        let frequencies = rotaryFrequencies
        var cosines: [Float] = [], sines: [Float] = []
        cosines.reserveCapacity(length * frequencies.count)
        sines.reserveCapacity(length * frequencies.count)
        for position in 0..<length {
            for frequency in frequencies {
                cosines.append(Float(cos(Double(position) * frequency)))
                sines.append(Float(sin(Double(position) * frequency)))
            }
        }
        return (cosines, sines)
    }
}
