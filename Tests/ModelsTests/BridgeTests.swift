import Glibc
import Models
import Randomness
import Tensors
import XCTest

/// What must hold for a forward pass in which the rows of a group influence each other (method 4.6).
final class BridgeTests: XCTestCase {
    private func rows(_ texts: [String], _ model: LanguageModel) throws -> [[Int32]] {
        try texts.map { try model.tokenizer.encode($0) }
    }

    private func batch(_ model: LanguageModel, _ groups: [(String, [String])]) throws -> TokenBatch {
        try TokenBatch(groups.map { (prompt: try model.tokenizer.encode($0.0), rows: try rows($0.1, model)) })
    }

    private func logProbabilities(_ model: LanguageModel, _ batch: TokenBatch) throws -> [Float] {
        try model.tokenLogProbabilities(batch).floats()
    }

    func testZeroOutputProjectionEqualsTheBaseModel() throws {
        let base = try SmallModels.base()
        for kind in BridgeConfiguration.Kind.allCases {
            let model = try base.attaching(BridgeConfiguration(kind: kind, heads: 2, dim: 16))
            let batch = try batch(base, [("1+2=", ["3", "45", "1234"])])
            XCTAssertEqual(try model.hiddenStates(batch).floats(), try base.hiddenStates(batch).floats())
            let request = [GroupRequest(prompt: try base.tokenizer.encode("1+2="), width: 3)]
            let options = SamplingOptions(maxTokens: 12, seed: 3)
            XCTAssertEqual(
                try model.generate(request, options: options)[0].rows.map(\.tokens),
                try base.generate(request, options: options)[0].rows.map(\.tokens))
        }
    }

    func testPermutingRowsPermutesOutputs() throws {
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let texts = ["12", "abcdef", "xyz", "q"], order = [2, 0, 3, 1]
        let plain = try batch(model, [("go: ", texts)]),
            permuted = try batch(model, [("go: ", order.map { texts[$0] })])
        let a = try logProbabilities(model, plain), b = try logProbabilities(model, permuted)
        for (place, row) in order.enumerated() {
            assertClose(
                Array(b[permuted.targetRange(group: 0, row: place)]), Array(a[plain.targetRange(group: 0, row: row)]),
                1e-5)
        }
        // The rows do influence each other, or the test would say nothing.
        let alone = try logProbabilities(model, try batch(model, [("go: ", [texts[1]])]))
        let together = Array(a[plain.targetRange(group: 0, row: 1)])
        XCTAssertGreaterThan(zip(alone, together).map { abs($0 - $1) }.max() ?? 0, 0.01)
    }

    func testSamplerLogProbabilitiesEqualTrainerLogProbabilitiesAtRaggedLengths() throws {
        let base = try SmallModels.base()
        for kind in BridgeConfiguration.Kind.allCases {
            let model = try SmallModels.withBlocks(kind, of: base)
            for temperature in [1.0, 0.7] {
                // Many stop tokens, so that rows end at different lengths.
                let options = SamplingOptions(
                    maxTokens: 14, temperature: temperature, seed: 11, extraStopTokens: Array(60..<80))
                let prompts = try SmallModels.prompts(model, "7*8=", "the sum of 12 and 3 is ", "z")
                let requests = prompts.enumerated().map {
                    GroupRequest(prompt: $0.element, width: 4 - $0.offset % 2, problem: $0.offset)
                }
                let groups = try model.generate(requests, options: options)
                XCTAssertGreaterThan(Set(groups.flatMap { $0.rows.map(\.tokens.count) }).count, 3)
                let sampled = groups.flatMap { $0.rows.flatMap(\.logProbabilities) }
                let trainer = try model.tokenLogProbabilities(TokenBatch(groups), temperature: Float(temperature))
                try assertClose(sampled, trainer.floats(), 1e-4, "\(kind) at temperature \(temperature)")
            }
        }
    }

    /// The block stands after the last layer, so that its normed input is what the model without it gives.
    func testWatchedAttentionIsThatOfANaiveLoop() throws {
        let base = try SmallModels.base()
        let model = try SmallModels.withBlocks(.bridge, of: base, heads: 2, dim: 16, layers: [1])
        let batch = try batch(model, [("p=", ["ab", "cdefgh", "x"])])
        let watched = try model.bridgeAttentionWeights(batch)
        XCTAssertEqual(watched.map(\.layer), [1])
        XCTAssertEqual(watched[0].weights.shape, [1, batch.length, 2, 3, 3])
        let weights = try watched[0].weights.floats()
        let normed = try model.withoutBridge().hiddenStates(batch).floats().map(Double.init)  // (1, W, T, D)
        let new = Dictionary(
            uniqueKeysWithValues: try model.namedParameters(.new).map { ($0.name, try $0.tensor.floats()) })
        func projected(_ row: Int, _ step: Int, _ name: String) throws -> [Double] {
            let weight = try XCTUnwrap(new["bridge.layers.1.\(name).weight"])
            return (0..<16).map { d in
                (0..<32).reduce(0) { $0 + normed[(row * batch.length + step) * 32 + $1] * Double(weight[d * 32 + $1]) }
            }
        }
        for step in 0..<batch.length {
            let queries = try (0..<3).map { try projected($0, step, "q_proj") }
            let keys = try (0..<3).map { try projected($0, step, "k_proj") }
            for head in 0..<2 {
                for row in 0..<3 {
                    let scores = (0..<3).map { other -> Double in
                        guard batch.alive[other * batch.length + step] else { return 0 }
                        let products = (head * 8..<head * 8 + 8).map { queries[row][$0] * keys[other][$0] }
                        return exp(products.reduce(0, +) / 8.0.squareRoot())
                    }
                    let isAlive = batch.alive[row * batch.length + step]
                    for other in 0..<3 {
                        let expected = isAlive ? scores[other] / scores.reduce(0, +) : 0
                        let place = ((step * 2 + head) * 3 + row) * 3 + other
                        XCTAssertEqual(Double(weights[place]), expected, accuracy: 1e-4)
                    }
                }
            }
        }
    }

    func testAModelWithoutBridgeCannotBeWatched() throws {
        let base = try SmallModels.base()
        let twin = try base.attaching(BridgeConfiguration(kind: .pmatch, heads: 1, dim: 8))
        for model in [base, twin] {
            XCTAssertThrowsError(try model.bridgeAttentionWeights(try batch(base, [("p=", ["ab"])]))) {
                XCTAssertTrue("\($0)".contains("has no Bridge to watch"), "\($0)")
            }
        }
    }

    func testFinishedRowInfluencesNothing() throws {
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        // Two groups alike but for the last token of the short row, which nobody saw, and the padding behind it.
        let a = try batch(model, [("p=", ["ab", "cdefgh"])]), b = try batch(model, [("p=", ["aX", "cdefgh"])])
        let long = a.targetRange(group: 0, row: 1)
        XCTAssertEqual(
            Array(try logProbabilities(model, a)[long]),
            Array(try logProbabilities(model, b)[b.targetRange(group: 0, row: 1)]))
        // Where only the long row is alive it reads nobody else: prompt and common steps aside, the sampler's view.
        let alone = try model.generate(
            [GroupRequest(prompt: try model.tokenizer.encode("p="), width: 1)],
            options: SamplingOptions(maxTokens: 6, seed: 2))
        let said = alone[0].rows[0].tokens
        let withDead = try TokenBatch([(prompt: alone[0].prompt, rows: [said, []])])
        // A row that said nothing is alive on the prompt only, where it equals its sibling.
        assertClose(
            Array(try logProbabilities(model, withDead)), alone[0].rows[0].logProbabilities, 1e-4)
    }

    func testGroupOfTwoPromptsEqualsTwoGroups() throws {
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let first = ("12+3=", ["15", "9999", "a"]), second = ("what: ", ["yes", "n"])
        let both = try batch(model, [first, second])
        let together = try logProbabilities(model, both)
        let apart = try [first, second].flatMap { try logProbabilities(model, try batch(model, [$0])) }
        assertClose(together, apart, 1e-5)
        // And in the sampler.
        let options = SamplingOptions(maxTokens: 10, seed: 4)
        let requests = try [first, second].enumerated().map {
            GroupRequest(prompt: try model.tokenizer.encode($0.element.0), width: 3, problem: $0.offset)
        }
        XCTAssertEqual(
            try model.generate(requests, options: options),
            try requests.flatMap { try model.generate([$0], options: options) })
    }

    func testWidthOneIsValueThroughOutput() throws {
        // Attention over one key is that key's value, so replacing query and key changes nothing.
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let batch = try batch(model, [("abc", ["defg"])])
        let before = try logProbabilities(model, batch)
        var stream = RandomStream(seed: 3, purpose: .user)
        for (name, tensor) in try model.namedParameters(.new) where name.contains("q_proj") || name.contains("k_proj") {
            try SmallModels.fill(tensor, deviation: 1, &stream)
        }
        assertClose(try logProbabilities(model, batch), before, 1e-6)
    }

    func testGradientsThroughSiblingsAgreeWithFiniteDifferences() throws {
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let batch = try batch(model, [("ab", ["cde", "fg", "hijk"])])
        // The loss reads row 0 only; what its siblings hold reaches it through Bridge. `h` is a token of row 2 alone.
        let own = batch.targetRange(group: 0, row: 0)
        func loss() throws -> Tensor {
            try model.tokenLogProbabilities(batch).slice(0, own.lowerBound, own.upperBound).sum()
        }
        let sibling = Int(try model.tokenizer.encode("h")[0])
        try model.parameters().forEach { try $0.parameter() }
        try loss().backward()
        let value = try model.namedParameters(.new).first { $0.name.hasSuffix("v_proj.weight") }?.tensor
        let table = try model.weights.embedding
        let places = [(try XCTUnwrap(value), 7), (table, sibling * 32 + 5), (table, sibling * 32 + 20)]
        for (tensor, index) in places {
            let gradient = try XCTUnwrap(tensor.gradient).floats()[index]
            let step: Float = 1e-2
            func shifted(_ by: Float) throws -> Float {
                try tensor.withMutableFloats { $0[index] += by }
                defer { try? tensor.withMutableFloats { $0[index] -= by } }
                return try noGrad { try loss().item() }
            }
            let numeric = (try shifted(step) - shifted(-step)) / (2 * step)
            XCTAssertEqual(gradient, numeric, accuracy: 2e-3 + 0.02 * abs(numeric))
            XCTAssertGreaterThan(abs(gradient), 1e-4)
        }
    }

    func testPMatchHasAsManyParametersAsBridge() throws {
        let base = try SmallModels.base()
        let bridge = try base.attaching(BridgeConfiguration(kind: .bridge, heads: 2, dim: 16))
        let pmatch = try base.attaching(BridgeConfiguration(kind: .pmatch, heads: 2, dim: 16))
        let (a, b) = (Double(bridge.parameterCount(.new)), Double(pmatch.parameterCount(.new)))
        XCTAssertEqual(a / b, 1, accuracy: 0.01)
        XCTAssertEqual(bridge.parameterCount(.new), bridge.bridge?.configuration.parameterCount(in: base.configuration))
        XCTAssertEqual(bridge.parameterCount(.old), base.configuration.parameterCount)
    }

    func testRowsOfPMatchIgnoreEachOther() throws {
        let model = try SmallModels.withBlocks(.pmatch, of: try SmallModels.base())
        let together = try batch(model, [("go: ", ["ab", "wxyz"])])
        let alone = try logProbabilities(model, try batch(model, [("go: ", ["ab"])]))
        assertClose(Array(try logProbabilities(model, together)[together.targetRange(group: 0, row: 0)]), alone, 1e-5)
    }

    func testBlocksAfterChosenLayersOnly() throws {
        let base = try SmallModels.base()
        let model = try base.attaching(BridgeConfiguration(heads: 2, dim: 16, layers: [1]))
        let norms = try model.namedParameters(.new).map(\.name).filter { $0.hasSuffix("norm.weight") }
        XCTAssertEqual(norms, ["bridge.layers.1.norm.weight"])
        for layers in [[2], [1, 0], [0, 0], []] {
            XCTAssertThrowsError(try base.attaching(BridgeConfiguration(heads: 2, dim: 16, layers: layers))) {
                XCTAssertTrue($0 is ModelError, "\($0)")
            }
        }
    }

    func testBlocksOfSomeLayersCanBeLeftOut() throws {
        let model = try SmallModels.withBlocks(.bridge, of: try SmallModels.base())
        let request = [GroupRequest(prompt: [3, 4, 5], width: 3)], options = SamplingOptions(maxTokens: 12, seed: 6)
        let first = try model.withoutBridge(layers: [1])
        XCTAssertEqual(first.bridge?.configuration.layers, [0])
        let groups = try first.generate(request, options: options)
        XCTAssertNotEqual(groups, try model.generate(request, options: options))
        XCTAssertNotEqual(groups, try model.withoutBridge().generate(request, options: options))
        let trainer = try noGrad { try first.tokenLogProbabilities(TokenBatch(groups)).floats() }
        assertClose(groups.flatMap { $0.rows.flatMap(\.logProbabilities) }, trainer, 1e-4)
        XCTAssertNil(try model.withoutBridge(layers: [0, 1]).bridge)
        assertModelError("layer 2 has no new block") { try model.withoutBridge(layers: [2]) }
        assertModelError("layers with one are 0") { try first.withoutBridge(layers: [1]) }
        assertModelError("no new blocks") { try model.withoutBridge().withoutBridge(layers: [0]) }
    }

    func testTrainingAnAttachedModelLeavesTheBaseAsItWas() throws {
        let base = try SmallModels.base()
        let before = try base.weights.embedding.floats()
        let model = try base.attaching(BridgeConfiguration(heads: 2, dim: 16))
        for tensor in try model.parameters() { try tensor.withMutableFloats { $0[0] += 1 } }
        XCTAssertEqual(try base.weights.embedding.floats(), before)
        // The view without Bridge shares the weights.
        XCTAssertEqual(try model.withoutBridge().weights.embedding.floats(), try model.weights.embedding.floats())
        XCTAssertEqual(model.withoutBridge().parameterCount(.new), 0)
    }
}
