import Metrics
import XCTest

final class MetricTests: XCTestCase {
    func testPassAtOneIsTheShareOfCorrectRows() throws {
        for c in 0...7 { XCTAssertEqual(try Metric.passAt(n: 7, c: c, k: 1), Double(c) / 7, accuracy: 1e-14) }
    }

    func testGPassOfOneCorrectRowIsPassAt() throws {
        for c in 0...12 {
            for k in 1...12 {
                XCTAssertEqual(
                    try Metric.gPass(n: 12, c: c, k: k, m: 1), try Metric.passAt(n: 12, c: c, k: k), accuracy: 1e-12)
            }
        }
    }

    func testGPassSummedOverThresholdsIsTheExpectedNumberOfCorrectRows() throws {
        for c in 0...16 {
            for k in [1, 3, 8, 16] {
                let sum = try (1...k).reduce(0.0) { $0 + (try Metric.gPass(n: 16, c: c, k: k, m: $1)) }
                XCTAssertEqual(sum, Double(k * c) / 16, accuracy: 1e-10)
            }
        }
    }

    func testGPassOfAWholeGroupIsAStepAtItsCount() throws {
        for c in 0...8 {
            for m in 1...8 { XCTAssertEqual(try Metric.gPass(n: 8, c: c, k: 8, m: m), c >= m ? 1 : 0) }
        }
    }

    func testThresholdsOfExactSharesAreNotMovedByRounding() throws {
        for k in 1...256 {
            for i in 1...k { XCTAssertEqual(try Metric.threshold(tau: Double(i) / Double(k), k: k), i) }
        }
        XCTAssertEqual(try Metric.threshold(tau: 0, k: 8), 1)
        XCTAssertEqual(try Metric.threshold(tau: 0.26, k: 8), 3)
    }

    func testMeanGPassOfAPerfectGroupIsBelowOneForOddK() throws {
        XCTAssertEqual(try Metric.mGPass(n: 8, c: 8, k: 8), 1)
        XCTAssertEqual(try Metric.mGPass(n: 8, c: 8, k: 5), 0.8, accuracy: 1e-14)
        XCTAssertEqual(try Metric.mGPass(n: 8, c: 8, k: 1), 0)
    }

    func testMajorityOfOneRowIsTheAccuracyAndOfAllRowsIsTheVote() throws {
        XCTAssertEqual(try Metric.majority(counts: [3, 2, 1], correct: [1], k: 1), 1.0 / 3, accuracy: 1e-12)
        XCTAssertEqual(try Metric.majority(counts: [3, 2, 1], correct: [0], k: 6), 1, accuracy: 1e-12)
        XCTAssertEqual(try Metric.majority(counts: [2, 2, 1], correct: [0], k: 5), 0.5, accuracy: 1e-12)
        XCTAssertEqual(try Metric.majority(counts: [1], correct: [0], abstentions: 9, k: 10), 1, accuracy: 1e-12)
        XCTAssertEqual(try Metric.majority(counts: [], correct: [], abstentions: 4, k: 2), 0)
    }

    func testMajorityProbabilitiesOfAllAnswersSumToOneAtLargeCounts() throws {
        let counts = [40, 30, 30, 20, 8]
        let sum = try counts.indices.reduce(0.0) { $0 + (try Metric.majority(counts: counts, correct: [$1], k: 64)) }
        XCTAssertEqual(sum, 1, accuracy: 1e-10)
    }

    func testBestOfTakesTheBestScoreAndSplitsTies() throws {
        XCTAssertEqual(try Metric.bestOf(scores: [-3, -1, -2], correct: [true, false, true]), 0)
        XCTAssertEqual(try Metric.bestOf(scores: [-1, -1, .nan], correct: [true, false, true]), 0.5)
    }

    func testVoteFollowsTheWeightsAndIgnoresRowsWithoutAnAnswer() throws {
        XCTAssertEqual(try Metric.vote(answers: ["a", "b", "b", nil]), "b")
        XCTAssertEqual(try Metric.vote(answers: ["a", "b", "b", nil], weights: [3, 1, 1, 9]), "a")
        XCTAssertEqual(try Metric.vote(answers: ["b", "a"]), "b")
        XCTAssertNil(try Metric.vote(answers: [nil]))
    }

    func testImpossibleCountsAreRefusedWithTheAllowedRange() {
        XCTAssertThrowsError(try Metric.passAt(n: 4, c: 5, k: 1)) { XCTAssertTrue("\($0)".contains("0 to n = 4")) }
        XCTAssertThrowsError(try Metric.passAt(n: 4, c: 1, k: 5)) { XCTAssertTrue("\($0)".contains("1 to n = 4")) }
        XCTAssertThrowsError(try Metric.gPass(n: 4, c: 1, k: 2, m: 3)) { XCTAssertTrue("\($0)".contains("1 to k = 2")) }
        XCTAssertThrowsError(try Metric.gPass(n: 4, c: 1, k: 2, tau: .nan))
        XCTAssertThrowsError(try GroupCounts(width: 2, problems: [[3]]))
        XCTAssertThrowsError(try GroupCounts(width: 2, problems: []))
    }
}
