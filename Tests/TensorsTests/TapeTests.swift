import Tensors
import XCTest

final class TapeTests: XCTestCase {
    func testAChainOfManyOperationsNeitherOverflowsNorLeaks() throws {
        let start = try Tensor.scalar(1).parameter()
        let before = BufferPool.liveBytes
        try autoreleased {
            var x = try start * 1
            for _ in 0..<200_000 { x = try x + 0.001 }
            try x.backward()
            XCTAssertEqual(try start.gradient?.item(), 1)
            start.gradient = nil
        }
        try autoreleased {
            var x = try start * 1
            for _ in 0..<200_000 { x = try x * 1.00001 }
        }
        XCTAssertEqual(BufferPool.liveBytes, before)
    }

    private func autoreleased(_ body: () throws -> Void) rethrows { try body() }

    func testForwardOnlyWorkFreesItselfWhileAnotherResultLives() throws {
        let weight = try Tensor.ones([1000]).parameter()
        var last = try weight * 2
        let before = BufferPool.liveBytes
        for _ in 0..<50 { last = try (weight * 3).exp() }
        XCTAssertLessThan(BufferPool.liveBytes, before + 20_000)
        XCTAssertEqual(last.count, 1000)
    }

    func testComputationsThatMeetLateShareTheirGradients() throws {
        let (a, b) = (try Tensor.scalar(3).parameter(), try Tensor.scalar(5).parameter())
        let (x, y) = (try a * b, try b * b)
        let z = try (x + y) * x
        try z.backward()  // z = a^2 b^2 + a b^3
        XCTAssertEqual(try a.gradient?.item(), 2 * 3 * 25 + 125)
        XCTAssertEqual(try b.gradient?.item(), 2 * 9 * 5 + 3 * 3 * 25)
    }

    func testGradientsAddUpOverBackwardCalls() throws {
        let a = try Tensor([1, 2], shape: [2]).parameter()
        for _ in 0..<3 { try (a * a).sum().backward() }
        XCTAssertEqual(try a.gradient?.floats(), [6, 12])
    }

    func testWrongUsesOfBackwardSaySo() throws {
        let a = try Tensor([1, 2], shape: [2]).parameter()
        let product = try a * 2
        assertFails("(2,)") { try product.backward() }
        assertFails("depends on no parameter") { try Tensor.scalar(1).backward() }
        assertFails("depends on no parameter") { try noGrad { try (a * a).sum() }.backward() }
        let loss = try product.sum()
        try loss.backward()
        assertFails("taken already") { try loss.backward() }
        assertFails("taken already") { try (loss + a.sum()).backward() }
    }

    func testSettingElementsThatATapeNeedsIsRefused() throws {
        let a = try Tensor([1, 2], shape: [2]).parameter(), x = try Tensor([3, 4], shape: [2])
        let product = try a * x
        assertFails("later backward() needs the present values") { try x.select(0, 0).assign(Tensor.scalar(0)) }
        assertFails("gradients do not flow through setting") { try Tensor.zeros([2]).assign(product) }
        try product.sum().backward()
        try x.select(0, 0).assign(Tensor.scalar(7))
        XCTAssertEqual(try x.floats(), [7, 4])
    }

    func testAStepBeforeBackwardLeavesTheOlderGradientRight() throws {
        let a = try Tensor([2], shape: [1]).parameter()
        let loss = try (a * a).sum()
        a.gradient = try Tensor([1], shape: [1])
        try SGD([a], learningRate: 1).step()
        XCTAssertEqual(try a.floats(), [1])
        a.gradient = nil
        try loss.backward()
        XCTAssertEqual(try a.gradient?.floats(), [4])
    }

    func testClippingScalesToTheLimitAndReportsTheNorm() throws {
        let (a, b) = (try Tensor.zeros([2]).parameter(), try Tensor.zeros([1]).parameter())
        a.gradient = try Tensor([3, 0], shape: [2])
        b.gradient = try Tensor([4], shape: [1])
        XCTAssertEqual(try clipGradientNorm([a, b], maximum: 1), 5)
        assertClose(try XCTUnwrap(a.gradient), [0.6, 0])
        assertClose(try XCTUnwrap(b.gradient), [0.8])
        b.gradient = try Tensor([.nan], shape: [1])
        XCTAssert(try clipGradientNorm([a, b], maximum: 0.1).isNaN)
        assertClose(try XCTUnwrap(a.gradient), [0.6, 0])
    }
}
