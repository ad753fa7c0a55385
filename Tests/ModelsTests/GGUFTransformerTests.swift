import Models
import XCTest

final class GGUFTransformerTests: XCTestCase {
    private func rows(_ model: LanguageModel, _ name: String) throws -> [[Float]] {
        let weight = try XCTUnwrap(model.namedParameters().first { $0.name == "model.layers.0.self_attn.\(name)" })
            .tensor
        let columns = weight.count / weight.shape[0]
        let values = try weight.floats()
        return (0..<weight.shape[0]).map { Array(values[$0 * columns..<($0 + 1) * columns]) }
    }

    /// Heads are four wide here: the converter put the rows 0 1 2 3 of each into the order 0 2 1 3.
    func testQueryAndKeyRowsOfALlamaAreInTheHalfSplitOrder() throws {
        let file = try GGUFBuilder.smallModel().file()
        let model = try LanguageModel.load(file)
        for (name, ggufName, order) in [
            ("q_proj", "attn_q", [0, 2, 1, 3, 4, 6, 5, 7]), ("k_proj", "attn_k", [0, 2, 1, 3]),
            ("v_proj", "attn_v", [0, 1, 2, 3]),
        ] {
            let values = try file.floats("blk.0.\(ggufName).weight")
            XCTAssertEqual(
                try rows(model, "\(name).weight"), order.map { Array(values[$0 * 8..<($0 + 1) * 8]) }, name)
        }
    }

    func testQwen2KeepsItsRowsAndHasBiases() throws {
        var builder = GGUFBuilder.smallModel()
        builder.metadata[0].value = GGUFBuilder.word(8) + GGUFBuilder.text("qwen2")
        for place in builder.metadata.indices where builder.metadata[place].key.hasPrefix("llama.") {
            builder.metadata[place].key = "qwen2." + builder.metadata[place].key.dropFirst(6)
        }
        builder.add("blk.0.attn_q.bias", [1, 2, 3, 4, 5, 6, 7, 8])
        builder.add("blk.0.attn_k.bias", [1, 2, 3, 4])
        builder.add("blk.0.attn_v.bias", [1, 2, 3, 4])
        let file = try builder.file()
        let model = try LanguageModel.load(file)
        XCTAssertTrue(model.configuration.attentionBias)
        XCTAssertEqual(try rows(model, "q_proj.weight").flatMap { $0 }, try file.floats("blk.0.attn_q.weight"))
        XCTAssertEqual(try rows(model, "q_proj.bias").flatMap { $0 }, [1, 2, 3, 4, 5, 6, 7, 8])
    }

    /// With theta 1e9 the two frequencies are 1 and 3e-5, so Llama 3.1 leaves the first and divides the second by 8.
    func testTheFrequencyFactorsOfLlama3AreRecognisedAndOthersRefused() throws {
        var builder = GGUFBuilder.smallModel()
        builder.set("llama.rope.freq_base", Float(1e9))
        builder.add("rope_freqs.weight", [1, 8])
        XCTAssertEqual(
            try LanguageModel.load(builder.file()).configuration.ropeScaling,
            RopeScaling(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 8_192))
        builder.tensors[builder.tensors.count - 1].data = [Float(3), 8].flatMap { GGUFBuilder.word($0.bitPattern) }
        assertModelError("rope_freqs.weight") { try LanguageModel.load(builder.file()) }
        builder.tensors.removeLast()
        builder.set("llama.rope.scaling.type", "yarn")
        assertModelError("yarn") { try LanguageModel.load(builder.file()) }
    }
}
