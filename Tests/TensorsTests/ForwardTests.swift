import CKernels
import Tensors
import XCTest

/// Results against naive loops and known values.
final class ForwardTests: XCTestCase {
    func testBroadcastingFollowsNumPy() throws {
        let a = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]), b = try Tensor([10, 20], shape: [2, 1])
        XCTAssertEqual(try (a + b).floats(), [11, 12, 13, 24, 25, 26])
        XCTAssertEqual(try (b - a.select(0, 0)).shape, [2, 3])
        XCTAssertEqual(try (a.transpose() * b.reshape([2])).floats(), [10, 80, 20, 100, 30, 120])
        XCTAssertEqual(try (1 / b).floats(), [0.1, 0.05])
        XCTAssertEqual(try a.remainder(dividingBy: Tensor([-4], shape: [1])).floats(), [-3, -2, -1, 0, -3, -2])
        XCTAssertEqual(try a.floorDivided(by: Tensor([-4], shape: [1])).floats(), [-1, -1, -1, -1, -2, -2])
        XCTAssertEqual(try a.less(Tensor([3], shape: [1])).floats(), [1, 1, 0, 0, 0, 0])
    }

    func testLargeStridedOperationsEqualNaiveLoops() throws {
        let a = try randomTensor([70, 41, 50], 1), b = try randomTensor([41, 70], 2)
        let sum = try a.permute([1, 0, 2]) + b.unsqueeze(2)  // (41, 70, 50)
        let (x, y, z) = try (a.floats(), b.floats(), sum.floats())
        for i in 0..<41 {
            for j in 0..<70 {
                for k in 0..<50 where z[(i * 70 + j) * 50 + k] != x[(j * 41 + i) * 50 + k] + y[i * 70 + j] {
                    return XCTFail("at \(i), \(j), \(k)")
                }
            }
        }
        let columns = try a.sum([0, 1]).floats(), middle = try a.sum([1]).floats()
        for k in 0..<50 {
            let exact = (0..<70 * 41).reduce(0.0) { $0 + Double(x[$1 * 50 + k]) }
            XCTAssertEqual(Double(columns[k]), exact, accuracy: 1e-4)
            let one = (0..<41).reduce(0.0) { $0 + Double(x[(3 * 41 + $1) * 50 + k]) }
            XCTAssertEqual(Double(middle[3 * 50 + k]), one, accuracy: 1e-5)
        }
        let all = x.reduce(0.0) { $0 + Double($1) }
        XCTAssertEqual(Double(try a.sum().item()), all, accuracy: 1e-3)
    }

    func testMatrixProductsOfEveryLayoutEqualNaiveLoops() throws {
        for (m, n, k) in [(1, 1, 1), (3, 5, 7), (200, 130, 90), (24, 40, 5000), (7, 2000, 300)] {
            let a = try randomTensor([m, k], 1), b = try randomTensor([k, n], 2)
            let at = try a.transpose().copy(), bt = try b.transpose().copy()
            let (x, y) = try (a.floats(), b.floats())
            var expected = [Float](repeating: 0, count: m * n)
            for i in 0..<m {
                var row = [Double](repeating: 0, count: n)
                for p in 0..<k { for j in 0..<n { row[j] += Double(x[i * k + p]) * Double(y[p * n + j]) } }
                for j in 0..<n { expected[i * n + j] = Float(row[j]) }
            }
            for (left, right) in [
                (a, b), (try at.transpose(), b), (a, try bt.transpose()), (try at.transpose(), try bt.transpose()),
            ] {
                assertClose(try left.matmul(right), expected, 2e-4)
            }
            assertClose(try linear(a, bt), expected, 2e-4)
        }
    }

    func testSlicesFollowPython() throws {
        let x = try Tensor.arange(10)
        XCTAssertEqual(try x.slice(0, 2, 5).floats(), [2, 3, 4])
        XCTAssertEqual(try x.slice(0, -3, nil).floats(), [7, 8, 9])
        XCTAssertEqual(try x.slice(0, nil, nil, step: -3).floats(), [9, 6, 3, 0])
        XCTAssertEqual(try x.slice(0, 8, -8, step: -2).floats(), [8, 6, 4])
        XCTAssertEqual(try x.slice(0, 5, 2).floats(), [])
        XCTAssertEqual(try x.slice(0, -100, 100, step: 4).floats(), [0, 4, 8])
        try x.slice(0, 1, 9, step: 4).assign(Tensor([-1], shape: [1]))
        XCTAssertEqual(try x.floats(), [0, -1, 2, 3, 4, -1, 6, 7, 8, 9])
    }

    func testSelection() throws {
        let x = try Tensor([3, 9, 9, 1, 5, 2], shape: [2, 3])
        let top = try x.topk(2)
        XCTAssertEqual(try top.values.floats(), [9, 9, 5, 2])
        XCTAssertEqual(try top.indices.floats(), [1, 2, 1, 2])
        XCTAssertEqual(try x.argmax(-1).floats(), [1, 1])
        XCTAssertEqual(try x.argmax().item(), 1)
        XCTAssertEqual(try x.min(0).values.floats(), [1, 5, 2])
        XCTAssertEqual(try Tensor([2, 0], shape: [2]).oneHot(3).floats(), [0, 0, 1, 1, 0, 0])
        XCTAssertEqual(try Tensor.ones([2, 3]).tril().floats(), [1, 0, 0, 1, 1, 0])
        XCTAssertEqual(try Tensor.ones([2, 3]).triu(1).floats(), [0, 1, 1, 0, 0, 1])
        XCTAssertEqual(try x.cumsum(1).floats(), [3, 12, 21, 1, 6, 8])
        XCTAssertEqual(try x.prod(1).floats(), [243, 10])
    }

    func testCreation() throws {
        XCTAssertEqual(try Tensor.arange(1, 2, step: 0.25).floats(), [1, 1.25, 1.5, 1.75])
        XCTAssertEqual(try Tensor.linspace(0, 1, count: 3).floats(), [0, 0.5, 1])
        XCTAssertEqual(try Tensor.eye(2).floats(), [1, 0, 0, 1])
    }

    func testExponentialStaysWithinTwoUlpOfTheLibrary() throws {
        var worst: Float = 0
        var x: Float = -87
        while x < 88.7 {
            var (input, output) = (x, Float(0))
            kernel_unary(Int32(KERNEL_EXP.rawValue), &output, &input, 1, 0)
            worst = max(worst, abs(output / Float(expDouble(Double(x))) - 1))
            x += 0.0137
        }
        XCTAssertLessThan(worst, 2.4e-7)
        let edges = try Tensor([-.infinity, .infinity, .nan, -200, 0, 89], shape: [6]).exp().floats()
        XCTAssertEqual(edges[0], 0)
        XCTAssertEqual(edges[1], .infinity)
        XCTAssert(edges[2].isNaN)
        XCTAssertEqual(edges[3], 0)
        XCTAssertEqual(edges[4], 1)
        XCTAssertEqual(edges[5], .infinity)
    }

    private func expDouble(_ x: Double) -> Double {
        // A Taylor series after halving ten times: independent of any library.
        let r = x / 1024
        var (term, total) = (1.0, 1.0)
        for n in 1..<20 {
            term *= r / Double(n)
            total += term
        }
        for _ in 0..<10 { total *= total }
        return total
    }

    func testAttentionOverSeveralBlocksEqualsTheComposition() throws {
        // Gradients of keys are shared out by query head, and where there are more rows by key head.
        for batch in [2, 8] { try compareAttention(batch: batch) }
    }

    private func compareAttention(batch: Int) throws {
        let (length, heads, dim) = (150, 4, 8)
        let q = try randomTensor([batch, length, heads, dim], 1), k = try randomTensor([batch, length, 2, dim], 2)
        let v = try randomTensor([batch, length, 2, dim], 3)
        func composed() throws -> Tensor {
            func spread(_ x: Tensor) throws -> Tensor {
                try x.unsqueeze(3).expand([batch, length, 2, 2, dim]).reshape([batch, length, heads, dim])
                    .transpose(1, 2)
            }
            let scores = try q.transpose(1, 2).matmul(spread(k).transpose()) * (1 / Float(dim).squareRoot())
            let future = try Tensor.full([length, length], -1e30).triu(1)
            return try (scores + future).softmax(-1).matmul(spread(v)).transpose(1, 2)
        }
        let weights = try randomTensor([batch, length, heads, dim], 4)
        var gradients: [[[Float]]] = []
        for function in [{ try attention(q, k, v) }, composed] {
            for x in [q, k, v] {
                x.requiresGradient = true
                x.gradient = nil
            }
            let result = try function()
            try (result * weights).sum().backward()
            gradients.append(try [result.floats()] + [q, k, v].map { try $0.gradient?.floats() ?? [] })
        }
        for (fast, slow) in zip(gradients[0], gradients[1]) {
            assertClose(try Tensor(fast, shape: [fast.count]), slow, 1e-4)
        }
    }

    func testAQueryThatSeesNoKeyGivesZero() throws {
        let x = try randomTensor([1, 3, 1, 4], 1)
        let mask = try Tensor([0, 0, 0, -.infinity, -.infinity, -.infinity, 0, 0, 0], shape: [3, 3])
        let result = try attention(x, x, x, mask: mask).floats()
        XCTAssertEqual(Array(result[4..<8]), [0, 0, 0, 0])
        XCTAssertFalse(result.contains { $0.isNaN })
    }

    func testEntropyOfAUniformDistributionIsTheLogarithmOfItsSize() throws {
        let (values, entropy) = try tokenLogProbabilitiesAndEntropy(
            Tensor.zeros([2, 3]), randomTensor([8, 3], 1), targets: [0, 5])
        for value in try entropy.floats() { XCTAssertEqual(value, 2.0794415, accuracy: 1e-6) }
        for value in try values.floats() { XCTAssertEqual(value, -2.0794415, accuracy: 1e-6) }
    }

    private func slopeOfRelu(_ x: Tensor) throws -> Tensor {
        let p = try x.copy().parameter()
        try (p.relu() * p.detached()).sum().backward()
        return try XCTUnwrap(p.gradient)
    }

    /// Results of 2^22 elements and more are written past the caches.
    func testLargeResultsAreThoseOfTheirParts() throws {
        let (rows, columns) = (2050, 2049)
        let x = try (Tensor.arange(0.0, Double(rows * columns)) * 1e-3).sin().reshape([rows, columns])
        let line = try randomTensor([columns], 5)
        let functions: [(Tensor, Tensor) throws -> Tensor] = [
            { x, y in try x + y }, { x, _ in try x * 3 - x }, { x, _ in try x.relu() },
            { x, y in try Tensor.select(x.greater(y), x, y) }, { x, _ in try self.slopeOfRelu(x) },
        ]
        try inEveryVariant {
            for (number, function) in functions.enumerated() {
                let whole = try function(x, line)
                for start in [0, 777, rows - 3] {
                    let part = try function(x.slice(0, start, start + 3).copy(), line)
                    XCTAssertEqual(
                        try whole.slice(0, start, start + 3).floats(), try part.floats(),
                        "function \(number), row \(start)")
                }
            }
        }
    }
}
