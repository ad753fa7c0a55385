import Foundation
import Tensors
import XCTest

/// Results and gradients as PyTorch computes them: Tests/Fixtures/tensors.json, written by
/// scripts/dev/make-tensor-fixtures.py.
final class FixtureTests: XCTestCase {
    private struct Packed: Decodable {
        let shape: [Int]
        let values: [Float]
        func tensor() throws -> Tensor { try Tensor(values, shape: shape) }
    }

    private struct Case: Decodable {
        let name: String
        let inputs: [Packed]
        let result: Packed
        let weights: Packed
        let gradients: [Packed]
        let options: [String: [Int32]]
    }

    private struct File: Decodable { let cases: [Case] }

    private func cases() throws -> [Case] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/tensors.json"))
        return try JSONDecoder().decode(File.self, from: data).cases
    }

    private func result(_ example: Case, _ x: [Tensor]) throws -> Tensor? {
        let targets = example.options["targets"] ?? []
        switch example.name {
        case "rms_norm": return try rmsNorm(x[0], x[1])
        case "layer_norm": return try layerNorm(x[0], x[1], bias: x[2])
        case "rope": return try rope(x[0])
        case "attention": return try attention(x[0], x[1], x[2])
        case "swiglu": return try swiGLU(x[0], x[1])
        case "gelu": return try x[0].gelu(approximateByTanh: true)
        case "gelu_exact": return try x[0].gelu()
        case "cross_entropy": return try crossEntropy(x[0], targets)
        case "token_log_probabilities": return try tokenLogProbabilities(x[0], x[1], targets: targets, temperature: 0.7)
        case "bridge_attention":
            return try bridgeAttention(x[0], x[1], x[2], heads: 2, alive: example.options["alive"]?.map { $0 != 0 })
        default: return nil
        }
    }

    func testLayersAgreeWithPyTorchInEveryVariant() throws {
        for variant in KernelVariant.available {
            try KernelVariant.with(variant) { XCTAssertEqual(try checkLayers(), 10, variant) }
        }
    }

    /// - Returns: how many there were.
    private func checkLayers() throws -> Int {
        var seen = 0
        for example in try cases() {
            let inputs = try example.inputs.map { try $0.tensor().parameter() }
            guard let result = try result(example, inputs) else { continue }
            seen += 1
            XCTAssertEqual(result.shape, example.result.shape, example.name)
            assertClose(result, example.result.values, 2e-5)
            try (result * example.weights.tensor()).sum().backward()
            for (input, expected) in zip(inputs, example.gradients) {
                assertClose(try XCTUnwrap(input.gradient, example.name), expected.values, 5e-5)
            }
        }
        return seen
    }

    func testOptimisersAgreeWithPyTorch() throws {
        for example in try cases() where ["adamw", "sgd"].contains(example.name) {
            let parameter = try example.inputs[0].tensor().parameter()
            let adam = AdamW([parameter], learningRate: 0.05, beta2: 0.99, weightDecay: 0.1)
            let sgd = SGD([parameter], learningRate: 0.05, momentum: 0.9, weightDecay: 0.1)
            for _ in 0..<5 {
                parameter.gradient = nil
                try (parameter.sin() * Tensor.arange(6)).sum().backward()
                if example.name == "adamw" { try adam.step() } else { try sgd.step() }
            }
            assertClose(parameter, example.result.values, 1e-5)
        }
    }

    /// The reference is in double precision; the iterations spread rounding.
    func testMuonAgreesWithItsDefinition() throws {
        let found = try cases().filter { $0.name == "muon" }
        XCTAssertEqual(found.count, 2)
        for example in found {
            let parameter = try example.inputs[0].tensor().parameter()
            let muon = try Muon([ParameterGroup([parameter], learningRate: 0.05)])
            for _ in 0..<5 {
                parameter.gradient = nil
                try (parameter.sin() * Tensor.arange(15).reshape(parameter.shape)).sum().backward()
                try muon.step()
            }
            assertClose(parameter, example.result.values, 1e-3)
        }
    }
}
