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

    /// However long the texts, as often is memory asked for: steps of decoding take what is there.
    func testAStepAllocatesNothing() throws {
        try XCTSkipIf(cmemory_counts_allocations() == 0, "a sanitizer is in the way")
        let base = try SmallModels.base()
        let net = try SmallModels.withBlocks(.bridge, of: base)
        for (model, precision) in [(base, WeightPrecision.f32), (base, .q8), (base, .q4), (net, .f32)] {
            for (groups, width) in [(1, 1), (1, 8), (7, 3)] {
                let requests = (0..<groups).map { GroupRequest(prompt: [1, 2, 3], width: width, problem: $0) }
                func allocations(_ tokens: Int) throws -> (count: Int, steps: Int) {
                    let options = SamplingOptions(
                        maxTokens: tokens, temperature: 0.9, topK: 20, topP: 0.95, seed: 4,
                        stopStrings: ["\u{1}nowhere"], precision: precision)
                    let sampler = try Sampler(model, options: options)
                    let before = cmemory_allocations()
                    let said = try sampler.run(requests)
                    let count = Int(cmemory_allocations() - before)
                    return (count, said.flatMap(\.rows).map(\.tokens.count).max() ?? 0)
                }
                // What is made when it is first used, such as the language's descriptions of types, is made here.
                _ = try allocations(60)
                let few = try allocations(10), many = try allocations(60)
                XCTAssertGreaterThan(few.count, 0)
                XCTAssertGreaterThan(many.steps, few.steps + 20)
                // A hash table's size can depend on its seed.
                XCTAssertEqual(many.count, few.count, accuracy: 2, "\(precision), \(groups) x \(width)")
            }
        }
    }
}
