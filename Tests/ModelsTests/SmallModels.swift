import Models
import Randomness
import Tensors
import XCTest

/// Random models that are quick to run and yet have every part: grouped queries, several layers, biases on request.
enum SmallModels {
    static func configuration(
        layers: Int = 2, attentionBias: Bool = false, tied: Bool = true, scaling: RopeScaling? = nil
    ) -> TransformerConfiguration {
        TransformerConfiguration(
            vocabularySize: 97, layers: layers, dim: 32, heads: 4, keyValueHeads: 2, hiddenDim: 48,
            ropeScaling: scaling, contextLength: 128, tiedEmbeddings: tied, attentionBias: attentionBias)
    }

    /// A base model with an embedding wide enough for a distribution that is far from uniform.
    static func base(
        _ configuration: TransformerConfiguration = configuration(), seed: UInt64 = 1
    ) throws -> LanguageModel {
        let model = try LanguageModel(random: configuration, tokenizer: CharacterTokenizer(), seed: seed)
        var stream = RandomStream(seed: seed, purpose: .user)
        for (name, tensor) in try model.namedParameters() where name.contains("embed") || name.contains("bias") {
            try fill(tensor, deviation: 0.3, &stream)
        }
        return model
    }

    /// The base with new blocks whose output projection is not zero.
    static func withBlocks(
        _ kind: BridgeConfiguration.Kind, of base: LanguageModel, heads: Int = 2, dim: Int = 16, layers: [Int]? = nil,
        deviation: Float = 0.5
    ) throws -> LanguageModel {
        let model = try base.attaching(BridgeConfiguration(kind: kind, heads: heads, dim: dim, layers: layers), seed: 5)
        var stream = RandomStream(seed: 9, purpose: .user)
        for (name, tensor) in try model.namedParameters(.new)
        where name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight") {
            try fill(tensor, deviation: deviation, &stream)
        }
        return model
    }

    static func fill(_ tensor: Tensor, deviation: Float, _ stream: inout RandomStream) throws {
        let values = try Tensor.randn(tensor.shape, stream: &stream).floats()
        try tensor.withMutableFloats { target in
            for index in target.indices { target[index] = values[index] * deviation }
        }
    }

    static func prompts(_ model: LanguageModel, _ texts: String...) throws -> [[Int32]] {
        try texts.map { try model.tokenizer.encode($0) }
    }
}

func assertClose(
    _ a: [Float], _ b: [Float], _ tolerance: Float, _ message: String = "", file: StaticString = #filePath,
    line: UInt = #line
) {
    XCTAssertEqual(a.count, b.count, message, file: file, line: line)
    let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
    XCTAssertTrue(worst <= tolerance, "differs by \(worst). \(message)", file: file, line: line)
}
