import Models
import Tasks
import Training
import XCTest

final class SamplingTests: XCTestCase {
    private func row(_ isCorrect: Bool, tokens: [Int32] = [5, 0], finished: Bool = true) -> AnsweredRow {
        AnsweredRow(
            text: "x", tokens: tokens, logProbabilities: tokens.map { _ in -1 }, finished: finished,
            reward: isCorrect ? 1 : 0, answer: isCorrect ? "yes" : "no")
    }

    private func groups(_ correct: [[[Bool]]]) throws -> Groups {
        let problems = try correct.enumerated().map { index, groups in
            ProblemGroups(
                problem: try UpperHalfTask().problem(index, split: .heldOut), prompt: [3],
                groups: groups.map { $0.map { row($0) } })
        }
        return Groups(width: correct[0][0].count, problems: problems, options: SamplingOptions())
    }

    func testTracesKeepCorrectRowsOfProblemsWithTwoOrMore() throws {
        let traces = Traces(try groups([[[true, false, false]], [[true, true, false]], [[true, false, true]]]))
        XCTAssertEqual(traces.traces.map(\.problem.index), [1, 2])
        XCTAssertEqual(traces.traces.map(\.completions.count), [2, 2])
        XCTAssertEqual(traces.accuracy, 5.0 / 9, accuracy: 1e-12)
        XCTAssertEqual(traces.sampledProblems, 3)
    }

    func testEvaluationByHand() throws {
        let evaluation = try Evaluation(
            groups([[[true, true], [false, false]], [[true, false], [true, false]]]), model: "m", task: "t",
            split: .heldOut)
        XCTAssertEqual(evaluation.width, 2)
        XCTAssertEqual(evaluation.accuracy.value, 0.5)
        XCTAssertEqual(evaluation.coverage, 0.75)
        XCTAssertEqual(evaluation.consistency, 0.25)
        XCTAssertEqual(evaluation.gPass, [0.75, 0.25])
        XCTAssertEqual(evaluation.passAtK, 0.75)
        XCTAssertEqual(evaluation.majorityAtK, 0.5)
        XCTAssertEqual(evaluation.meanLength, 2)
        XCTAssertEqual(evaluation.counts.problems, [[2, 0], [1, 1]])
        XCTAssertEqual(try evaluation.compared(to: evaluation).difference.value, 0)
        XCTAssertThrowsError(try Evaluation(groups([[[true]]]), model: "", task: "", split: .heldOut, k: 2))
    }

    func testVotesAndBestRowsAreTakenInsideGroups() throws {
        func row(_ answer: String?, _ isCorrect: Bool, _ logProbability: Float) -> AnsweredRow {
            AnsweredRow(
                text: "", tokens: [5, 0], logProbabilities: [logProbability, logProbability], finished: true,
                reward: isCorrect ? 1 : 0, answer: answer)
        }
        let rows = [row("3", true, -0.1), row("4", false, -1.5), row("4", false, -1.5), row(nil, false, -3)]
        let groups = Groups(
            width: 4,
            problems: [
                ProblemGroups(problem: try UpperHalfTask().problem(0, split: .heldOut), prompt: [3], groups: [rows])
            ],
            options: SamplingOptions())
        XCTAssertEqual(try groups.majority(), [[0]])
        XCTAssertEqual(try groups.majority(1)[0][0], 0.25, accuracy: 1e-12)
        XCTAssertEqual(try groups.bestByMeanLogProbability(), [[1]])
        // exp(-0.1) against 2 exp(-1.5).
        XCTAssertEqual(try groups.weightedVote(), [[1]])
        XCTAssertEqual(try groups.weightedVote { _ in 1 }, [[0]])
    }

    func testSamplesAreNamedByProblemAndNotByTheCall() throws {
        let model = try TinyModel.bridged()
        let options = SamplingOptions(maxTokens: 5, seed: 9)
        let all = try sample(model, UpperHalfTask(), SampleShape(problems: 5, width: 3, groups: 2), options: options)
        let last = try sample(
            model, UpperHalfTask(), SampleShape(problems: 2, first: 3, width: 3, groups: 2), options: options)
        XCTAssertEqual(all.problems[3...].map { $0.rows.map(\.tokens) }, last.problems.map { $0.rows.map(\.tokens) })
        XCTAssertEqual(all.rows.count, 30)
        for row in all.rows {
            XCTAssertEqual(row.tokens.count, row.logProbabilities.count)
            XCTAssertEqual(row.finished, row.tokens.last == 0)
            XCTAssertFalse(row.text.contains("\0"))
        }
    }

    func testProgressTellsWhichShareOfTheTokensIsThere() throws {
        var told: [SamplingProgress] = []
        let groups = try sample(
            TinyModel.bridged(), UpperHalfTask(), SampleShape(problems: 8, width: 3),
            options: SamplingOptions(maxTokens: 40), onProgress: { told.append($0) })
        for (earlier, later) in zip(told, told.dropFirst()) {
            XCTAssertGreaterThanOrEqual(later.problems, earlier.problems)
            XCTAssertGreaterThanOrEqual(later.tokens, earlier.tokens)
        }
        for progress in told {
            XCTAssertEqual(progress.share == nil, progress.problems == 0)
            if let share = progress.share { XCTAssertTrue((0.1...1).contains(share), "\(share)") }
        }
        let last = try XCTUnwrap(told.last)
        XCTAssertEqual(last.problems, 8)
        XCTAssertEqual(last.tokens, groups.rows.reduce(0) { $0 + $1.tokens.count })
        XCTAssertEqual(last.share, 1)
    }

    func testAChatModelIsAskedTheQuestionAndABaseModelGetsThePrompt() throws {
        let model = try TinyModel.base()
        let problem = try SumsTask().problem(0, split: .training)
        XCTAssertEqual(model.tokenizer.decode(try model.promptTokens(problem)), problem.prompt)
        model.chatTemplate = 
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
        let text = model.tokenizer.decode(try model.promptTokens(problem))
        XCTAssertTrue(text.contains(problem.question) && text.hasSuffix("<|im_start|>assistant\n"), text)
    }

    func testImpossibleShapesAreRefused() throws {
        let model = try TinyModel.base()
        for shape in [
            SampleShape(problems: 0), SampleShape(problems: 1, width: 0), SampleShape(problems: 1, first: -1),
        ] {
            XCTAssertThrowsError(try sample(model, UpperHalfTask(), shape, options: SamplingOptions()))
        }
        XCTAssertThrowsError(try evaluate(model, UpperHalfTask(), SampleShape(problems: 1, width: 2), k: 3))
        XCTAssertThrowsError(
            try traces(
                model, try SumsTask(terms: 3, digits: 6), SampleShape(problems: 2),
                options: SamplingOptions(maxTokens: 2))
        ) { XCTAssertTrue("\($0)".contains("two correct traces")) }
    }
}
