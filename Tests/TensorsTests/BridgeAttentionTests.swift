import Tensors
import XCTest

final class BridgeAttentionTests: XCTestCase {
    private let shape = [2, 4, 3, 8]

    private func inputs() throws -> [Tensor] { try (1...3).map { try randomTensor(shape, $0) } }

    func testPermutingRowsPermutesOutputs() throws {
        try inEveryVariant {
            let x = try inputs(), order = [2, 0, 3, 1]
            let direct = try bridgeAttention(x[0], x[1], x[2], heads: 2).indexSelect(1, order)
            let y = try x.map { try $0.indexSelect(1, order) }
            assertClose(try bridgeAttention(y[0], y[1], y[2], heads: 2), try direct.floats(), 1e-6)
        }
    }

    func testADeadRowInfluencesNothingAndGivesZero() throws {
        try inEveryVariant {
            let x = try inputs()
            var alive = [Bool](repeating: true, count: 24)
            for step in 1..<3 { alive[(1 * 4 + 2) * 3 + step] = false }  // Group 1, row 2, from step 1 on.
            let before = try bridgeAttention(x[0], x[1], x[2], heads: 2, alive: alive)
            let changed = try x.map { tensor in
                let copy = try tensor.copy()
                try copy.select(0, 1).select(0, 2).slice(0, 1, nil).assign(Tensor.full([], .nan))
                return copy
            }
            let after = try bridgeAttention(changed[0], changed[1], changed[2], heads: 2, alive: alive)
            XCTAssertEqual(try after.floats(), try before.floats())
            XCTAssertEqual(
                try before.select(0, 1).select(0, 2).slice(0, 1, nil).floats(), [Float](repeating: 0, count: 16))
        }
    }

    func testADeadRowGetsNoGradient() throws {
        try inEveryVariant {
            let x = try inputs().map { try $0.parameter() }
            var alive = [Bool](repeating: true, count: 24)
            alive[0] = false
            try bridgeAttention(x[0], x[1], x[2], heads: 2, alive: alive).sum().backward()
            for tensor in x {
                let gradient = try XCTUnwrap(tensor.gradient)
                XCTAssertEqual(
                    try gradient.select(0, 0).select(0, 0).select(0, 0).floats(), [Float](repeating: 0, count: 8))
            }
        }
    }

    func testWidthOneGivesTheValues() throws {
        try inEveryVariant {
            let x = try (1...3).map { try randomTensor([3, 1, 4, 8], $0) }
            assertClose(try bridgeAttention(x[0], x[1], x[2], heads: 4), try x[2].floats(), 1e-7)
        }
    }

    func testGroupsAndStepsDoNotMix() throws {
        try inEveryVariant {
            let x = try inputs()
            let all = try bridgeAttention(x[0], x[1], x[2], heads: 2)
            let part = try x.map { try $0.slice(0, 1, 2).slice(2, 1, 2) }
            let alone = try bridgeAttention(part[0], part[1], part[2], heads: 2)
            XCTAssertEqual(try alone.floats(), try all.slice(0, 1, 2).slice(2, 1, 2).floats())
        }
    }
}
