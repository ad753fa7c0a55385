import Tasks
import XCTest

final class TaskTests: XCTestCase {
    private func tasks(seed: UInt64 = 5) throws -> [any ReasoningTask] {
        [
            try SumsTask(terms: 3, digits: 2, seed: seed), try ProductsTask(digits: 3, otherDigits: 2, seed: seed),
            try GCDTask(digits: 3, seed: seed), try CountdownTask(seed: seed), try SortTask(seed: seed),
            try ReverseTask(seed: seed), try WordsTask(digits: 2, seed: seed),
        ]
    }

    func testAProblemDependsOnSeedIndexAndSplitOnly() throws {
        for (task, again) in zip(try tasks(), try tasks()) {
            let late = try again.problem(40, split: .training)
            for index in 0..<40 { _ = try task.problem(index, split: .training) }
            XCTAssertEqual(try task.problem(40, split: .training), late, task.name)
        }
        for (task, other) in zip(try tasks(), try tasks(seed: 6)) {
            let here = try (0..<10).map { try task.problem($0, split: .training).prompt }
            XCTAssertNotEqual(here, try (0..<10).map { try other.problem($0, split: .training).prompt }, task.name)
        }
    }

    func testTrainingAndHeldOutProblemsAreDisjoint() throws {
        for task in try tasks() + [try SumsTask(terms: 2, digits: 1)] {
            let training = Set(try (0..<500).map { try task.problem($0, split: .training).prompt })
            let heldOut = Set(try (0..<500).map { try task.problem($0, split: .heldOut).prompt })
            XCTAssertTrue(training.isDisjoint(with: heldOut), task.name)
        }
    }

    func testTheSplitDoesNotFollowTheParityOfTheAnswer() throws {
        let task = try SumsTask(terms: 3, digits: 1)
        for split in ProblemSplit.allCases {
            let odd = try (0..<1000).count { Int(try task.problem($0, split: split).answer)! % 2 == 1 }
            XCTAssertTrue((380...620).contains(odd), "\(odd) odd answers of 1000 in \(split)")
        }
    }

    func testEverySolutionVerifiesAndNoMistakenOneDoes() throws {
        for task in try tasks() {
            for index in 0..<200 {
                let problem = try task.problem(index, split: .training)
                XCTAssertTrue(try task.verify(problem, problem.solution), "\(problem)")
                let wrong = task.solution(problem, mistakeShare: 1, seed: 9)
                if wrong != problem.solution { XCTAssertFalse(try task.verify(problem, wrong), "\(problem) \(wrong)") }
                XCTAssertEqual(task.solution(problem, mistakeShare: 0, seed: 9), problem.solution)
            }
        }
    }

    func testEmptyAndForeignAnswersAreWrong() throws {
        for task in try tasks() {
            let problem = try task.problem(0, split: .heldOut)
            for text in ["", " ", "no idea", problem.prompt, "\u{0}", String(repeating: "9", count: 10_000)] {
                XCTAssertFalse(try task.verify(problem, text), "\(task.name): \(text.prefix(20))")
            }
        }
    }

    func testParametersOutOfRangeAreRefusedWithTheAllowedRange() {
        func message(_ body: () throws -> Void) -> String {
            do {
                try body()
                return ""
            } catch { return "\(error)" }
        }
        XCTAssertEqual(message { _ = try SumsTask(terms: 0) }, "sums: `terms` is 0, but must be 2 to 20")
        XCTAssertEqual(message { _ = try SumsTask(digits: 0) }, "sums: `digits` is 0, but must be 1 to 6")
        XCTAssertEqual(message { _ = try SumsTask(digits: 7) }, "sums: `digits` is 7, but must be 1 to 6")
        XCTAssertEqual(message { _ = try CountdownTask(count: 9) }, "countdown: `count` is 9, but must be 2 to 6")
        XCTAssertEqual(
            message { _ = try SumsTask().problem(-1, split: .training) },
            "sums: problem -1 does not exist; problems count from 0")
    }

    func testHashIsTheStandardOne() {
        // Known answers from the FNV authors' test suite.
        XCTAssertEqual(ContentHash.fnv1a(""), 0xcbf2_9ce4_8422_2325)
        XCTAssertEqual(ContentHash.fnv1a("a"), 0xaf63_dc4c_8601_ec8c)
        XCTAssertEqual(ContentHash.fnv1a("foobar"), 0x8594_4171_f739_67e8)
    }
}
