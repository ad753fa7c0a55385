import CMemory
import Models
import Tensors
import XCTest

/// What decoding holds in memory.
final class DecodingMemoryTests: XCTestCase {
    func testAModelWithNewBlocksSharesWhatDecodingReads() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        let configuration = TransformerConfiguration(
            vocabularySize: 97, layers: 4, dim: 256, heads: 4, hiddenDim: 1024, contextLength: 64)
        let made = try LanguageModel(random: configuration, tokenizer: CharacterTokenizer(), seed: 1)
        try ModelFolder(path: folder).save(made)
        let base = try LanguageModel.load(from: .folder(folder))
        let options = SamplingOptions(maxTokens: 4)
        _ = try base.generate([GroupRequest(prompt: [1], width: 2)], options: options)
        let net = try base.attaching(BridgeConfiguration(heads: 2, dim: 16))
        let before = cmemory_bytes_in_use()
        let said = try net.generate([GroupRequest(prompt: [1], width: 2)], options: options)
        let growth = Int(cmemory_bytes_in_use()) - Int(before)
        XCTAssertLessThan(growth, configuration.parameterCount)  // a copy has four times as many bytes
        // Training one leaves what the other reads.
        for tensor in try net.parameters(.old) where tensor.rank == 2 {
            try tensor.withMutableFloats { for index in $0.indices { $0[index] *= 1.5 } }
        }
        XCTAssertNotEqual(try net.generate([GroupRequest(prompt: [1], width: 2)], options: options), said)
        XCTAssertEqual(try base.generate([GroupRequest(prompt: [1], width: 2)], options: options), said)
    }
}
