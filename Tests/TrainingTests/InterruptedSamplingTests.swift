import Interruption
import Models
import Synchronization
import Tasks
import Training
import XCTest

/// What Ctrl-C leaves of sampling.
final class InterruptedSamplingTests: XCTestCase {
    /// Somebody asks to stop while a certain row is verified.
    private final class StoppedTask: ReasoningTask {
        let name = "stopped"
        let parameters: [(name: String, value: String)] = []
        private let rows: Int
        private let isThrowing: Bool
        private let verified = Atomic<Int>(0)

        init(atRow rows: Int, isThrowing: Bool = false) { (self.rows, self.isThrowing) = (rows, isThrowing) }

        func problem(_ index: Int, split: ProblemSplit) throws -> Problem {
            try UpperHalfTask().problem(index, split: split)
        }

        func answer(in text: String, for problem: Problem) -> String? { UpperHalfTask().answer(in: text, for: problem) }

        func verify(_ problem: Problem, _ text: String) throws -> Bool {
            if verified.wrappingAdd(1, ordering: .relaxed).newValue == rows {
                Interruption.request()
                if isThrowing { try Interruption.check() }
            }
            return answer(in: text, for: problem) == problem.answer
        }
    }

    override func tearDown() { Interruption.clear() }

    /// Rows that end at many different lengths.
    private let options = SamplingOptions(maxTokens: 60, seed: 9, stopStrings: "abcdefgh".map { String($0) })
    private let shape = SampleShape(problems: 6, first: 1, width: 3, groups: 2)

    private func stopped(atRow row: Int, isThrowing: Bool = false) throws -> Groups? {
        defer { Interruption.clear() }
        var left: Groups?
        XCTAssertThrowsError(
            try sample(
                TinyModel.bridged(), StoppedTask(atRow: row, isThrowing: isThrowing), shape, options: options,
                onInterruption: { left = $0 })
        ) { XCTAssertTrue($0 is Interrupted, "\($0)") }
        return left
    }

    func testEveryTokenAndVerifiedRowSoFarIsKept() throws {
        let all = try sample(TinyModel.bridged(), UpperHalfTask(), shape, options: options)
        let part = try XCTUnwrap(stopped(atRow: 5))
        XCTAssertEqual(part.problems.map(\.index), all.problems.map(\.index))
        let longest = try XCTUnwrap(part.rows.map(\.tokens.count).max())
        var ended = 0
        for (row, same) in zip(part.rows, all.rows) {
            XCTAssertEqual(row.tokens, Array(same.tokens.prefix(longest)))
            XCTAssertEqual(row.logProbabilities, Array(same.logProbabilities.prefix(longest)))
            if row.tokens.count == same.tokens.count {
                XCTAssertEqual(row, same)
                ended += 1
            } else {
                XCTAssertEqual(row.reward, 0)
                XCTAssertNil(row.answer)
                XCTAssertFalse(row.finished)
            }
        }
        XCTAssertGreaterThanOrEqual(ended, 5)
        XCTAssertLessThan(ended, all.rows.count)
    }

    func testAStopWhileARowIsVerifiedKeepsTheOthers() throws {
        let all = try sample(TinyModel.bridged(), UpperHalfTask(), shape, options: options)
        let part = try XCTUnwrap(stopped(atRow: 20, isThrowing: true))
        XCTAssertGreaterThanOrEqual(zip(part.rows, all.rows).count { $0 == $1 }, 19)
    }

    func testWholeProblemsAreThoseOfWhichNoRowIsCut() throws {
        let all = try sample(TinyModel.bridged(), UpperHalfTask(), shape, options: options)
        XCTAssertEqual(all.whole, 6)
        var seen: Set<Int> = []
        for row in 1...35 {
            let part = try XCTUnwrap(stopped(atRow: row))
            let whole = zip(part.problems, all.problems).prefix { $0.rows == $1.rows }.count
            XCTAssertEqual(part.whole, whole, "at row \(row)")
            seen.insert(whole)
        }
        XCTAssertGreaterThan(seen.count, 1, "\(seen)")
    }

    func testAnEvaluationCountsWholeProblemsOnly() throws {
        for row in [2, 35] {
            var left: Evaluation?
            XCTAssertThrowsError(
                try evaluate(
                    TinyModel.bridged(), StoppedTask(atRow: row), shape, options: options, onInterruption: { left = $0 }
                ))
            Interruption.clear()
            let whole = try XCTUnwrap(stopped(atRow: row)).whole
            XCTAssertEqual(left?.counts.problems.count ?? 0, whole)
            XCTAssertEqual(whole > 0, row == 35)
        }
    }

    func testTracesOfCutProblemsAreTheirCorrectFinishedRows() throws {
        var left: Traces?
        XCTAssertThrowsError(
            try traces(
                TinyModel.bridged(), StoppedTask(atRow: 25), shape, options: options, onInterruption: { left = $0 }))
        let kept = try XCTUnwrap(left)
        XCTAssertEqual(kept.sampledProblems, 6)
        XCTAssertFalse(kept.traces.isEmpty)
        Interruption.clear()
        let all = try traces(TinyModel.bridged(), UpperHalfTask(), shape, options: options)
        let completions = Set(all.traces.flatMap(\.completions)), few = kept.traces.flatMap(\.completions)
        XCTAssertTrue(completions.isSuperset(of: few))
        XCTAssertLessThan(few.count, completions.count)
    }

    func testMoreRowsThanAreDecodedAtOnceGiveTheSameRows() throws {
        let model = try TinyModel.base(), options = SamplingOptions(maxTokens: 4, seed: 2)
        let many = try sample(model, UpperHalfTask(), SampleShape(problems: 100, width: 4), options: options)
        XCTAssertEqual(many.problems.map(\.index), Array(0..<100))
        for index in [0, 63, 64, 99] {
            let shape = SampleShape(problems: 1, first: index, width: 4)
            let one = try sample(model, UpperHalfTask(), shape, options: options)
            XCTAssertEqual(many.problems[index].rows, one.rows)
        }
    }
}
