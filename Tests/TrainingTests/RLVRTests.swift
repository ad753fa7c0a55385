import Foundation
import Interruption
import Models
import Tasks
import Tensors
import Training
import XCTest

final class RLVRTests: XCTestCase {
    private func options(steps: Int, seed: UInt64 = 2) -> RLVROptions {
        RLVROptions(
            steps: steps, problems: 8, width: 8, optimiser: OptimiserOptions(learningRate: 3e-3),
            sampling: SamplingOptions(maxTokens: 2, seed: seed))
    }

    func testFirstInnerStepHasRatioOneAndALossOfZero() throws {
        let model = try TinyModel.bridged()
        var options = options(steps: 1)
        options.objective.kl = 0.1
        options.sampling.temperature = 0.8
        options.optimiser.learningRate = 0
        let run = try rlvr(model, UpperHalfTask(), options)
        let first = try XCTUnwrap(run.history.first)
        XCTAssertLessThan(first["sampling_logp_difference"] ?? 1, 1e-4)
        XCTAssertEqual(first["clip_ratio"], 0)
        XCTAssertEqual(first["loss"] ?? 1, 0, accuracy: 0.05)
        XCTAssertEqual(first["kl"] ?? 1, 0, accuracy: 1e-6)
        XCTAssertGreaterThan(first["grad_norm"] ?? 0, 0)
    }

    func testRewardRisesOnATrivialTask() throws {
        let model = try TinyModel.bridged()
        let run = try rlvr(model, UpperHalfTask(), options(steps: 60))
        let rewards = run.values("reward")
        XCTAssertLessThan(rewards[0], 0.7)
        XCTAssertGreaterThan(rewards.suffix(8).reduce(0, +) / 8, 0.9)
    }

    func testEveryPublishedNameIsLogged() throws {
        let run = try rlvr(try TinyModel.base(), UpperHalfTask(), options(steps: 2))
        let names = [
            "step", "reward", "reward_std", "frac_reward_zero_std", "clip_ratio", "entropy", "kl", "grad_norm",
            "completions/mean_length", "completions/clipped_ratio", "sampling_logp_difference",
        ]
        for entry in run.history { for name in names { XCTAssertNotNil(entry[name], name) } }
        XCTAssertEqual(run.values("step"), [1, 2])
        // The random model is close to uniform over 97 tokens.
        XCTAssertEqual(run.values("entropy")[0], log(97), accuracy: 0.3)
    }

    func testTheSameSeedGivesTheSameBytesWhateverTheThreads() throws {
        func train(_ threads: Int) throws -> ([[Float]], [RunMetrics]) {
            try ThreadPool.withThreads(threads) {
                let model = try TinyModel.bridged()
                let run = try rlvr(model, UpperHalfTask(), options(steps: 3))
                return (try TinyModel.weights(model), run.history)
            }
        }
        let (one, two) = (try train(1), try train(2))
        XCTAssertEqual(one.0, two.0)
        XCTAssertEqual(one.1, two.1)
    }

    func testOnlyNewParametersLearnIfAsked() throws {
        let model = try TinyModel.bridged()
        let (old, new) = (try TinyModel.weights(model, .old), try TinyModel.weights(model, .new))
        var options = options(steps: 2)
        options.parameters = .new
        try rlvr(model, UpperHalfTask(), options)
        XCTAssertEqual(try TinyModel.weights(model, .old), old)
        XCTAssertNotEqual(try TinyModel.weights(model, .new), new)
    }

    func testEveryVariantTrains() throws {
        for credit in Credit.allCases {
            for aggregation in LossAggregation.allCases {
                var options = options(steps: 2)
                (options.credit, options.aggregation) = (credit, aggregation)
                (options.groups, options.innerSteps, options.maskTruncated, options.dynamic) = (2, 2, true, true)
                options.objective.kl = 0.05
                let run = try rlvr(try TinyModel.bridged(), UpperHalfTask(), options)
                XCTAssertTrue(run.values("grad_norm").allSatisfy(\.isFinite))
                XCTAssertGreaterThan(run.values("kl")[1], 0)
            }
        }
    }

    func testDynamicSamplingGivesUpAfterTenTries() throws {
        let model = try TinyModel.base()
        let before = try TinyModel.weights(model)
        var options = options(steps: 1)
        options.dynamic = true
        let run = try rlvr(model, UpperHalfTask(acceptsAll: true), options)
        XCTAssertEqual(run.values("frac_reward_zero_std"), [1])
        XCTAssertEqual(run.values("num_tokens")[0], 10 * 8 * 8 * 2, accuracy: 100)
        XCTAssertEqual(try TinyModel.weights(model), before)
    }

    func testImpossibleOptionsAreRefusedBeforeAnythingIsSampled() throws {
        let model = try TinyModel.base()
        func message(_ change: (inout RLVROptions) -> Void) -> String {
            var options = options(steps: 1)
            change(&options)
            do {
                try rlvr(model, UpperHalfTask(), options)
                return ""
            } catch { return "\(error)" }
        }
        XCTAssertTrue(message { $0.sampling.topK = 5 }.contains("top_k"))
        XCTAssertTrue(message { $0.sampling.temperature = 0 }.contains("temperature"))
        XCTAssertTrue(message { $0.credit = .group }.contains("groups to 2"))
        XCTAssertTrue(message { $0.width = 1 }.contains("raise width or groups"))
        XCTAssertTrue(message { $0.parameters = .new }.contains("attach a bridge"))
        XCTAssertTrue(message { $0.steps = 0 }.contains("steps is 0"))
        XCTAssertTrue(message { $0.optimiser.learningRate = .nan }.contains("lr"))
    }

    func testAnInterruptionLeavesTheLastWholeStep() throws {
        let (model, other) = (try TinyModel.base(), try TinyModel.base())
        defer { Interruption.clear() }
        XCTAssertThrowsError(
            try rlvr(model, UpperHalfTask(), options(steps: 5)) { if $0.step == 2 { Interruption.request() } }
        ) { XCTAssertTrue($0 is Interrupted) }
        Interruption.clear()
        try rlvr(other, UpperHalfTask(), options(steps: 2))
        XCTAssertEqual(try TinyModel.weights(model), try TinyModel.weights(other))
    }

    func testTheRecordIsKeptInAFolder() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        var options = options(steps: 2)
        options.record.folder = folder.path
        var seen: [Int] = []
        try rlvr(try TinyModel.base(), UpperHalfTask(), options) { seen.append($0.step) }
        XCTAssertEqual(seen, [1, 2])
        let lines = try String(contentsOf: folder.appendingPathComponent("history.jsonl"), encoding: .utf8)
            .split(separator: "\n")
        XCTAssertEqual(lines.count, 2)
        let entry = try JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any]
        XCTAssertEqual(entry?["step"] as? Int, 2)
        let config = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.appendingPathComponent("config.json"))) as? [String: Any]
        XCTAssertEqual(config?["credit"] as? String, "own")
        XCTAssertEqual(config?["kind"] as? String, "rlvr")
    }
}
