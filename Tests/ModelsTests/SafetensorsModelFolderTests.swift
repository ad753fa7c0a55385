import Foundation
import JSON
import Models
import Tensors
import XCTest

final class SafetensorsModelFolderTests: XCTestCase {
    private func tinyLlama() throws -> LanguageModel {
        try LanguageModel.load(from: .folder(ModelFilesFixture.path("tiny-llama")))
    }

    private func logits(_ model: LanguageModel, _ tokens: [Int32]) throws -> [Float] {
        // The last token is a target only, so a further one makes every given one an input.
        let batch = try TokenBatch([(prompt: tokens, rows: [[0]])])
        return try noGrad { try model.logits(model.hiddenStates(batch)).floats() }
    }

    /// Against transformers, on a random model with grouped-query attention.
    func testLogitsOfARandomLlamaAreThoseOfTransformers() throws {
        let fixture = try ModelFilesFixture.json("tiny-llama/logits.json")
        let tokens = try XCTUnwrap(fixture["tokens"]?.array).compactMap(\.int).map(Int32.init)
        let expected = try XCTUnwrap(fixture["logits"]?.array).compactMap(\.double)
        let found = try logits(tinyLlama(), tokens)
        XCTAssertEqual(found.count, expected.count)
        for (x, y) in zip(found, expected) { XCTAssertEqual(Double(x), y, accuracy: 1e-4) }
    }

    func testASavedFolderGivesTheSameModel() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self) + "/saved"
        let model = try tinyLlama()
        model.chatTemplate = "<|im_start|>"
        try ModelFolder(path: folder).save(model)
        let again = try LanguageModel.load(folder)
        XCTAssertEqual(again.configuration, model.configuration)
        XCTAssertEqual(again.name, "saved")
        XCTAssertEqual(again.chatTemplate, "<|im_start|>")
        XCTAssertTrue(again.tokenizer is CharacterTokenizer)
        XCTAssertNil(again.bridge)
        let tokens: [Int32] = [3, 1, 4, 1, 5]
        XCTAssertEqual(try logits(again, tokens), try logits(model, tokens))
    }

    func testBridgeIsSavedWithItsModelOrAlone() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        for kind in BridgeConfiguration.Kind.allCases {
            let blocks = BridgeConfiguration(kind: kind, heads: 2, dim: 8, layers: [1])
            let model = try tinyLlama().attaching(blocks, seed: 5)
            try ModelFolder(path: folder + "/both").save(model)
            try ModelFolder(path: folder + "/alone").saveBridge(of: model)
            let both = try XCTUnwrap(LanguageModel.load(folder + "/both").bridge)
            let alone = try ModelFolder(path: folder + "/alone").loadBridge(for: model.configuration)
            for loaded in [both, alone] {
                XCTAssertEqual(loaded.configuration, blocks)
                let pairs = zip(loaded.namedParameters, try XCTUnwrap(model.bridge).namedParameters)
                for (found, wanted) in pairs {
                    XCTAssertEqual(found.name, wanted.name)
                    XCTAssertEqual(try found.tensor.floats(), try wanted.tensor.floats())
                }
            }
            assertModelError("Bridge weights only") { try LanguageModel.load(folder + "/alone") }
            // Saving the plain model over it leaves no blocks behind.
            try ModelFolder(path: folder + "/both").save(model.withoutBridge())
            XCTAssertNil(try LanguageModel.load(folder + "/both").bridge)
        }
    }

    func testBlocksAttachToCopiesOfTheirBaseOnlyUnlessToldOtherwise() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        let base = try tinyLlama()
        let net = try base.attaching(BridgeConfiguration(heads: 2, dim: 8), seed: 5)
        try ModelFolder(path: folder + "/blocks").saveBridge(of: net)
        try ModelFolder(path: folder + "/base").save(base)
        let blocks = ModelFolder(path: folder + "/blocks")
        XCTAssertEqual(try blocks.loadBridge(for: LanguageModel.load(folder + "/base")).configuration.dim, 8)
        for (name, tensor) in try base.namedParameters() where name.contains("k_proj") {
            try tensor.withMutableFloats { $0[0] += 1 }
        }
        assertModelError("any_base") { try blocks.loadBridge(for: base) }
        XCTAssertEqual(try blocks.loadBridge(for: base, anyBase: true).configuration.dim, 8)
        assertModelError("no bridge_config.json") {
            try ModelFolder(path: folder + "/base").loadBridge(for: base)
        }
    }

    /// As transformers does.
    func testAnOutputWeightThatDiffersFromTheEmbeddingCountsWhateverTheConfigurationSays() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        let model = try SmallModels.base(SmallModels.configuration(tied: false))
        func saveAsTied() throws {
            try ModelFolder(path: folder).save(model)
            var members = try XCTUnwrap(JSONValue(path: folder + "/config.json").object)
            members["tie_word_embeddings"] = true
            try JSONValue.object(members).text().write(
                toFile: folder + "/config.json", atomically: true, encoding: .utf8)
        }
        try saveAsTied()
        XCTAssertEqual(try logits(LanguageModel.load(folder), [3, 1, 4]), try logits(model, [3, 1, 4]))
        XCTAssertFalse(try LanguageModel.load(folder).configuration.tiedEmbeddings)
        let embedding = try model.weights.embedding.floats()
        try XCTUnwrap(model.weights.output).withMutableFloats { _ = $0.update(from: embedding) }
        try saveAsTied()
        XCTAssertTrue(try LanguageModel.load(folder).configuration.tiedEmbeddings)
    }

    func testScalingBesideAnEmptyListOfRotaryParametersIsRead() throws {
        let json = try JSONValue(path: ModelFilesFixture.path("families/deepseek-llama/config.json"))
        let wanted = try TransformerConfiguration(json, path: "config.json")
        var members = try XCTUnwrap(json.object)
        let places = [members["rope_parameters"], members["rope_scaling"]]
        let scaling = try XCTUnwrap(places.compactMap { $0 }.first { !$0.isNull })
        members["rope_theta"] = .double(wanted.ropeTheta)
        members["rope_scaling"] = scaling
        members["rope_parameters"] = JSONValue.null
        XCTAssertEqual(try TransformerConfiguration(.object(members), path: "config.json"), wanted)
        XCTAssertNotNil(wanted.ropeScaling)
    }

    func testAModelIsSavedInTheFewestBitsThatKeepItAsItIs() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        let half = try LanguageModel.load(from: .folder(ModelFilesFixture.path("families/deepseek-qwen")))
        func type(_ name: String) throws -> String? {
            try JSONValue(path: "\(folder)/\(name)/config.json")["torch_dtype"]?.string
        }
        try ModelFolder(path: folder + "/whole").save(half, encoding: .f32)
        try ModelFolder(path: folder + "/same").save(half)
        XCTAssertEqual(try type("whole"), "float32")
        XCTAssertEqual(try type("same"), "bfloat16")
        XCTAssertEqual(
            try logits(LanguageModel.load(folder + "/whole"), [1, 2, 3]),
            try logits(LanguageModel.load(folder + "/same"), [1, 2, 3]))
        for tensor in try half.parameters() where tensor.rank == 2 {
            try tensor.withMutableFloats { for index in $0.indices { $0[index] *= 1.01 } }
        }
        try ModelFolder(path: folder + "/trained").save(half)
        XCTAssertEqual(try type("trained"), "float32")
    }

    func testTheRolesOfSpecialTokensAndANamedTemplateAreReadAndSaved() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        func write(_ json: JSONValue, _ name: String) throws {
            try json.text().write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        func configuration(_ name: String = "tokenizer_config.json") throws -> JSONValue {
            try JSONValue(path: "\(folder)/\(name)")
        }
        let model = try LanguageModel.load(GGUFBuilder.smallModel().file())
        try ModelFolder(path: folder).save(model)
        XCTAssertEqual(try configuration()["eos_token"]?.string, "<|end|>")
        XCTAssertEqual(try configuration()["pad_token"]?.string, "<|end|>")
        try write(
            [
                "bos_token": ["content": "<b>", "special": true], "eos_token": "<|end|>", "add_bos_token": false,
                "chat_template": [
                    ["name": "tools", "template": "x"], ["name": "default", "template": "{{ bos_token }}d"],
                ],
            ], "tokenizer_config.json")
        let again = try LanguageModel.load(folder)
        XCTAssertEqual(again.specialTokens, ["bos_token": "<b>", "eos_token": "<|end|>"])
        XCTAssertEqual(again.chatTemplate, "{{ bos_token }}d")
        let message = ChatMessage(role: "user", content: "hi")
        XCTAssertEqual(try again.chatTokens([message]), try again.tokenizer.encode("<b>d"))
        XCTAssertNil(try model.chatTokens([message]))
        again.chatTemplate = "{{ strange }"
        assertModelError("not known here") { try again.chatTokens([message]) }
    }

    func testAByteLevelTokenizerIsSavedWithItsModel() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self) + "/gguf"
        let model = try LanguageModel.load(GGUFBuilder.smallModel().file())
        try ModelFolder(path: folder).save(model)
        let again = try LanguageModel.load(folder)
        XCTAssertEqual(again.tokenizer.stopTokens, [0])
        let text = "abc ab é<|end|>"
        XCTAssertEqual(try again.tokenizer.encode(text), try model.tokenizer.encode(text))
        XCTAssertEqual(try logits(again, [5, 6, 7]), try logits(model, [5, 6, 7]))
    }

    func testDamagedFoldersAreNamed() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        assertModelError("no config.json") { try LanguageModel.load(folder) }
        let model = try tinyLlama()
        func change(_ key: String, _ value: JSONValue) throws {
            try ModelFolder(path: folder).save(model)
            var members = try XCTUnwrap(JSONValue(path: folder + "/config.json").object)
            members[key] = value
            try JSONValue.object(members).text().write(
                toFile: folder + "/config.json", atomically: true, encoding: .utf8)
        }
        try change("model_type", "mamba")
        assertModelError("\"mamba\"") { try LanguageModel.load(folder) }
        try change("hidden_size", 64)
        assertModelError("has the shape") { try LanguageModel.load(folder) }
        try change("hidden_size", nil)
        assertModelError("hidden_size") { try LanguageModel.load(folder) }
        try change("num_hidden_layers", 1)
        assertModelError("no place for") { try LanguageModel.load(folder) }
        try change("num_hidden_layers", 3)
        assertModelError("no tensor named") { try LanguageModel.load(folder) }
        try change("rope_scaling", ["rope_type": "yarn"])
        assertModelError("yarn") { try LanguageModel.load(folder) }
        try change("tokenizer_class", nil)
        assertModelError("tokenizer.json") { try LanguageModel.load(folder) }
        try change("model_type", nil)
        assertModelError("no model_type") { try LanguageModel.load(folder) }
        try change("num_hidden_layers", 2)
        try FileManager.default.moveItem(
            atPath: folder + "/model.safetensors", toPath: folder + "/pytorch_model.bin")
        assertModelError("save_pretrained") { try LanguageModel.load(folder) }
    }

    func testNamesAndPathsAreFound() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        let locator = ModelLocator(shippedFolders: [folder + "/none", folder], cacheFolder: folder)
        assertModelError(folder + "/none/tiny") { try locator.locate("tiny") }
        try ModelFolder(path: folder + "/tiny").save(tinyLlama())
        XCTAssertEqual(try locator.locate("tiny"), .folder(folder + "/tiny"))
        XCTAssertEqual(try LanguageModel.load("tiny", locator: locator).name, "tiny")

        assertModelError("scripts/fetch-model smollm2") { try locator.locate("smollm2") }
        let gguf = folder + "/SmolLM2-135M-Instruct.Q4_1.gguf"
        XCTAssertTrue(FileManager.default.createFile(atPath: gguf, contents: Data(GGUFBuilder.smallModel().bytes)))
        XCTAssertEqual(try locator.locate("smollm2"), .gguf(gguf))
        XCTAssertEqual(try locator.locate(folder), .folder(folder))
        XCTAssertEqual(try LanguageModel.load(gguf, locator: locator).configuration.dim, 8)

        assertModelError("did you mean \"tiny\"") { try locator.locate("tyny") }
        let message = modelErrorMessage { try locator.locate("gpt-5") }
        XCTAssertTrue(message.contains("\"smollm2\" and \"tiny\"") && !message.contains("did you mean"), message)
        assertModelError("No such file") { try locator.locate("./nowhere.gguf") }
        assertModelError("\"\"") { try locator.locate("") }
    }
}
