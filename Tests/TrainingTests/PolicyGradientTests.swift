import Models
import Randomness
import Tasks
import Tensors
import Training
import XCTest

final class PolicyGradientTests: XCTestCase {
    private let options = RLVROptions(
        steps: 1, problems: 4, width: 3, groups: 2, sampling: SamplingOptions(maxTokens: 6, seed: 3))

    /// Ragged groups with mixed rewards and old log-probabilities that are off, so that some ratios are clipped.
    private func problems(_ model: LanguageModel) throws -> [ProblemGroups] {
        let groups = try sample(
            model, UpperHalfTask(), SampleShape(problems: 4, width: 3, groups: 2), options: options.sampling)
        var stream = RandomStream(seed: 5, purpose: .user)
        return groups.problems.map { problem in
            let rows = problem.groups.map { group in
                group.enumerated().map { w, row in
                    let kept = 1 + (w + problem.index) % row.tokens.count
                    return AnsweredRow(
                        text: row.text, tokens: Array(row.tokens.prefix(kept)),
                        logProbabilities: row.logProbabilities.prefix(kept).map { $0 + stream.uniform() - 0.5 },
                        finished: row.finished, reward: Double((w + problem.index) % 2), answer: row.answer)
                }
            }
            return ProblemGroups(problem: problem.problem, prompt: problem.prompt, groups: rows)
        }
    }

    func testGradientAgreesWithFiniteDifferencesAlongRandomDirections() throws {
        let model = try TinyModel.bridged()
        let data = try problems(model)
        for aggregation in LossAggregation.allCases {
            var options = options
            options.aggregation = aggregation
            let gradients = try policyGradients(model, data, UpperHalfTask(), options).gradients
            for direction in 0..<3 {
                var stream = RandomStream(seed: 11, purpose: .user, direction)
                let moves = gradients.map { $0.map { _ in stream.uniform() - 0.5 } }
                func loss(_ scale: Float) throws -> Double {
                    try move(model, moves, scale)
                    defer { try? move(model, moves, -scale) }
                    return try policyGradients(model, data, UpperHalfTask(), options).loss
                }
                let expected = try (loss(1e-4) - loss(-1e-4)) / 2e-4
                let found = zip(gradients, moves).reduce(0.0) { sum, pair in
                    zip(pair.0, pair.1).reduce(sum) { $0 + Double($1.0) * Double($1.1) }
                }
                XCTAssertEqual(found, expected, accuracy: 0.01 * abs(expected) + 1e-3, "\(aggregation)")
            }
        }
    }

    private func move(_ model: LanguageModel, _ moves: [[Float]], _ scale: Float) throws {
        for (tensor, move) in zip(try model.parameters(), moves) {
            try tensor.withMutableFloats { values in
                for i in values.indices { values[i] += scale * move[i] }
            }
        }
        model.weightsDidChange()
    }

    func testMicroBatchesOfWholeGroupsAddUpToTheWholeStep() throws {
        let model = try TinyModel.bridged()
        let data = try problems(model)
        for aggregation in LossAggregation.allCases {
            var whole = options
            whole.aggregation = aggregation
            whole.microBatch = 8
            let (loss, gradients) = try policyGradients(model, data, UpperHalfTask(), whole)
            for size in [1, 3, 4] {
                var parts = whole
                parts.microBatch = size
                let other = try policyGradients(model, data, UpperHalfTask(), parts)
                XCTAssertEqual(other.loss, loss, accuracy: 1e-5)
                for (a, b) in zip(gradients, other.gradients) {
                    let largest = a.map(abs).max() ?? 0
                    for (x, y) in zip(a, b) { XCTAssertEqual(x, y, accuracy: 1e-3 * largest + 1e-6) }
                }
            }
        }
    }

    func testOnlyTheChosenParametersGetAGradient() throws {
        let model = try TinyModel.bridged()
        var options = options
        options.parameters = .new
        let (_, gradients) = try policyGradients(model, problems(model), UpperHalfTask(), options)
        XCTAssertEqual(gradients.map(\.count), try model.parameters(.new).map(\.count))
        XCTAssertTrue(gradients.contains { $0.contains { $0 != 0 } })
        XCTAssertTrue(try model.parameters().allSatisfy { $0.gradient == nil && !$0.requiresGradient })
    }

    func testASiblingsRewardMovesARowsTokensUnderGroupCredit() throws {
        let rewards = [[1.0, 0], [0, 0]]
        XCTAssertGreaterThan(Credit.group.advantages(rewards)[0][1], 0)
        XCTAssertLessThan(Credit.own.advantages(rewards)[0][1], 0)
    }
}
