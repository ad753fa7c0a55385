import Foundation
import Tensors
import Training
import XCTest

final class ObjectiveTests: XCTestCase {
    func testOwnAdvantagesByHand() {
        // Mean 1/2 and, with n - 1, a standard deviation of sqrt(1/3).
        let scale = 1 / (sqrt(1.0 / 3) + 1e-4)
        let result = Credit.own.advantages([[1, 0], [0, 1]])
        XCTAssertEqual(result[0][0], 0.5 * scale, accuracy: 1e-12)
        XCTAssertEqual(result[0][1], -0.5 * scale, accuracy: 1e-12)
        XCTAssertEqual(result[1][1], 0.5 * scale, accuracy: 1e-12)
        XCTAssertEqual(Credit.own.advantages([[1, 0, 0, 0]], scaled: false), [[0.75, -0.25, -0.25, -0.25]])
    }

    func testEqualRewardsGiveNoAdvantage() {
        for credit in Credit.allCases {
            XCTAssertEqual(credit.advantages([[1, 1], [1, 1]]), [[0, 0], [0, 0]])
        }
    }

    func testGroupCreditComparesWithTheOtherGroupsOnly() {
        // Means 1, 0.5, 0; the others' means 0.25, 0.5, 0.75.
        let result = Credit.group.advantages([[1, 1], [1, 0], [0, 0]], scaled: false)
        XCTAssertEqual(result, [[0.75, 0.75], [0, 0], [-0.75, -0.75]])
        let scaled = Credit.group.advantages([[1, 1], [1, 0], [0, 0]])
        XCTAssertEqual(scaled[0][0], 0.75 / (0.5 + 1e-4), accuracy: 1e-12)
        let mixed = Credit.mixed.advantages([[1, 1], [1, 0], [0, 0]], scaled: false)
        XCTAssertEqual(mixed, [[0.625, 0.625], [0.25, -0.25], [-0.625, -0.625]])
    }

    func testAggregationWeightsByHand() {
        let lengths = [2, 6], all = [true, true]
        XCTAssertEqual(LossAggregation.dapo.weights(lengths: lengths, counts: all, maxTokens: 10), [1.0 / 8, 1.0 / 8])
        XCTAssertEqual(LossAggregation.grpo.weights(lengths: lengths, counts: all, maxTokens: 10), [1.0 / 4, 1.0 / 12])
        XCTAssertEqual(
            LossAggregation.drGRPO.weights(lengths: lengths, counts: all, maxTokens: 10), [1.0 / 20, 1.0 / 20])
        XCTAssertEqual(
            LossAggregation.dapo.weights(lengths: lengths, counts: [true, false], maxTokens: 10), [0.5, 0])
        XCTAssertFalse(LossAggregation.drGRPO.scalesAdvantages)
    }

    func testLossByHandWithAndWithoutClipping() throws {
        // Ratios 2, 0.5, 1 against clips of 0.8 and 1.28.
        let logProbabilities = try Tensor([Float(log(2.0)), Float(log(0.5)), 0], shape: [3])
        func loss(_ advantages: [Float]) throws -> Float {
            try PolicyObjective().loss(
                logProbabilities, .init(old: [0, 0, 0], advantages: advantages, weights: [0.5, 0.25, 0.25])
            ).item()
        }
        // min(2, 1.28) / 2 + min(0.5, 0.8) / 4 + 1 / 4
        XCTAssertEqual(try loss([1, 1, 1]), -(0.64 + 0.125 + 0.25), accuracy: 1e-6)
        // min(-2, -1.28) / 2 + min(-0.5, -0.8) / 4 - 1 / 4
        XCTAssertEqual(try loss([-1, -1, -1]), 1 + 0.2 + 0.25, accuracy: 1e-6)
    }

    func testGradientOfTheLossAgreesWithFiniteDifferences() throws {
        let values: [Float] = [-0.3, -1.2, -0.7, -2.1, -0.05]
        let tokens = PolicyObjective.Tokens(
            old: [-0.9, -0.9, -0.75, -2.0, -0.1], advantages: [1.2, 0.4, -0.6, -1.1, 0.3],
            weights: [0.2, 0.1, 0.3, 0.2, 0.2], reference: [-0.5, -1.0, -0.9, -2.5, -0.2])
        for estimator in KLEstimator.allCases {
            let objective = PolicyObjective(kl: 0.5, klEstimator: estimator)
            let leaf = try Tensor(values, shape: [5]).parameter()
            try objective.loss(leaf, tokens).backward()
            let gradient = try XCTUnwrap(leaf.gradient).floats()
            for i in values.indices {
                func shifted(_ by: Float) throws -> Float {
                    var moved = values
                    moved[i] += by
                    return try objective.loss(Tensor(moved, shape: [5]), tokens).item()
                }
                let difference = try (shifted(1e-2) - shifted(-1e-2)) / 2e-2
                XCTAssertEqual(gradient[i], difference, accuracy: 2e-3, "\(estimator) \(i)")
            }
        }
    }

    func testKLEstimatorsHaveTheClosedFormAsTheirExpectation() throws {
        let policy = [0.5, 0.3, 0.2], reference = [0.4, 0.35, 0.25]
        let closed = zip(policy, reference).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
        let logRatio = try Tensor(zip(policy, reference).map { Float(log($1 / $0)) }, shape: [3])
        func expectation(_ estimator: KLEstimator) throws -> Double {
            zip(policy, try estimator(logRatio).floats()).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        XCTAssertEqual(try expectation(.k1), closed, accuracy: 1e-6)
        XCTAssertEqual(try expectation(.k3), closed, accuracy: 1e-6)
        XCTAssertEqual(try expectation(.k2), closed, accuracy: 0.1 * closed)
        XCTAssertTrue(try KLEstimator.k3(logRatio).floats().allSatisfy { $0 >= 0 })
    }

    func testScheduleRisesThenFallsToItsEnd() {
        let schedule = LearningRateSchedule(.cosine, warmUpSteps: 4, finalShare: 0.1)
        XCTAssertEqual((0..<4).map { schedule.factor(step: $0, of: 101) }, [0.25, 0.5, 0.75, 1])
        XCTAssertEqual(schedule.factor(step: 4, of: 101), 1, accuracy: 1e-12)
        XCTAssertEqual(schedule.factor(step: 52, of: 101), 0.55, accuracy: 1e-12)
        XCTAssertEqual(schedule.factor(step: 100, of: 101), 0.1, accuracy: 1e-12)
        XCTAssertEqual(LearningRateSchedule().factor(step: 7, of: 9), 1)
        let stable = LearningRateSchedule(.wsd, warmUpSteps: 2, finalShare: 0)
        XCTAssertEqual((0..<20).map { stable.factor(step: $0, of: 20) }, [0.5] + [Double](repeating: 1, count: 15)
            + [0.75, 0.5, 0.25, 0])
    }
}
