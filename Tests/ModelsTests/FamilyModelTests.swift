import Foundation
import JSON
import Models
import Tensors
import XCTest

/// Random models of every family, against transformers (`scripts/dev/make-family-fixtures.py`).
final class FamilyModelTests: XCTestCase {
    private static let families = ["llama2", "llama3", "deepseek-llama", "qwen2", "deepseek-qwen", "qwen3"]

    private func load(_ name: String) throws -> LanguageModel {
        try LanguageModel.load(from: .folder(ModelFilesFixture.path("families/\(name)")))
    }

    private func logits(_ model: LanguageModel, _ tokens: [Int32]) throws -> [Float] {
        let batch = try TokenBatch([(prompt: tokens, rows: [[0]])])
        return try noGrad { try model.logits(model.hiddenStates(batch)).floats() }
    }

    /// The largest difference from what transformers says.
    private func difference(_ model: LanguageModel, from name: String) throws -> Double {
        let fixture = try ModelFilesFixture.json("families/\(name)/logits.json")
        let tokens = try XCTUnwrap(fixture["tokens"]?.array).compactMap(\.int).map(Int32.init)
        let expected = try XCTUnwrap(fixture["logits"]?.array).compactMap(\.double)
        let step = try XCTUnwrap(fixture["stride"]?.int)
        let found = try logits(model, tokens)
        XCTAssertEqual((found.count + step - 1) / step, expected.count)
        return zip(stride(from: 0, to: found.count, by: step), expected).map { abs(Double(found[$0]) - $1) }.max() ?? 1
    }

    func testLogitsOfEveryFamilyAreThoseOfTransformers() throws {
        for name in Self.families {
            let worst = try difference(load(name), from: name)
            XCTAssertLessThan(worst, 1e-4, name)
        }
    }

    func testTheConfigurationsSayWhatTheFamiliesAre() throws {
        let qwen3 = try load("qwen3").configuration
        XCTAssertTrue(qwen3.queryKeyNorm && qwen3.tiedEmbeddings && !qwen3.attentionBias)
        XCTAssertEqual([qwen3.headDim, qwen3.queryDim, qwen3.keyValueDim], [16, 64, 32])
        let distilled = try load("deepseek-qwen").configuration
        XCTAssertTrue(distilled.attentionBias && !distilled.tiedEmbeddings)
        XCTAssertEqual(try load("deepseek-llama").configuration.ropeScaling?.originalContextLength, 16)
        XCTAssertEqual(try load("llama2").configuration.keyValueHeads, 4)
        for name in Self.families {
            let model = try load(name)
            XCTAssertEqual(model.configuration.parameterCount, model.parameterCount(.old), name)
        }
    }

    /// The cached path takes heads of its own width, norms of heads, biases and stretched positions as the other does.
    func testSamplingSeesTheProbabilitiesOfTraining() throws {
        for name in Self.families {
            let model = try load(name)
            let requests = [GroupRequest(prompt: [1, 5, 60, 3], width: 3), GroupRequest(prompt: [9], width: 2)]
            let groups = try model.generate(requests, options: SamplingOptions(maxTokens: 20, seed: 3))
            let batch = try TokenBatch(groups)
            let found = try noGrad { try model.tokenLogProbabilities(batch).floats() }
            assertClose(found, groups.flatMap { $0.rows.flatMap(\.logProbabilities) }, 1e-4, name)
        }
    }

    func testASavedFamilyIsTheSameModel() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        for name in Self.families {
            let model = try load(name)
            try ModelFolder(path: "\(folder)/\(name)").save(model)
            let again = try LanguageModel.load("\(folder)/\(name)")
            XCTAssertEqual(again.configuration, model.configuration)
            XCTAssertLessThan(try difference(again, from: name), 1e-4, name)
        }
    }

    func testGGUFFilesGiveTheSameLogits() throws {
        for name in ["llama3", "qwen3"] {
            let gguf = try GGUFFile(path: ModelFilesFixture.path("families/\(name).gguf"))
            let loaded = try LanguageModel.load(gguf)
            // GGUF keeps the factors of the frequencies only, and only those of published models are known.
            var configuration = loaded.configuration
            configuration.ropeScaling = try load(name).configuration.ropeScaling
            let model = try LanguageModel(
                configuration: configuration, weights: loaded.weights, tokenizer: loaded.tokenizer, name: name)
            XCTAssertLessThan(try difference(model, from: name), 1e-4, name)
        }
    }

    func testOptionsThatMakeAnotherModelAreNamed() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        let model = try load("qwen3")
        let config = folder + "/config.json"
        func refuses(_ key: String, _ value: JSONValue, line: UInt = #line) throws {
            try ModelFolder(path: folder).save(model)
            var members = try XCTUnwrap(JSONValue(path: config).object)
            members[key] = value
            try JSONValue.object(members).text().write(toFile: config, atomically: true, encoding: .utf8)
            assertModelError(key, line: line) { try LanguageModel.load(folder) }
        }
        try refuses("use_sliding_window", true)
        try refuses("layer_types", ["full_attention", "sliding_attention"])
        try refuses("attention_bias", true)
        try refuses("mlp_bias", true)
        try refuses("partial_rotary_factor", 0.5)
        try refuses("quantization_config", ["quant_method": "gptq"])
    }

    func testAFailedSaveLeavesNoFolderBehind() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self) + "/saved"
        let model = try load("llama2")
        assertModelError("not Q8_0") { try ModelFolder(path: folder).save(model, encoding: .q8_0) }
        XCTAssertFalse(ModelFolder(path: folder).hasModel)
        assertModelError("No such file") { try LanguageModel.load(folder) }
        // A folder that was there before stays, with what is in it.
        try ModelFolder(path: folder).save(model)
        assertModelError("not Q8_0") { try ModelFolder(path: folder).save(model, encoding: .q8_0) }
        XCTAssertTrue(ModelFolder(path: folder).hasModel)
    }
}
