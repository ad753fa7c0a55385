import Models
import Randomness
import Tensors
import XCTest

/// Many groups in few places, what ends a row, and weights of fewer bits.
final class SamplingEngineTests: XCTestCase {
    private func requests(_ count: Int, width: Int = 3) -> [GroupRequest] {
        (0..<count).map { index in
            let prompt = (0...index % 5).map { Int32(($0 * 7 + index) % 90 + 1) }
            return GroupRequest(prompt: prompt, width: width, problem: index, group: index % 2)
        }
    }

    private func run(
        _ model: LanguageModel, _ requests: [GroupRequest], rows: Int, _ options: SamplingOptions
    ) throws -> [SampledGroup] {
        try Sampler(model, options: options, maximumRows: rows).run(requests)
    }

    func testGroupsThatEnterLaterSayTheSame() throws {
        let options = SamplingOptions(maxTokens: 24, seed: 11, extraStopTokens: Array(30..<50))
        for kind in [nil, BridgeConfiguration.Kind.bridge, .pmatch] {
            let base = try SmallModels.base()
            let model = try kind.map { try SmallModels.withBlocks($0, of: base) } ?? base
            let whole = try run(model, requests(17), rows: 1000, options)
            XCTAssertTrue(whole.contains { $0.rows.contains { $0.tokens.count < 4 } })
            XCTAssertTrue(whole.contains { $0.rows.contains { $0.tokens.count > 6 } })
            for rows in [1, 3, 7, 10] { XCTAssertEqual(try run(model, requests(17), rows: rows, options), whole) }
            for threads in [1, 2, 3] {
                let again = try ThreadPool.withThreads(threads) { try run(model, requests(17), rows: 10, options) }
                XCTAssertEqual(again, whole, "\(threads) threads")
            }
            let alone = try run(model, [requests(17)[9]], rows: 1000, options)
            XCTAssertEqual(alone[0], whole[9])
        }
    }

    func testEveryTokenIsHandedOutOnceAndTheLastOneIsMarked() throws {
        let model = try SmallModels.base()
        let options = SamplingOptions(maxTokens: 12, seed: 2, extraStopTokens: Array(30..<50))
        var said: [String: [Int32]] = [:], ended: Set<String> = []
        let groups = try Sampler(model, options: options, maximumRows: 5).run(requests(6, width: 2)) { event in
            let row = "\(event.request) \(event.row)"
            XCTAssertFalse(ended.contains(row))
            said[row, default: []].append(event.token)
            if event.isLast { ended.insert(row) }
            let stops = model.tokenizer.stopTokens + Array(30..<50)
            XCTAssertEqual(event.isStop, stops.contains(event.token))
        }
        XCTAssertEqual(ended.count, 12)
        for (index, group) in groups.enumerated() {
            for (row, sampled) in group.rows.enumerated() { XCTAssertEqual(said["\(index) \(row)"], sampled.tokens) }
        }
    }

    // MARK: What ends a row

    func testARowEndsWithAStopStringAndItsTextBeforeIt() throws {
        let model = try SmallModels.base()
        let request = [GroupRequest(prompt: [4, 5], width: 8)]
        let plain = SamplingOptions(maxTokens: 40, seed: 3)
        let free = try model.generate(request, options: plain)[0]
        // A pair of characters out of the middle of a row.
        let text = model.tokenizer.decode(free.rows[0].tokens)
        let stop = String(text.dropFirst(10).prefix(2))
        XCTAssertEqual(stop.count, 2)
        var options = plain
        options.stopStrings = ["never said at all", stop]
        let stopped = try model.generate(request, options: options)[0]
        for (row, whole) in zip(stopped.rows, free.rows) {
            XCTAssertEqual(row.tokens, Array(whole.tokens.prefix(row.tokens.count)))
            let text = model.tokenizer.decode(row.tokens)
            if row.tokens.count < whole.tokens.count {
                XCTAssertTrue(row.finished && text.hasSuffix(stop))
                XCTAssertFalse(options.cut(text).contains(stop))
            } else {
                XCTAssertFalse(text.dropLast().contains(stop))
            }
        }
        XCTAssertLessThanOrEqual(stopped.rows[0].tokens.count, 12)
        XCTAssertEqual(options.cut("abc"), "abc")
        XCTAssertEqual(SamplingOptions(stopStrings: ["c", "b"]).cut("abcd"), "a")
    }

    func testAnEmptyStopStringAndAWrongPenaltyAreRefused() throws {
        let model = try SmallModels.base()
        assertModelError("stop string is empty") { try Sampler(model, options: SamplingOptions(stopStrings: [""])) }
        for penalty in [0, -1, Double.nan, .infinity] {
            assertModelError("repetition penalty") {
                try Sampler(model, options: SamplingOptions(repetitionPenalty: penalty))
            }
        }
    }

    /// Against the definition on the full forward pass, greedily.
    func testThePenaltyForRepetitionIsThatOfTheDefinition() throws {
        let model = try SmallModels.base(), prompt: [Int32] = [4, 5, 6], penalty: Float = 1.4
        let options = SamplingOptions(maxTokens: 12, temperature: 0, repetitionPenalty: 1.4)
        let found = try model.generate([GroupRequest(prompt: prompt, width: 1)], options: options)[0].rows[0].tokens
        var text = prompt
        for token in found {
            let batch = try TokenBatch([(prompt: text, rows: [[0]])])
            var logits = try noGrad { try Array(model.logits(model.hiddenStates(batch)).floats().suffix(97)) }
            for said in Set(text) { logits[Int(said)] *= logits[Int(said)] > 0 ? 1 / penalty : penalty }
            XCTAssertEqual(logits.indices.max { logits[$0] < logits[$1] }, Int(token))
            text.append(token)
        }
        XCTAssertFalse(options.isPlain)
        XCTAssertFalse(SamplingOptions(repetitionPenalty: 1.1).isPlain)
    }

    func testScoresThatAreNotFiniteAreAnErrorThatNamesTheRow() throws {
        for value in [Float.nan, .infinity] {
            let model = try SmallModels.base()
            try model.weights.layers[1].down.withMutableFloats { $0[5] = value }
            for options in [SamplingOptions(maxTokens: 4), SamplingOptions(maxTokens: 4, temperature: 0, topK: 3)] {
                let request = GroupRequest(prompt: [1, 2], width: 2, problem: 7, group: 1)
                assertModelError("not finite at token 0 of row 0 (problem 7, group 1)") {
                    try model.generate([request], options: options)
                }
            }
        }
    }

    func testTemperaturesThatWouldMakeScoresInfiniteAreRefused() throws {
        let model = try SmallModels.base()
        for temperature in [1e-40, 1e-7, -1, .nan, .infinity] {
            assertModelError("temperature") {
                try model.generate(requests(1), options: SamplingOptions(temperature: temperature))
            }
        }
        let coldest = try model.generate(requests(2), options: SamplingOptions(maxTokens: 8, temperature: 1e-6))
        let greedy = try model.generate(requests(2), options: SamplingOptions(maxTokens: 8, temperature: 0))
        XCTAssertEqual(coldest.map { $0.rows.map(\.tokens) }, greedy.map { $0.rows.map(\.tokens) })
    }

    // MARK: Fewer bits

    /// With weights that bf16 holds exactly, bf16 says what f32 says, bit for bit.
    func testBF16IsExactForACheckpointInBF16() throws {
        let model = try LanguageModel.load(from: .folder(ModelFilesFixture.path("families/deepseek-qwen")))
        let exact = try model.generate(requests(4), options: SamplingOptions(maxTokens: 20, seed: 5))
        let half = try model.generate(requests(4), options: SamplingOptions(maxTokens: 20, seed: 5, precision: .bf16))
        XCTAssertEqual(exact, half)
    }

    func testFewerBitsMoveTheLogProbabilitiesALittle() throws {
        let model = try SmallModels.base()
        var moved: [WeightPrecision: Float] = [:]
        for precision in WeightPrecision.allCases {
            let options = SamplingOptions(maxTokens: 20, seed: 5, precision: precision)
            let groups = try model.generate(requests(4), options: options)
            let trainer = try noGrad { try model.tokenLogProbabilities(TokenBatch(groups)).floats() }
            let sampled = groups.flatMap { $0.rows.flatMap(\.logProbabilities) }
            moved[precision] = zip(trainer, sampled).map { abs($0 - $1) }.max() ?? 1
        }
        XCTAssertLessThan(try XCTUnwrap(moved[.f32]), 1e-4)
        for precision in [WeightPrecision.bf16, .q8] {
            XCTAssertGreaterThan(try XCTUnwrap(moved[precision]), 1e-4)
            XCTAssertLessThan(try XCTUnwrap(moved[precision]), 0.2)
        }
        XCTAssertLessThan(try XCTUnwrap(moved[.f16]), try XCTUnwrap(moved[.bf16]))
        XCTAssertLessThan(try XCTUnwrap(moved[.q8]), try XCTUnwrap(moved[.q4]))
        // A step of 4 bits is 17 times one of 8.
        XCTAssertLessThan(try XCTUnwrap(moved[.q4]), 40 * (try XCTUnwrap(moved[.q8])))
        XCTAssertTrue(WeightPrecision.q8.isLossy && WeightPrecision.bf16.isLossy && !WeightPrecision.f32.isLossy)
    }

    /// Weights stay in their file until training asks for them, and a change is noticed then.
    func testAModelOfAFileIsSampledTrainedAndSampledAgain() throws {
        let model = try LanguageModel.load(from: .folder(ModelFilesFixture.path("families/qwen3")))
        let twin = try model.copy()
        let options = SamplingOptions(maxTokens: 8, seed: 1)
        let before = try model.generate(requests(2), options: options)
        for tensor in try model.parameters() where tensor.rank == 2 {
            try tensor.withMutableFloats { for index in $0.indices { $0[index] *= 1.5 } }
        }
        let after = try model.generate(requests(2), options: options)
        XCTAssertNotEqual(before, after)
        let trainer = try noGrad { try model.tokenLogProbabilities(TokenBatch(after)).floats() }
        assertClose(after.flatMap { $0.rows.flatMap(\.logProbabilities) }, trainer, 1e-4)
        XCTAssertEqual(try twin.generate(requests(2), options: options), before)
        XCTAssertEqual(try model.copy().generate(requests(2), options: options), after)
    }
}
