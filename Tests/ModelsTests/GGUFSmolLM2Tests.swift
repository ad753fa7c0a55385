import Models
import Tensors
import XCTest

/// The real model, against transformers on the weights that the `gguf` package decodes.
final class GGUFSmolLM2Tests: XCTestCase {
    func testWeightsAreThoseOfTransformers() throws {
        let model = try LanguageModel.load(ModelFilesFixture.smollm2())
        XCTAssertEqual(
            model.configuration,
            TransformerConfiguration(
                vocabularySize: 49_152, layers: 30, dim: 576, heads: 9, keyValueHeads: 3, hiddenDim: 1_536,
                ropeTheta: 100_000, normEpsilon: 1e-5, contextLength: 8_192))
        let weights = Dictionary(uniqueKeysWithValues: try model.namedParameters().map { ($0.name, $0.tensor) })
        for (name, expected) in try XCTUnwrap(ModelFilesFixture.json("smollm2-weights.json").object) {
            let weight = try XCTUnwrap(weights[name])
            let values = try weight.floats()
            let columns = weight.shape[1]
            // Every 17th row, column 5.
            for (i, wanted) in try XCTUnwrap(expected.array).enumerated() {
                XCTAssertEqual(Double(values[17 * i * columns + 5]), try XCTUnwrap(wanted.double), accuracy: 1e-7, name)
            }
        }
    }

    func testLogitsAreThoseOfTransformers() throws {
        let model = try LanguageModel.load(ModelFilesFixture.smollm2())
        for example in try XCTUnwrap(ModelFilesFixture.json("smollm2-logits.json").array) {
            let tokens = try XCTUnwrap(example["tokens"]?.array).compactMap(\.int).map(Int32.init)
            let position = try XCTUnwrap(example["position"]?.int)
            // What follows the position cannot matter, so it is left out.
            let batch = try TokenBatch([(prompt: Array(tokens[...position]), rows: [[0]])])
            let logits = try noGrad {
                try model.logits(model.hiddenStates(batch).slice(2, position, position + 1)).floats()
            }
            let top = try XCTUnwrap(example["top"]?.array)
            let sample = try XCTUnwrap(example["sample"]?.array)
            for pair in top + sample {
                let id = try XCTUnwrap(pair.array?[0].int)
                let value = try XCTUnwrap(pair.array?[1].double)
                XCTAssertEqual(Double(logits[id]), value, accuracy: 1e-3, "token \(id) at \(position)")
            }
            XCTAssertEqual(logits.indices.max { logits[$0] < logits[$1] }, top[0].array?[0].int)
        }
    }
}
