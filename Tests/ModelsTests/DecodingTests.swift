import Glibc
import Models
import Randomness
import Tensors
import XCTest

/// The decoding path against the training path, and the independence of a row's text from the rest of the batch.
final class DecodingTests: XCTestCase {
    private let texts = ["12+34=", "a longer prompt, to be continued", "?", "x y z", "1", "22", "333", "4444"]

    private func requests(_ model: LanguageModel, width: Int) throws -> [GroupRequest] {
        try texts.enumerated().map {
            GroupRequest(prompt: try model.tokenizer.encode($0.element), width: width, problem: $0.offset)
        }
    }

    /// Greedy decoding by forwarding the whole text for every token.
    private func greedyByFullForward(
        _ model: LanguageModel, _ prompt: [Int32], _ count: Int
    ) throws -> (tokens: [Int32], logProbabilities: [Float]) {
        var tokens: [Int32] = [], logProbabilities: [Float] = []
        for _ in 0..<count {
            let batch = try TokenBatch([(prompt: prompt + tokens, rows: [[]])])
            let logits = try model.logits(model.hiddenStates(batch)).floats().suffix(model.configuration.vocabularySize)
            let all = Array(logits), best = all.indices.reduce(0) { all[$1] > all[$0] ? $1 : $0 }
            let sum = all.reduce(0.0) { $0 + exp(Double($1 - all[best])) }
            tokens.append(Int32(best))
            logProbabilities.append(Float(-log(sum)))
        }
        return (tokens, logProbabilities)
    }

    func testCachedDecodingEqualsTheFullForward() throws {
        let scaling = RopeScaling(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 64)
        let configurations = [
            SmallModels.configuration(), SmallModels.configuration(attentionBias: true, tied: false),
            SmallModels.configuration(scaling: scaling),
        ]
        for configuration in configurations {
            let model = try SmallModels.base(configuration)
            let prompt = try model.tokenizer.encode("count: 1 2 3")
            let options = SamplingOptions(maxTokens: 20, temperature: 0)
            let row = try model.generate([GroupRequest(prompt: prompt, width: 1)], options: options)[0].rows[0]
            let expected = try greedyByFullForward(model, prompt, row.tokens.count)
            XCTAssertEqual(row.tokens, expected.tokens)
            assertClose(row.logProbabilities, expected.logProbabilities, 1e-4)
        }
    }

    func testPromptLongerThanAChunkEqualsTheFullForward() throws {
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let prompt = try model.tokenizer.encode(String(repeating: "abc 123 ", count: 14))
        let row = try model.generate(
            [GroupRequest(prompt: prompt, width: 1)], options: SamplingOptions(maxTokens: 5, temperature: 0))[0].rows[0]
        let expected = try greedyByFullForward(model, prompt, row.tokens.count)
        XCTAssertEqual(row.tokens, expected.tokens)
        assertClose(row.logProbabilities, expected.logProbabilities, 1e-4)
    }

    func testPrefillWithOneRowEqualsAllRows() throws {
        // The trainer forwards the prompt once a row, the sampler once a group; the first token's probability tells.
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let groups = try model.generate(try requests(model, width: 5), options: SamplingOptions(maxTokens: 1, seed: 8))
        let trainer = try model.tokenLogProbabilities(TokenBatch(groups)).floats()
        assertClose(groups.flatMap { $0.rows.flatMap(\.logProbabilities) }, trainer, 1e-4)
    }

    func testTextOfARowIsTheSameAloneAndInABiggerBatch() throws {
        let base = try SmallModels.base(), options = SamplingOptions(maxTokens: 24, seed: 21)
        // Without Bridge: a row alone is the group's row of the same name.
        let together = try base.generate(try requests(base, width: 7), options: options)
        let alone = try base.generate(try requests(base, width: 1), options: options)
        for (a, b) in zip(together, alone) { XCTAssertEqual(a.rows[0], b.rows[0]) }
        // With it: the group alone.
        let model = try SmallModels.withBlocks(.bridge, of: base)
        let many = try requests(model, width: 7)
        let all = try model.generate(many, options: options)
        for (request, group) in zip(many, all) {
            XCTAssertEqual(try model.generate([request], options: options)[0], group)
        }
    }

    func testThreadCountChangesNothing() throws {
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let options = SamplingOptions(maxTokens: 24, seed: 22)
        for count in [1, 3, 8] {
            let some = Array(try requests(model, width: 6).prefix(count))
            let one = try ThreadPool.withThreads(1) { try model.generate(some, options: options) }
            let two = try ThreadPool.withThreads(2) { try model.generate(some, options: options) }
            let five = try ThreadPool.withThreads(5) { try model.generate(some, options: options) }
            XCTAssertEqual(one, two)
            XCTAssertEqual(one, five)
        }
    }

    func testBatchesOfBoundedSizeChangeNothing() throws {
        let model = try SmallModels.base(), options = SamplingOptions(maxTokens: 4, seed: 1)
        let prompt = try model.tokenizer.encode("n=")
        // More rows than one batch holds.
        let many = (0..<40).map { GroupRequest(prompt: prompt, width: 64, problem: $0) }
        let groups = try model.generate(many, options: options)
        XCTAssertEqual(groups.map(\.problem), Array(0..<40))
        XCTAssertEqual(groups[37], try model.generate([many[37]], options: options)[0])
    }

    func testSameSeedSameTextAnotherSeedAnother() throws {
        let model = try SmallModels.base()
        let request = Array(try requests(model, width: 4).prefix(1))
        let a = try model.generate(request, options: SamplingOptions(maxTokens: 20, seed: 1))
        XCTAssertEqual(a, try model.generate(request, options: SamplingOptions(maxTokens: 20, seed: 1)))
        XCTAssertNotEqual(a, try model.generate(request, options: SamplingOptions(maxTokens: 20, seed: 2)))
        XCTAssertEqual(Set(a[0].rows.map(\.tokens)).count, 4)
    }

    func testRowsStopAtStopTokensAndLimits() throws {
        let model = try SmallModels.base()
        let prompt = try model.tokenizer.encode("abc")
        let stops: [Int32] = Array(0..<30)
        let options = SamplingOptions(maxTokens: 9, seed: 5, extraStopTokens: stops)
        let rows = try model.generate([GroupRequest(prompt: prompt, width: 32)], options: options)[0].rows
        for row in rows {
            XCTAssertEqual(row.tokens.count, row.logProbabilities.count)
            XCTAssertEqual(row.finished, stops.contains(try XCTUnwrap(row.tokens.last)))
            XCTAssertFalse(row.tokens.dropLast().contains { stops.contains($0) })
            if !row.finished { XCTAssertEqual(row.tokens.count, 9) }
        }
        XCTAssertTrue(rows.contains { $0.finished } && rows.contains { !$0.finished })
        // The context's end is a limit too: 128 tokens with the prompt.
        let long = try model.generate(
            [GroupRequest(prompt: Array(repeating: 5, count: 120), width: 2)], options: SamplingOptions(maxTokens: 50))
        for row in long[0].rows where !row.finished { XCTAssertEqual(row.tokens.count, 8) }
    }

    func testEventsComeForEveryTokenInOrder() throws {
        let model = try SmallModels.base()
        var heard: [[Int: [Int32]]] = Array(repeating: [:], count: 3), last = 0
        let groups = try model.generate(
            Array(try requests(model, width: 3).prefix(3)), options: SamplingOptions(maxTokens: 10, seed: 6)
        ) { event in
            heard[event.request][event.row, default: []].append(event.token)
            if event.isLast { last += 1 }
        }
        for (request, group) in groups.enumerated() {
            for (row, sampled) in group.rows.enumerated() { XCTAssertEqual(heard[request][row], sampled.tokens) }
        }
        XCTAssertEqual(last, 9)
    }

    func testOptimiserStepIsNoticed() throws {
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let request = Array(try requests(model, width: 2).prefix(1)), options = SamplingOptions(maxTokens: 6, seed: 4)
        for set in [LanguageModel.ParameterSet.new, .old] {
            let group = try model.generate(request, options: options)[0]
            let parameters = try model.parameters(set)
            try parameters.forEach { try $0.parameter() }
            try model.tokenLogProbabilities(TokenBatch([group])).sum().backward()
            try AdamW(parameters, learningRate: 0.02).step()
            let after = try model.generate(request, options: options)
            let trainer = try noGrad { try model.tokenLogProbabilities(TokenBatch(after)).floats() }
            assertClose(after[0].rows.flatMap(\.logProbabilities), trainer, 1e-4)
            XCTAssertNotEqual(after[0].rows, group.rows)
            parameters.forEach { $0.requiresGradient = false }
        }
    }

    func testChangedWeightsAreReadAfterNotice() throws {
        let model = try SmallModels.base()
        let request = Array(try requests(model, width: 1).prefix(1)),
            options = SamplingOptions(maxTokens: 8, temperature: 0)
        let before = try model.generate(request, options: options)
        var stream = RandomStream(seed: 77, purpose: .user)
        for tensor in try model.parameters() where tensor.rank == 2 {
            try SmallModels.fill(tensor, deviation: 0.3, &stream)
        }
        model.weightsDidChange()
        let after = try model.generate(request, options: options)
        XCTAssertNotEqual(before, after)
        XCTAssertEqual(
            after[0].rows[0].tokens,
            try greedyByFullForward(model, request[0].prompt, after[0].rows[0].tokens.count).tokens)
    }

    func testWrongRequestsAreRefused() throws {
        let model = try SmallModels.base()
        let wrong: [(GroupRequest, String)] = [
            (GroupRequest(prompt: [], width: 1), "empty"), (GroupRequest(prompt: [3], width: 0), "rows"),
            (GroupRequest(prompt: [97], width: 1), "97"), (GroupRequest(prompt: [-1], width: 1), "-1"),
            (GroupRequest(prompt: Array(repeating: 2, count: 128), width: 1), "128"),
        ]
        for (request, hint) in wrong {
            XCTAssertThrowsError(try model.generate([request], options: SamplingOptions())) { error in
                XCTAssertTrue("\(error)".contains(hint), "\(error)")
            }
        }
        let options = [
            SamplingOptions(maxTokens: 0), SamplingOptions(temperature: -1), SamplingOptions(temperature: .nan),
            SamplingOptions(topK: 0), SamplingOptions(topP: 0), SamplingOptions(topP: 1.5), SamplingOptions(minP: -0.1),
        ]
        for option in options {
            XCTAssertThrowsError(try Sampler(model, options: option)) { XCTAssertTrue($0 is ModelError) }
        }
    }
}
