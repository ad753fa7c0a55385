import Randomness
import Tensors
import XCTest

final class ErrorTests: XCTestCase {
    func testMessagesNameTheOperationAndTheShapes() throws {
        let a = try Tensor.zeros([3, 4]), b = try Tensor.zeros([5, 6])
        assertFails("matmul: (3, 4) @ (5, 6): the inner sizes 4 and 5 differ") { _ = try a.matmul(b) }
        assertFails("+: the shapes (3, 4) and (5, 6) do not broadcast") { _ = try a + b }
        assertFails("reshape: (3, 4) has 12 elements and does not fit in (5,)") { _ = try a.reshape([5]) }
        assertFails("cat: the shapes (3, 4) and (5, 6)") { _ = try Tensor.cat([a, b]) }
        assertFails("sum: dimension 2 is out of range") { _ = try a.sum([2]) }
        assertFails("index: 3 is out of range") { _ = try a.select(0, 3) }
        assertFails("embedding: id 3 at position 1") { _ = try embedding(a, [0, 3]) }
        assertFails("cross_entropy: target 9") { _ = try crossEntropy(a, [0, 9, 1]) }
        assertFails("item: the tensor has the shape (3, 4)") { _ = try a.item() }
        assertFails("tensor: 2 values for the shape (3,)") { _ = try Tensor([1, 2], shape: [3]) }
        assertFails("attention: q (3, 4)") { _ = try attention(a, a, a) }
        assertFails("slice: a step of 0") { _ = try a.slice(0, nil, nil, step: 0) }
    }

    func testImpossibleSizesAreRefusedBeforeAllocating() throws {
        assertFails("more than") { _ = try Tensor.zeros([1 << 40, 1 << 40]) }
        assertFails("negative size") { _ = try Tensor.zeros([-1]) }
        assertFails("more than") { _ = try Tensor.arange(0, 1e30) }
        assertFails("dimensions; at most") { _ = try Tensor.zeros([Int](repeating: 1, count: 40)) }
    }

    func testExtremeArgumentsGiveErrorsNotCrashes() throws {
        let a = try Tensor.arange(6)
        assertFails("more than") { _ = try a.reshape([-1, Int.max, Int.max]) }
        assertFails("more than") { _ = try Tensor.zeros([0, Int.max, Int.max]) }
        assertFails("negative size") { _ = try a.reshape([-2, -3]) }
        assertFails("beyond 16777216") {
            var stream = RandomStream(seed: 1, purpose: .user)
            _ = try Tensor.randint(Int.min, Int.max, [1], stream: &stream)
        }
        XCTAssertEqual(try a.slice(0, Int.min, Int.max, step: Int.max).floats(), [0])
        XCTAssertEqual(try a.slice(0, Int.max, Int.min, step: -Int.max).floats(), [5])
        assertFails("out of range") { _ = try a.sum([Int.min]) }
        assertFails("share memory") { try a.unsqueeze(0).expand([2, 6]).assign(Tensor.scalar(1)) }
    }

    func testEmptyTensorsPassThrough() throws {
        let empty = try Tensor.zeros([0, 4])
        XCTAssertEqual(try (empty + 1).shape, [0, 4])
        XCTAssertEqual(try empty.sum().item(), 0)
        XCTAssertEqual(try empty.matmul(Tensor.zeros([4, 2])).shape, [0, 2])
        XCTAssertEqual(try Tensor.zeros([2, 0]).matmul(Tensor.zeros([0, 2])).floats(), [0, 0, 0, 0])
        XCTAssertEqual(try empty.softmax().shape, [0, 4])
        assertFails("is empty") { _ = try empty.max(0) }
    }
}
