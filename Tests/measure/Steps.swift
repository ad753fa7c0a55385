import Models
import Randomness
import Tensors

/// Training steps: forward, backward, gradient clipping and AdamW, of Llama-shaped models with random weights.
extension Cases {
    static let steps: [String: Make] = [
        "step_3M": { try step(small, rows: 8, length: 128) },
        "step_135M": { try step(smolLM2, rows: 8, length: 128) },
        "step_135M_64x96": { try step(smolLM2, rows: 64, length: 96) },
    ]

    /// The shape of SmolLM2-135M.
    private static var smolLM2: TransformerConfiguration {
        TransformerConfiguration(
            vocabularySize: 49_152, layers: 30, dim: 576, heads: 9, keyValueHeads: 3, hiddenDim: 1536,
            contextLength: 2048)
    }

    /// Three million parameters, a vocabulary of characters.
    private static var small: TransformerConfiguration {
        TransformerConfiguration(
            vocabularySize: 128, layers: 6, dim: 208, heads: 4, keyValueHeads: 2, hiddenDim: 560, contextLength: 256)
    }

    private static func step(
        _ configuration: TransformerConfiguration, rows: Int, length: Int
    ) throws -> () throws -> Void {
        let model = try LanguageModel(random: configuration, tokenizer: CharacterTokenizer(), seed: 1)
        let vocabulary = Int32(configuration.vocabularySize)
        let texts = (0..<rows).map { row in (0..<length).map { Int32($0 * 7919 + row * 104_729) % vocabulary } }
        let batch = try TokenBatch([(prompt: [1], rows: texts)])
        let parameters = try model.parameters()
        for parameter in parameters { try parameter.parameter() }
        let optimiser = AdamW(parameters, learningRate: 1e-4, weightDecay: 0.01)
        return {
            optimiser.zeroGradients()
            let loss = try model.crossEntropy(batch)
            try loss.backward()
            try clipGradientNorm(parameters, maximum: 1)
            try optimiser.step()
        }
    }
}
