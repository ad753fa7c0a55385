import Foundation
import Metrics
import XCTest

/// A small generator of its own, so that the oracle shares nothing with the code under test.
private struct XorShift: RandomNumberGenerator {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

final class GroupMetricTests: XCTestCase {
    /// Rows of a group share their luck: all have success 0.9 with probability 0.7, else 0.1.
    private func group(_ width: Int, _ random: inout XorShift) -> Int {
        let success = Double.random(in: 0..<1, using: &random) < 0.7 ? 0.9 : 0.1
        return (0..<width).count { _ in Double.random(in: 0..<1, using: &random) < success }
    }

    func testPerGroupEstimatesAreRightWherePooledOnesAreNot() throws {
        var random = XorShift()
        let problems = (0..<500).map { _ in (0..<8).map { _ in group(4, &random) } }
        let truth = 0.7 * (1 - pow(0.1, 4)) + 0.3 * (1 - pow(0.9, 4))
        XCTAssertEqual(try GroupCounts(width: 4, problems: problems).passAt(4), truth, accuracy: 0.02)
        let pooled = try problems.map { try Metric.passAt(n: 32, c: $0.reduce(0, +), k: 4) }.reduce(0, +) / 500
        XCTAssertGreaterThan(pooled, truth + 0.1)
    }

    func testIntervalsCoverTheTruthWhereGroupsOfAProblemDiffer() throws {
        var random = XorShift()
        var covered = 0
        for trial in 0..<200 {
            // Problems differ: the truth over problems is 0.5.
            let values = (0..<40).map { _ in
                let ease = Double.random(in: 0..<1, using: &random)
                return (0..<2).map { _ in Double.random(in: 0..<1, using: &random) < ease ? 1.0 : 0.0 }
            }
            let estimate = try Bootstrap.interval(values, resamples: 300, seed: UInt64(trial))
            if estimate.low <= 0.5, 0.5 <= estimate.high { covered += 1 }
        }
        XCTAssertGreaterThan(covered, 180)
    }

    func testTheSameSeedGivesTheSameInterval() throws {
        let values = [[0.0, 1], [1, 1], [0, 0], [1, 0]]
        XCTAssertEqual(try Bootstrap.interval(values, seed: 3), try Bootstrap.interval(values, seed: 3))
        let estimate = try Bootstrap.interval(values, seed: 3)
        XCTAssertEqual(estimate.value, 0.5)
        XCTAssertLessThan(estimate.low, 0.5)
        XCTAssertGreaterThan(estimate.high, 0.5)
    }

    func testSignFlipOfEqualDifferencesIsTwoOfAllAssignments() throws {
        let first = [[1.0], [1], [1], [1], [1]], second = [[0.0], [0], [0], [0], [0]]
        let comparison = try Comparison(first, second)
        XCTAssertEqual(comparison.difference.value, 1)
        XCTAssertEqual(comparison.p, 2.0 / 32, accuracy: 1e-14)
        XCTAssertEqual(try Comparison(first, first).p, 1)
    }

    func testSignFlipOfManyProblemsSeesADifferenceAndOnlyWhereThereIsOne() throws {
        var random = XorShift()
        let base = (0..<60).map { _ in [Double.random(in: 0..<1, using: &random)] }
        let better = base.map { [$0[0] + 0.2 + Double.random(in: -0.1..<0.1, using: &random)] }
        let same = base.map { [$0[0] + Double.random(in: -0.1..<0.1, using: &random)] }
        XCTAssertLessThan(try Comparison(better, base).p, 0.001)
        XCTAssertGreaterThan(try Comparison(better, base).difference.low, 0.15)
        XCTAssertGreaterThan(try Comparison(same, base).p, 0.01)
    }

    func testComparisonNeedsTheSameProblems() {
        XCTAssertThrowsError(try Comparison([[1]], [[1], [0]])) { XCTAssertTrue("\($0)".contains("same problems")) }
    }

    func testGroupAveragesByHand() throws {
        let counts = try GroupCounts(width: 2, problems: [[2, 0], [1]])
        XCTAssertEqual(counts.accuracy, 0.5)
        XCTAssertEqual(counts.coverage, 0.75)
        XCTAssertEqual(counts.consistency, 0.25)
        XCTAssertEqual(try counts.gPass(2, m: 2), 0.25)
        XCTAssertEqual(try counts.passAt(1), 0.5)
    }
}
