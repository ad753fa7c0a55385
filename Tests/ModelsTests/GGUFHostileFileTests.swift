import Models
import Randomness
import XCTest

/// Damaged files must give an error or a model, never a crash.
final class GGUFHostileFileTests: XCTestCase {
    private func load(_ bytes: [UInt8]) throws {
        let gguf = try GGUFFile(MappedFile(contents: bytes, name: "hostile.gguf"))
        for name in gguf.tensors.keys { _ = try gguf.floats(name) }
        let model = try LanguageModel.load(gguf)
        let tokens = try model.tokenizer.encode("abc ab <|end|> ü\n")
        XCTAssertTrue(tokens.allSatisfy { 0..<Int32(model.tokenizer.vocabularySize) ~= $0 })
        _ = model.tokenizer.decode(tokens + [-1, .max])
    }

    private func survives(_ bytes: [UInt8]) -> Bool {
        do {
            try load(bytes)
            return true
        } catch {
            XCTAssertTrue(error is ModelError, "\(error)")
            return false
        }
    }

    func testTheUndamagedFileLoads() throws { try load(GGUFBuilder.smallModel().bytes) }

    func testEveryTruncationIsAnError() throws {
        let bytes = GGUFBuilder.smallModel().bytes
        // The last tensor's data end right at the end of the file.
        for length in 0..<bytes.count { XCTAssertFalse(survives(Array(bytes[..<length])), "\(length) bytes") }
    }

    func testTwoThousandMutationsNeverCrash() throws {
        let bytes = GGUFBuilder.smallModel().bytes
        // What comes before the tensors' data: there every byte means something.
        let headerLength = bytes.count - (261 * 8 + 4 * 8 + 8 * 8 * 2 + 4 * 8 * 2 + 12 * 8 * 3) * 4
        var stream = RandomStream(seed: 20, purpose: .data)
        var errors = 0
        for _ in 0..<2_000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &stream) {
                let place = Int.random(in: 0..<headerLength, using: &stream)
                switch Int.random(in: 0..<4, using: &stream) {
                case 0: mutated[place] ^= 1 << UInt8.random(in: 0..<8, using: &stream)
                case 1: mutated[place] = UInt8.random(in: 0...255, using: &stream)
                case 2: for i in place..<min(place + 8, headerLength) { mutated[i] = 0xFF }
                default: mutated.removeSubrange(place..<min(place + 3, headerLength))
                }
            }
            if !survives(mutated) { errors += 1 }
        }
        XCTAssertGreaterThan(errors, 500)
    }

    // MARK: Models that are sound files but no models

    func testAnUnknownArchitectureIsNamed() throws {
        var builder = GGUFBuilder.smallModel()
        builder.metadata[0].value = GGUFBuilder.word(8) + GGUFBuilder.text("mamba")
        assertModelError("architecture is \"mamba\"") { try LanguageModel.load(builder.file()) }
    }

    func testMissingMetadataIsNamed() throws {
        for key in [
            "llama.block_count", "llama.embedding_length", "llama.attention.head_count", "llama.context_length",
            "tokenizer.ggml.merges", "tokenizer.ggml.tokens", "tokenizer.ggml.token_type", "tokenizer.ggml.model",
        ] {
            var builder = GGUFBuilder.smallModel()
            builder.metadata.removeAll { $0.key == key }
            assertModelError(key) { try LanguageModel.load(builder.file()) }
        }
    }

    func testMissingMisshapenAndSurplusWeightsAreNamed() throws {
        var builder = GGUFBuilder.smallModel()
        let index = builder.tensors.firstIndex { $0.name == "blk.0.attn_k.weight" }!
        builder.tensors[index].dimensions = [16, 2]
        assertModelError("\"blk.0.attn_k.weight\" has the shape (2, 16)") { try LanguageModel.load(builder.file()) }
        builder.tensors.remove(at: index)
        assertModelError("no tensor named \"blk.0.attn_k.weight\"") { try LanguageModel.load(builder.file()) }
        builder = GGUFBuilder.smallModel()
        builder.add("blk.0.mystery.weight", [1])
        assertModelError("\"blk.0.mystery.weight\"") { try LanguageModel.load(builder.file()) }
    }

    func testImpossibleNumbersOfHeadsAreRefused() throws {
        for heads in [3, 5, 1 << 20] {
            var builder = GGUFBuilder.smallModel()
            let place = builder.metadata.firstIndex { $0.key == "llama.attention.head_count_kv" }!
            builder.metadata[place].value = GGUFBuilder.word(4) + GGUFBuilder.word(UInt32(heads))
            XCTAssertFalse(modelErrorMessage { try LanguageModel.load(builder.file()) }.isEmpty)
        }
    }

    func testAMergeOfUnknownTokensIsNamed() throws {
        var builder = GGUFBuilder()
        builder.setVocabulary(merges: ["a b"])
        let place = builder.metadata.firstIndex { $0.key == "tokenizer.ggml.merges" }!
        builder.metadata[place].value =
            GGUFBuilder.word(9) + GGUFBuilder.word(8) + GGUFBuilder.long(1) + GGUFBuilder.text("x y")
        assertModelError("merge 0 of \"x\" and \"y\"") { try BytePairTokenizer(builder.file()) }
        builder.metadata[place].value =
            GGUFBuilder.word(9) + GGUFBuilder.word(8) + GGUFBuilder.long(1) + GGUFBuilder.text("xy")
        assertModelError("tokenizer.ggml.merges") { try BytePairTokenizer(builder.file()) }
    }

    func testAnUnknownWayToCutTextIsNamed() throws {
        var builder = GGUFBuilder()
        builder.setVocabulary(merges: [], pre: "poro-chat")
        assertModelError("\"poro-chat\"") { try BytePairTokenizer(builder.file()) }
    }
}
