import CKernels
import Tensors
import XCTest

/// Every variant of the kernels that runs here against naive loops in double precision, at sizes around the edges of
/// panels and blocks.
final class MatrixProductTests: XCTestCase {
    private func expected(_ a: Tensor, _ b: Tensor) throws -> [Float] {
        let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
        let (x, y) = try (a.floats(), b.floats())
        var result = [Float](repeating: 0, count: m * n)
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                kernel_matmul_naive(&result, n, x.baseAddress, k, 1, y.baseAddress, n, 1, m, n, k, 1, 0)
            }
        }
        return result
    }

    private func check(_ m: Int, _ n: Int, _ k: Int) throws {
        let (a, b) = (try randomTensor([m, k], m), try randomTensor([k, n], n))
        let (at, bt) = (try a.transpose().copy().transpose(), try b.transpose().copy().transpose())
        let oracle = try expected(a, b)
        let tolerance = 1e-6 * Float(k).squareRoot() * 4 + 1e-6
        for (name, left, right) in [("ab", a, b), ("a'b", at, b), ("ab'", a, bt), ("a'b'", at, bt)] {
            let result = try left.matmul(right).floats()
            let worst = zip(result, oracle).map { abs($0 - $1) }.max() ?? 0
            XCTAssertLessThanOrEqual(worst, tolerance, "\(KernelVariant.inUse): \(name) \(m) x \(k) x \(n)")
        }
        assertClose(try linear(a, bt.transpose().contiguous()), oracle, tolerance)
    }

    func testSmallSizesOfEveryVariant() throws {
        for variant in KernelVariant.available {
            try KernelVariant.with(variant) {
                for m in [1, 2, 3, 5, 6, 7, 12, 13, 17, 33] {
                    for n in [1, 3, 8, 16, 31, 33, 65] {
                        for k in [1, 3, 4, 15, 16, 17, 70] { try check(m, n, k) }
                    }
                }
            }
        }
    }

    func testSizesThatAreCutIntoBlocksOfEveryVariant() throws {
        for variant in KernelVariant.available {
            try KernelVariant.with(variant) {
                for (m, n, k) in [
                    (1, 700, 500), (9, 1000, 600), (33, 700, 200), (40, 300, 900), (150, 400, 300), (250, 190, 1600),
                    (193, 33, 100), (500, 20, 300), (300, 700, 90), (30, 50, 6000), (200, 5000, 40), (97, 97, 9000),
                ] { try check(m, n, k) }
            }
        }
    }

    func testStridesOfAnyKindAreReadInPlace() throws {
        let a = try randomTensor([40, 60], 1), b = try randomTensor([30, 50], 2)
        let left = try a.slice(0, nil, nil, step: -2).slice(1, 1, nil, step: 2)  // (20, 30)
        let right = try b.slice(1, nil, nil, step: -3)  // (30, 17)
        assertClose(try left.matmul(right), try expected(left.copy(), right.copy()), 1e-4)
        let row = try randomTensor([1, 30], 3).expand([20, 30])
        assertClose(try row.matmul(right), try expected(row.copy(), right.copy()), 1e-4)
    }

    func testAnEmptyInnerDimensionGivesZeros() throws {
        XCTAssertEqual(try linear(Tensor.zeros([2, 0]), Tensor.zeros([3, 0])).floats(), [0, 0, 0, 0, 0, 0])
        XCTAssertEqual(
            try linear(Tensor.zeros([2, 0]), Tensor.zeros([3, 0]), bias: Tensor([1, 2, 3], shape: [3])).floats(),
            [1, 2, 3, 1, 2, 3])
    }

    func testEveryVariantIsDeterministicOverThreads() throws {
        let a = try randomTensor([300, 800], 1), b = try randomTensor([800, 500], 2)
        for variant in KernelVariant.available {
            try KernelVariant.with(variant) {
                let one = try ThreadPool.withThreads(1) { try a.matmul(b).floats() }
                let three = try ThreadPool.withThreads(3) { try a.matmul(b).floats() }
                XCTAssertEqual(one, three)
            }
        }
    }

    func testAnUnknownVariantIsRefused() {
        assertFails("do not run on this processor") { try KernelVariant.with("avx1024") {} }
        XCTAssertEqual(KernelVariant.available.last, "portable")
        XCTAssert(KernelVariant.available.contains(KernelVariant.inUse))
    }
}
