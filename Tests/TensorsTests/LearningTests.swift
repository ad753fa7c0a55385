import Tensors
import XCTest

/// Recomputed blocks, the search for NaN, and optimisers whose state is saved and restored.
final class LearningTests: XCTestCase {
    func testARecomputedBlockGivesTheSameGradients() throws {
        let x = try randomTensor([3, 4], 1).parameter(), w = try randomTensor([4, 4], 2).parameter()
        func block(_ x: Tensor) throws -> Tensor { try x.matmul(w).tanh().matmul(w) }
        try block(block(x) * 2).sum().backward()
        let expected = [try XCTUnwrap(x.gradient).floats(), try XCTUnwrap(w.gradient).floats()]
        (x.gradient, w.gradient) = (nil, nil)
        let inner = try checkpoint([x]) { try block($0[0]) }
        let outer = try checkpoint([inner * 2]) { inputs in
            try checkpoint(inputs) { try block($0[0]) }
        }
        try outer.sum().backward()
        assertClose(try XCTUnwrap(x.gradient), expected[0], 1e-6)
        assertClose(try XCTUnwrap(w.gradient), expected[1], 1e-6)
    }

    func testARecomputedBlockKeepsNothingInside() throws {
        let w = try randomTensor([64, 64], 2, scale: 0.1).parameter()
        func block(_ x: Tensor) throws -> Tensor { try (0..<20).reduce(x) { y, _ in try y.matmul(w).tanh() } }
        let x = try randomTensor([64, 64], 1)
        let before = BufferPool.liveBytes
        let kept = try block(x)
        let withoutCheckpoint = BufferPool.liveBytes - before
        let dropped = try checkpoint([x]) { try block($0[0]) }
        XCTAssertLessThan(BufferPool.liveBytes - before - withoutCheckpoint, 3 * 64 * 64 * 4)
        XCTAssertEqual(try kept.floats(), try dropped.floats())
    }

    func testABlockThatGivesItsInputPassesTheGradientOn() throws {
        let x = try Tensor([1, 2], shape: [2]).parameter()
        try (checkpoint([x * 3]) { $0[0] }).sum().backward()
        XCTAssertEqual(try x.gradient?.floats(), [3, 3])
    }

    func testTheFirstNaNIsNamed() throws {
        NaNCheck.isOn = true
        defer { NaNCheck.isOn = false }
        let x = try Tensor([1, -2], shape: [2]).parameter()
        assertFails("log: made the first NaN, element 1 of (2,); its inputs: (2,) from -2 to 1") { _ = try x.log() }
        let zero = try Tensor([0], shape: [1]).parameter()
        let root = try (zero * zero).sqrt().sum()
        assertFails("its gradient by input 0 is the first NaN") { try root.backward() }
        let given = try Tensor([.nan], shape: [1]).parameter()
        XCTAssert(try (given * 2).item().isNaN)
    }

    private func optimisers(_ parameter: Tensor) throws -> [any Optimiser] {
        let group = [ParameterGroup([parameter], learningRate: 0.05, weightDecay: 0.1)]
        return [AdamW(group), SGD(group, momentum: 0.9), try Muon(group)]
    }

    private func move(_ parameter: Tensor, _ optimiser: any Optimiser, _ steps: Int) throws {
        for _ in 0..<steps {
            optimiser.zeroGradients()
            try (parameter.sin() * Tensor.arange(6).reshape([2, 3])).sum().backward()
            try optimiser.step()
        }
    }

    func testASavedStateGoesOnToTheSameBytes() throws {
        for kind in 0..<3 {
            let parameter = try randomTensor([2, 3], 1).parameter()
            let optimiser = try optimisers(parameter)[kind]
            try move(parameter, optimiser, 4)
            let steps = optimiser.steps
            let memory = try optimiser.memory.map { try $0.mapValues { try $0.copy() } }
            let values = try parameter.floats()
            try move(parameter, optimiser, 3)
            let again = try Tensor(values, shape: [2, 3]).parameter()
            let other = try optimisers(again)[kind]
            try other.restore(steps: steps, memory: memory)
            try move(again, other, 3)
            XCTAssertEqual(try again.floats(), try parameter.floats(), "optimiser \(kind)")
        }
    }

    func testAParameterWhoseGradientsComeLateMovesAsAnotherThatBegins() throws {
        let (early, late) = (try randomTensor([3], 1).parameter(), try randomTensor([3], 2).parameter())
        let alone = try late.detached().copy().parameter()
        let both = AdamW([early, late], learningRate: 0.1), own = AdamW([alone], learningRate: 0.1)
        for step in 0..<6 {
            early.gradient = try randomTensor([3], 10 + step)
            if step >= 3 {
                late.gradient = try randomTensor([3], 20 + step)
                alone.gradient = late.gradient
                try own.step()
            }
            try both.step()
        }
        XCTAssertEqual(try late.floats(), try alone.floats())
        let steps = try both.memory.map { try $0["steps"]?.item() }
        XCTAssertEqual(steps, [6, 3])
    }

    func testAGradientOfAnotherShapeIsRefusedByAllThatReadIt() throws {
        for kind in 0..<3 {
            let parameter = try randomTensor([2, 3], 1).parameter()
            parameter.gradient = try Tensor([1], shape: [1])
            assertFails("a gradient of shape (1,) does not fit its parameter of shape (2, 3)") {
                try self.optimisers(parameter)[kind].step()
            }
            assertFails("does not fit") { try parameter.sum().backward() }
            assertFails("does not fit") { try clipGradientNorm([parameter], maximum: 1) }
        }
    }

    func testNesterovLooksAStepAhead() throws {
        let parameter = try Tensor([1], shape: [1]).parameter()
        let sgd = SGD([ParameterGroup([parameter], learningRate: 0.1)], momentum: 0.9, isNesterov: true)
        var (weight, velocity) = (1.0, 0.0)
        for _ in 0..<4 {
            parameter.gradient = try parameter.detached() * 2
            velocity = 0.9 * velocity + 2 * weight
            weight -= 0.1 * (2 * weight + 0.9 * velocity)
            try sgd.step()
        }
        XCTAssertEqual(Double(try parameter.item()), weight, accuracy: 1e-6)
    }

    func testAStateOfOtherParametersIsRefused() throws {
        let parameter = try randomTensor([2, 3], 1).parameter()
        let adam = AdamW([parameter], learningRate: 0.1)
        assertFails("a state of 2 parameters for an optimiser of 1") { try adam.restore(steps: 1, memory: [[:], [:]]) }
        assertFails("has the shape (3,)") {
            try adam.restore(steps: 1, memory: [["first": Tensor.zeros([3]), "second": Tensor.zeros([3])]])
        }
        assertFails("has [\"velocity\"]") { try adam.restore(steps: 1, memory: [["velocity": Tensor.zeros([2, 3])]]) }
        assertFails("moves matrices only") { _ = try Muon([ParameterGroup([Tensor.zeros([3])], learningRate: 1)]) }
    }

    func testMuonMovesAlongAnOrthogonalMatrix() throws {
        let parameter = try Tensor.zeros([4, 4]).parameter()
        parameter.gradient = try randomTensor([4, 4], 3)
        try Muon([ParameterGroup([parameter], learningRate: 1)], weightDecay: 0).step()
        let gram = try parameter.detached().matmul(parameter.detached().transpose()).floats()
        for i in 0..<4 {
            XCTAssertEqual(gram[i * 5], 1, accuracy: 0.6)
            for j in 0..<4 where j != i { XCTAssertLessThan(abs(gram[i * 4 + j]), 0.35) }
        }
    }

    func testAMillionOperationsNeitherOverflowNorLeak() throws {
        let start = try Tensor.scalar(1).parameter()
        let before = BufferPool.liveBytes
        func chain() throws {
            var x = try start * 1
            for _ in 0..<1_000_000 { x = try x + 1e-6 }
            try x.backward()
        }
        try chain()
        XCTAssertEqual(try start.gradient?.item(), 1)
        start.gradient = nil
        XCTAssertEqual(BufferPool.liveBytes, before)
    }

    func testCrossEntropyOfHiddenStatesEqualsThatOfLogits() throws {
        let targets = (0..<70).map { Int32($0 * 7 % 33) }
        let mask = (0..<70).map { Float($0 % 3) }
        for mask in [nil, mask] {
            let h = try randomTensor([70, 12], 1).parameter(), w = try randomTensor([33, 12], 2).parameter()
            let direct = try crossEntropy(linear(h, w), targets, mask: mask)
            try (direct * 3).backward()
            let expected = [try XCTUnwrap(h.gradient).floats(), try XCTUnwrap(w.gradient).floats()]
            (h.gradient, w.gradient) = (nil, nil)
            let loss = try crossEntropy(hidden: h, outputWeight: w, targets: targets, mask: mask)
            XCTAssertEqual(try loss.item(), try direct.item(), accuracy: 1e-6)
            try (loss * 3).backward()
            assertClose(try XCTUnwrap(h.gradient), expected[0], 1e-6)
            assertClose(try XCTUnwrap(w.gradient), expected[1], 1e-6)
        }
    }

    func testGatedFeedforwardEqualsItsParts() throws {
        let shapes = [[3, 5, 8], [20, 8], [20, 8], [8, 20]]
        let tensors = try shapes.enumerated().map { try randomTensor($1, $0).parameter() }
        try linear(swiGLU(linear(tensors[0], tensors[1]), linear(tensors[0], tensors[2])), tensors[3])
            .tanh().sum().backward()
        let expected = try tensors.map { try XCTUnwrap($0.gradient).floats() }
        for tensor in tensors { tensor.gradient = nil }
        try gatedFeedforward(tensors[0], gate: tensors[1], up: tensors[2], down: tensors[3]).tanh().sum().backward()
        for (tensor, gradient) in zip(tensors, expected) { assertClose(try XCTUnwrap(tensor.gradient), gradient, 1e-5) }
    }

    func testMasksSelectAndSet() throws {
        let x = try Tensor.arange(6).reshape([2, 3])
        let mask = try x.greater(Tensor.scalar(2))
        XCTAssert(mask.isBoolean)
        XCTAssertEqual(try x.masked(0, by: mask).floats(), [3, 4, 5])
        let rows = try x.select(1, 0).greater(Tensor.scalar(0))
        XCTAssertEqual(try x.masked(0, by: rows).shape, [1, 3])
        try x.assign(Tensor.scalar(-1), at: [.mask(mask)])
        XCTAssertEqual(try x.floats(), [0, 1, 2, -1, -1, -1])
        assertFails("too many indices for a tensor of shape (6,)") { _ = try Tensor.arange(6).masked(0, by: mask) }
        let p = try Tensor.arange(4).parameter()
        try p.masked(0, by: p.detached().greater(Tensor.scalar(1))).sum().backward()
        XCTAssertEqual(try p.gradient?.floats(), [0, 0, 1, 1])
    }

    func testLogSumExpIsSafe() throws {
        let x = try Tensor([1000, 1000, -.infinity, -.infinity, .infinity, 0], shape: [3, 2])
        let y = try x.logSumExp(1).floats()
        XCTAssertEqual(y[0], 1000.6931, accuracy: 1e-3)
        XCTAssertEqual(y[1], -.infinity)
        XCTAssertEqual(y[2], .infinity)
    }
}
