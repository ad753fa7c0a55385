import CKernels
import Synchronization
import Tensors
import XCTest

final class ThreadTests: XCTestCase {
    /// A step through every shared kernel, at sizes that are cut into several chunks.
    private func work() throws -> [[Float]] {
        let (groups, width, length, dim, heads) = (3, 4, 40, 64, 4)
        let table = try randomTensor([50, dim], 1).parameter(), norm = try randomTensor([dim], 2).parameter()
        let weights = try (0..<6).map { try randomTensor([dim, dim], 10 + $0, scale: 0.2).parameter() }
        let ids = (0..<groups * width * length).map { Int32(($0 * 7919) % 50) }
        let rows = groups * width
        let x = try embedding(table, ids, shape: [rows, length])
        let h = try rmsNorm(x, norm)
        func split(_ weight: Tensor) throws -> Tensor {
            try linear(h, weight).reshape([rows, length, heads, dim / heads])
        }
        let mixed = try attention(rope(split(weights[0])), rope(split(weights[1])), split(weights[2]))
        let y = try x + mixed.reshape([rows, length, dim])
        let z = try y + linear(swiGLU(linear(y, weights[3]), linear(y, weights[4])), weights[5])
        let g = try z.reshape([groups, width, length, dim])
        let last = try g + bridgeAttention(g, g, g, heads: heads).softmax(-1) + g.sum([0, 1], keepDimensions: true)
        let loss = try tokenLogProbabilities(last, table, targets: ids).mean()
        try loss.backward()
        let parameters = [table, norm] + weights
        try clipGradientNorm(parameters, maximum: 0.01)
        try AdamW(parameters, learningRate: 0.01).step()
        return try [loss.floats()] + parameters.map { try $0.floats() }
    }

    func testResultsAreTheSameBytesAtAnyNumberOfThreads() throws {
        let one = try ThreadPool.withThreads(1) { try work() }
        for threads in [2, 5] {
            let several = try ThreadPool.withThreads(threads) { try work() }
            XCTAssert(one == several, "\(threads) threads")
        }
    }

    func testPiecesAreTakenOnceTheOwnInOrderAndThoseOfOthersFromTheirEnd() {
        let pieces = PieceRuns(capacity: 4)
        pieces.deal(10, threads: 3)  // 0 ... 2, 3 ... 5, 6 ... 9
        XCTAssertEqual((0..<4).map { _ in pieces.take(1) }, [3, 4, 5, 9])
        XCTAssertEqual((0..<4).map { _ in pieces.take(2) }, [6, 7, 8, 2])
        XCTAssertEqual((0..<3).map { _ in pieces.take(0) }, [0, 1, nil])
        for threads in 1...4 {
            for count in 0...9 {
                pieces.deal(count, threads: threads)
                XCTAssertEqual((0...count).map { pieces.take($0 % threads) ?? -1 }.sorted(), Array(-1..<count))
            }
        }
    }

    func testAWorkerMayRunOnAllProcessorsButTheCallers() throws {
        let processors = kernel_available_processors()
        try XCTSkipIf(processors < 2, "one processor")
        let begun = Atomic<Int>(0), fewer = Atomic<Int>(0)
        ThreadPool.withThreads(2) {
            // Each piece waits for the other, so that both threads have one.
            ThreadPool.shared.run(2) { _ in
                begun.wrappingAdd(1, ordering: .sequentiallyConsistent)
                while begun.load(ordering: .sequentiallyConsistent) < 2 {}
                if kernel_available_processors() == processors - 1 { fewer.wrappingAdd(1, ordering: .relaxed) }
            }
        }
        XCTAssertEqual(fewer.load(ordering: .relaxed), 1)
        XCTAssertEqual(kernel_available_processors(), processors, "the caller is left alone")
    }

    func testEveryChunkRunsOnceAlsoWhenNested() {
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: 1000)
        counts.initialize(repeating: 0, count: 1000)
        defer { counts.deallocate() }
        ThreadPool.withThreads(4) {
            for _ in 0..<200 {
                ThreadPool.shared.run(100) { outer in
                    ThreadPool.shared.run(10) { inner in counts[outer * 10 + inner] += 1 }
                }
            }
        }
        for index in 0..<1000 { XCTAssertEqual(counts[index], 200) }
    }
}
