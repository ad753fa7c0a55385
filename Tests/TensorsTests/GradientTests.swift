import Tensors
import XCTest

final class GradientTests: XCTestCase {
    func testArithmeticWithBroadcasting() throws {
        let (a, b) = (try randomTensor([3, 4], 1), try randomTensor([4], 2))
        let c = try randomTensor([2, 1, 4], 3)
        try checkGradients([a, b, c]) { try ($0[0] + $0[1]) * $0[2] - $0[1] }
        let positive = try noGrad { try b.abs() + 1 }
        try checkGradients([a, positive]) { try $0[0] / $0[1] }
        try checkGradients([positive, b]) { try $0[0].power($0[1]) }
        try checkGradients([a]) { try 2 - ($0[0] * 3 + 1) / 4 }
    }

    // PyTorch 2.15 gives NaN here.
    func testWhereAllIsMinusInfinityLogSumExpHasNoGradient() throws {
        let x = try Tensor([-.infinity, -.infinity, 0, 0], shape: [2, 2]).parameter()
        try x.logSumExp(1).sum().backward()
        XCTAssertEqual(try x.gradient?.floats(), [0, 0, 0.5, 0.5])
    }

    func testChangingWhatAGradientNeedsIsRefused() throws {
        let x = try randomTensor([3, 4], 1).parameter()
        let top = try x.max(1)
        assertFails("later backward() needs the present values") { try top.indices.assign(Tensor.scalar(0)) }
        try top.values.sum().backward()
    }

    func testMaximumMinimumAndClamp() throws {
        let (a, b) = (try randomTensor([3, 4], 1), try randomTensor([3, 4], 2))
        try checkGradients([a, b]) { try $0[0].maximum($0[1]) + $0[0].minimum($0[1] * 2) }
        try checkGradients([a]) { try $0[0].clamp(-0.5, 0.4) }
    }

    func testFunctionsOfOneValue() throws {
        let a = try randomTensor([3, 5], 4, scale: 2)
        let positive = try noGrad { try a.abs() + 0.5 }
        for function in [
            { try $0.exp() }, { try $0.tanh() }, { try $0.sigmoid() }, { try $0.relu() }, { try $0.silu() },
            { try $0.gelu() }, { try $0.abs() }, { try $0.sin() }, { try $0.cos() }, { try $0.negated() },
        ] as [(Tensor) throws -> Tensor] {
            try checkGradients([a]) { try function($0[0]) }
        }
        try checkGradients([positive]) { try $0[0].log() }
        try checkGradients([positive]) { try $0[0].sqrt() }
        try checkGradients([positive]) { try $0[0].reciprocal() }
    }

    func testViews() throws {
        let a = try randomTensor([2, 3, 4], 5)
        try checkGradients([a]) { try $0[0].permute([2, 0, 1]).reshape([4, 6]).transpose() }
        try checkGradients([a]) { try $0[0].slice(1, -1, nil, step: -2).slice(2, 1, 3) }
        try checkGradients([a]) { try $0[0].select(1, -1).unsqueeze(0).expand([3, 2, 4]) }
        try checkGradients([a]) { try $0[0].slice(0, 0, 1).squeeze(0).flatten() }
        try checkGradients([a]) { try Tensor.cat([$0[0], $0[0] * 2], 1) }
        try checkGradients([a]) { try Tensor.stack([$0[0], $0[0].sin()], -1) }
    }

    func testReductions() throws {
        let a = try randomTensor([2, 3, 4], 6)
        try checkGradients([a]) { try $0[0].sum([1]) }
        try checkGradients([a]) { try $0[0].sum([0, 1]) }
        try checkGradients([a]) { try $0[0].mean([0, 2], keepDimensions: true) }
        try checkGradients([a]) { try $0[0].mean() }
        try checkGradients([a]) { try $0[0].max(1).values }
        try checkGradients([a]) { try $0[0].min() }
        try checkGradients([a]) { try $0[0].prod(2) }
        try checkGradients([a]) { try $0[0].cumsum(1) }
        try checkGradients([a]) { try $0[0].topk(2).values }
        try checkGradients([a]) { try $0[0].tril(1) - $0[0].triu() }
        try checkGradients([a]) { try $0[0].transpose().copy() * $0[0].transpose().contiguous() }
        try checkGradients([a]) { try $0[0].softmax(1) }
        try checkGradients([a]) { try $0[0].logSoftmax(-1) }
    }

    func testIndexing() throws {
        let a = try randomTensor([3, 4], 7)
        let index = try Tensor([0, 3, 3, 1, 2, -1], shape: [3, 2])
        try checkGradients([a]) { try $0[0].gather(1, index) }
        try checkGradients([a]) { try $0[0].indexSelect(0, [2, 0, 2]) }
        let condition = try Tensor([1, 0, 0, 1], shape: [4])
        try checkGradients([a, try randomTensor([1], 8)]) { try Tensor.select(condition, $0[0], $0[1]) }
    }

    func testMatrixProducts() throws {
        try checkGradients([try randomTensor([3, 4], 1), try randomTensor([4, 5], 2)]) { try $0[0].matmul($0[1]) }
        try checkGradients([try randomTensor([2, 3, 4], 1), try randomTensor([4, 2], 2)]) { try $0[0].matmul($0[1]) }
        try checkGradients([try randomTensor([2, 1, 3, 4], 1), try randomTensor([3, 4, 2], 2)]) {
            try $0[0].matmul($0[1])
        }
        try checkGradients([try randomTensor([4], 1), try randomTensor([2, 4, 3], 2)]) { try $0[0].matmul($0[1]) }
        try checkGradients([try randomTensor([3, 4], 1), try randomTensor([3, 4], 2)]) {
            try $0[0].transpose().matmul($0[1])
        }
        try checkGradients([try randomTensor([2, 3, 4], 1), try randomTensor([5, 4], 2), try randomTensor([5], 3)]) {
            try linear($0[0], $0[1], bias: $0[2])
        }
    }

    func testLayers() throws {
        let (x, w, b) = (try randomTensor([3, 8], 1), try randomTensor([8], 2), try randomTensor([8], 3))
        try checkGradients([x, w]) { try rmsNorm($0[0], $0[1]) }
        try checkGradients([x, w, b]) { try layerNorm($0[0], $0[1], bias: $0[2]) }
        try checkGradients([x, try randomTensor([3, 8], 4)]) { try swiGLU($0[0], $0[1]) }
        try checkGradients([try randomTensor([2, 3, 2, 4], 5)]) { try rope($0[0], theta: 100) }
        try checkGradients([try randomTensor([5, 4], 6)]) { try embedding($0[0], [3, 0, 3, 4], shape: [2, 2]) }
        try checkGradients([try randomTensor([4, 6], 7)]) {
            try crossEntropy($0[0], [1, 5, 0, 2], mask: [1, 0, 0.5, 1])
        }
        try checkGradients([try randomTensor([5, 4], 8), try randomTensor([7, 4], 9)]) {
            try tokenLogProbabilities($0[0], $0[1], targets: [0, 6, 3, 3, 1], temperature: 0.7)
        }
    }

    func testEqualLogitsShareTheProbabilityHoweverLargeTheyAre() throws {
        for large in [Float(1e5), 1e30, 3e38] {
            let logits = try Tensor([0, large, large, large, 0, -large], shape: [2, 3]).parameter()
            try crossEntropy(logits, [2, 0]).backward()
            assertClose(try XCTUnwrap(logits.gradient), [0, 0.25, -0.25, 0, 0, 0], 1e-6)
        }
    }

    func testAttention() throws {
        let q = try randomTensor([2, 5, 4, 4], 1), k = try randomTensor([2, 5, 2, 4], 2)
        let v = try randomTensor([2, 5, 2, 4], 3)
        try checkGradients([q, k, v]) { try attention($0[0], $0[1], $0[2]) }
        try checkGradients([q, k, v]) { try attention($0[0], $0[1], $0[2], causal: false) }
        let mask = try randomTensor([2, 1, 5, 5], 4)
        try checkGradients([q, k, v]) { try attention($0[0], $0[1], $0[2], mask: mask) }
        let (keys, values) = (try randomTensor([2, 7, 2, 4], 5), try randomTensor([2, 7, 2, 4], 6))
        try checkGradients([q, keys, values]) { try attention($0[0], $0[1], $0[2]) }
    }

    func testBridgeAttention() throws {
        let shape = [2, 3, 2, 4]
        let (q, k, v) = (try randomTensor(shape, 1), try randomTensor(shape, 2), try randomTensor(shape, 3))
        try checkGradients([q, k, v]) { try bridgeAttention($0[0], $0[1], $0[2], heads: 2) }
        let alive = [true, true, false, true, true, false, false, true, true, true, false, false]
        try checkGradients([q, k, v]) { try bridgeAttention($0[0], $0[1], $0[2], heads: 2, alive: alive) }
    }
}
