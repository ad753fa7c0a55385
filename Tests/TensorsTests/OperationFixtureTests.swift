import Foundation
import Tensors
import XCTest

/// Operations in many shapes and layouts as PyTorch computes them, forward and gradient:
/// Tests/Fixtures/tensor-operations.json, written by scripts/dev/make-tensor-fixtures.py.
final class OperationFixtureTests: XCTestCase {
    private struct Packed: Decodable {
        let shape: [Int]
        let values: [Float]
        func tensor() throws -> Tensor { try Tensor(values, shape: shape) }
    }

    private struct Case: Decodable {
        let name: String
        let inputs: [Packed]
        let layouts: [String]
        let numbers: [Float]
        let result: Packed
        let weights: Packed?
        let gradients: [Packed?]

        var whole: [Int] { numbers.map { Int($0) } }
        var text: String { "\(name) \(inputs.map(\.shape)) \(layouts) \(numbers)" }
    }

    private struct File: Decodable { let cases: [Case] }

    private func cases() throws -> [Case] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/tensor-operations.json"))
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(File.self, from: data).cases
    }

    private func laidOut(_ x: Tensor, _ layout: String) throws -> Tensor {
        switch layout {
        case "transposed": return try x.transpose()
        case "reversed": return try x.slice(-1, nil, nil, step: -1)
        case "stepped": return try x.slice(-1, nil, nil, step: 2)
        case "expanded": return try x.unsqueeze(0).expand([2] + x.shape)
        default: return x
        }
    }

    private static let unary: [String: @Sendable (Tensor) throws -> Tensor] = [
        "negate": { try $0.negated() }, "exp": { try $0.exp() }, "tanh": { try $0.tanh() },
        "sigmoid": { try $0.sigmoid() }, "relu": { try $0.relu() }, "silu": { try $0.silu() },
        "gelu": { try $0.gelu() }, "abs": { try $0.abs() }, "sin": { try $0.sin() }, "cos": { try $0.cos() },
        "erf": { try $0.erf() }, "floor": { try $0.floor() }, "ceil": { try $0.ceil() }, "round": { try $0.round() },
        "log": { try $0.log() }, "sqrt": { try $0.sqrt() }, "reciprocal": { try $0.reciprocal() },
        "max_all": { try $0.max() }, "min_all": { try $0.min() },
        "gelu_tanh": { try $0.gelu(approximateByTanh: true) },
        "squeeze": { try $0.squeeze() }, "layer_norm": { try layerNorm($0) },
    ]

    private static let binary: [String: @Sendable (Tensor, Tensor) throws -> Tensor] = [
        "add": { try $0 + $1 }, "subtract": { try $0 - $1 }, "multiply": { try $0 * $1 }, "divide": { try $0 / $1 },
        "maximum": { try $0.maximum($1) }, "minimum": { try $0.minimum($1) }, "raise": { try $0.power($1) },
        "less": { try $0.less($1) }, "less_or_equal": { try $0.lessOrEqual($1) }, "greater": { try $0.greater($1) },
        "greater_or_equal": { try $0.greaterOrEqual($1) }, "equal": { try $0.equal($1) },
        "not_equal": { try $0.notEqual($1) }, "floor_divide": { try $0.floorDivided(by: $1) },
        "remainder": { try $0.remainder(dividingBy: $1) }, "matmul": { try $0.matmul($1) },
        "masked": { try $0.masked(0, by: $1.detached().greater(.scalar(0))) },
    ]

    private static let numbered: [String: @Sendable (Tensor, [Float], [Int]) throws -> Tensor] = [
        "power": { x, n, _ in try x.power(n[0]) }, "clamp": { x, n, _ in try x.clamp(n[0], n[1]) },
        "softmax": { x, _, n in try x.softmax(n[0]) }, "log_softmax": { x, _, n in try x.logSoftmax(n[0]) },
        "cumsum": { x, _, n in try x.cumsum(n[0]) }, "logsumexp": { x, _, n in try x.logSumExp(n[0]) },
        "prod": { x, _, n in try x.prod(n[0]) }, "max": { x, _, n in try x.max(n[0]).values },
        "min": { x, _, n in try x.min(n[0]).values }, "argmax": { x, _, n in try x.argmax(n[0]) },
        "argmin": { x, _, n in try x.argmin(n[0]) }, "topk": { x, _, n in try x.topk(n[0]).values },
        "tril": { x, _, n in try x.tril(n[0]) }, "triu": { x, _, n in try x.triu(n[0]) },
        "slice": { x, _, n in try x.slice(n[0], n[1], n[2], step: n[3]) },
        "select": { x, _, n in try x.select(n[0], n[1]) },
        "index": { x, _, n in try x.indexSelect(n[0], Array(n.dropFirst())) },
        "unsqueeze": { x, _, n in try x.unsqueeze(n[0]) }, "permute": { x, _, n in try x.permute(n) * 1 },
        "reshape": { x, _, n in try x.reshape(n) }, "expand": { x, _, n in try x.expand(n) },
    ]

    private func result(_ example: Case, _ x: [Tensor]) throws -> Tensor? {
        let numbers = example.whole
        if let function = Self.unary[example.name] { return try function(x[0]) }
        if let function = Self.binary[example.name] { return try function(x[0], x[1]) }
        if let function = Self.numbered[example.name] { return try function(x[0], example.numbers, numbers) }
        let dims = numbers.count > 1 ? Array(numbers.dropFirst()) : nil
        switch example.name {
        case "sum": return try x[0].sum(dims, keepDimensions: numbers[0] == 1)
        case "mean": return try x[0].mean(dims, keepDimensions: numbers[0] == 1)
        case "var": return try x[0].variance(dims, keepDimensions: numbers[0] == 1)
        case "var_correction": return try x[0].variance([numbers[1]], correction: numbers[0])
        case "std_correction": return try x[0].standardDeviation([numbers[1]], correction: numbers[0])
        case "pairs": return try paired(x[0], numbers)
        case "attention_offsets": return try attention(x[0], x[1], x[2], causal: false, mask: x[3])
        case "attention_keeps":
            return try attention(x[0], x[1], x[2], causal: false, mask: x[3].detached().greater(.scalar(0)))
        case "gather": return try x[0].gather(numbers[0], x[1].detached())
        case "cat": return try .cat(x, numbers[0])
        case "stack": return try .stack(x, numbers[0])
        case "where": return try .select(x[0].detached(), x[1], x[2])
        default: return nil
        }
    }

    /// Lists of indices, each with its length before it; -1 before them all exchanges the first two dimensions.
    private func paired(_ x: Tensor, _ numbers: [Int]) throws -> Tensor {
        var rest = numbers[...], items: [TensorIndex] = []
        let isTransposed = rest.first == -1
        if isTransposed { rest.removeFirst() }
        while let length = rest.popFirst() {
            items.append(.list(Array(rest.prefix(length)), shape: [length]))
            rest = rest.dropFirst(length)
        }
        return try (isTransposed ? x.transpose(0, 1) : x).indexed(items)
    }

    private func check(_ example: Case) throws {
        let inputs = try example.inputs.map { try $0.tensor() }
        if example.weights != nil { for input in inputs { try input.parameter() } }
        let operands = try zip(inputs, example.layouts).map { try laidOut($0, $1) }
        let result = try XCTUnwrap(try result(example, operands), "no operation \(example.name)")
        XCTAssertEqual(result.shape, example.result.shape, example.text)
        let values = try result.floats()
        XCTAssertTrue(isClose(values, example.result.values, 1e-5), "\(example.text): \(values)")
        guard let weights = example.weights else { return }
        try (result * weights.tensor()).sum().backward()
        for (input, expected) in zip(inputs, example.gradients) {
            guard let expected else { continue }
            let gradient = try XCTUnwrap(input.gradient, "\(example.text): no gradient").floats()
            XCTAssertTrue(isClose(gradient, expected.values, 2e-5), "gradient of \(example.text): \(gradient)")
        }
    }

    private func isClose(_ a: [Float], _ b: [Float], _ tolerance: Float) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy {
            $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= tolerance * max(1, abs($1))
        }
    }

    func testOperationsAgreeWithPyTorchInEveryVariant() throws {
        let cases = try cases()
        XCTAssertGreaterThan(cases.count, 500)
        for variant in KernelVariant.available {
            try KernelVariant.with(variant) {
                for example in cases { try check(example) }
            }
        }
    }
}
