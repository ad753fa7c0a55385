import Foundation
import Models
import Tasks
import Tensors
import Training
import XCTest

final class SupervisedTests: XCTestCase {
    private func traces(_ count: Int) throws -> Traces {
        let task = try SumsTask(terms: 2, digits: 1)
        let tokenizer = CharacterTokenizer()
        let list = try (0..<count).map { index in
            let problem = try task.problem(index, split: .training)
            let rows = ["\(problem.answer)", "0\(problem.answer)", " \(problem.answer)"].prefix(2 + index % 2)
            return Trace(
                problem: problem, prompt: try tokenizer.encode(problem.prompt),
                completions: try rows.map { try tokenizer.encode($0) + [0] })
        }
        return Traces(traces: list, sampledProblems: count, accuracy: 1)
    }

    func testWarmUpChangesOnlyTheNewParameters() throws {
        let base = try TinyModel.base()
        let model = try base.attaching(BridgeConfiguration(heads: 2, dim: 16))
        let (old, new) = (try TinyModel.weights(model, .old), try TinyModel.weights(model, .new))
        let run = try warmUp(model, traces(20), WarmUpOptions(epochs: 3, batchGroups: 8))
        XCTAssertEqual(try TinyModel.weights(model, .old), old)
        XCTAssertNotEqual(try TinyModel.weights(model, .new), new)
        XCTAssertEqual(try TinyModel.weights(base), old)
        XCTAssertEqual(run.steps, 9)
        XCTAssertLessThan(run.values("loss").last!, run.values("loss").first!)
    }

    func testWarmUpNeedsNewParameters() throws {
        XCTAssertThrowsError(try warmUp(TinyModel.base(), traces(2))) {
            XCTAssertTrue("\($0)".contains("attach a bridge"))
        }
    }

    func testTheFirstLossIsTheMeanOverAllTokensOfTheModelsOwnLogProbabilities() throws {
        let model = try TinyModel.bridged()
        let data = try traces(6)
        let run = try warmUp(
            model, data,
            WarmUpOptions(optimiser: OptimiserOptions(learningRate: 0), batchGroups: 6, microBatch: 2))
        var sum = 0.0, count = 0
        for trace in data.traces {
            let values = try model.tokenLogProbabilities(TokenBatch([(prompt: trace.prompt, rows: trace.completions)]))
            sum -= try values.floats().reduce(0) { $0 + Double($1) }
            count += values.count
        }
        XCTAssertEqual(run.values("loss")[0], sum / Double(count), accuracy: 1e-4)
    }

    func testSftLearnsExamplesByHeart() throws {
        let model = try TinyModel.base()
        let task = try SumsTask(terms: 2, digits: 1)
        let list = try examples(task, problems: 8)
        let run = try sft(
            model, list,
            SFTOptions(
                steps: 150, optimiser: OptimiserOptions(learningRate: 5e-3),
                schedule: LearningRateSchedule(.cosine, warmUpSteps: 10), batch: 8))
        XCTAssertEqual(run.values("loss")[0], log(97), accuracy: 0.5)
        XCTAssertLessThan(run.values("loss").last!, 0.2)
        let evaluation = try evaluate(
            model, task, SampleShape(problems: 8, split: .training, width: 2),
            options: SamplingOptions(maxTokens: 8, temperature: 0))
        XCTAssertGreaterThan(evaluation.accuracy.value, 0.8)
        XCTAssertEqual(evaluation.finishedShare, 1)
    }

    func testNonFiniteLossesLeaveTheWeightsAlone() throws {
        let model = try TinyModel.base()
        try model.parameters()[1].withMutableFloats { $0[0] = .nan }
        model.weightsDidChange()
        let before = try TinyModel.weights(model, .all).map { $0.map(\.bitPattern) }
        XCTAssertThrowsError(try sft(model, [Example(prompt: "1+1=", completion: "2")])) {
            XCTAssertTrue("\($0)".contains("weights were left as they were"), "\($0)")
        }
        XCTAssertEqual(try TinyModel.weights(model, .all).map { $0.map(\.bitPattern) }, before)
    }

    func testExamplesThatCannotBeLearntAreNamed() throws {
        let model = try TinyModel.base()
        XCTAssertThrowsError(try sft(model, [])) { XCTAssertTrue("\($0)".contains("no examples")) }
        XCTAssertThrowsError(try sft(model, [Example(prompt: "", completion: "2")])) {
            XCTAssertTrue("\($0)".contains("example 0 has an empty prompt"))
        }
        let long = Example(prompt: String(repeating: "1", count: 80), completion: "2")
        XCTAssertThrowsError(try sft(model, [long])) { XCTAssertTrue("\($0)".contains("context")) }
    }
}
