import Tasks
import XCTest

final class SumsTaskTests: XCTestCase {
    func testPromptQuestionAnswerAndStepsBelongTogether() throws {
        for (terms, digits) in [(3, 1), (3, 2), (2, 6), (20, 1)] {
            let task = try SumsTask(terms: terms, digits: digits, seed: 1)
            for index in 0..<50 {
                let problem = try task.problem(index, split: .training)
                XCTAssertEqual(problem.prompt.last, "=")
                let numbers = problem.prompt.dropLast().split(separator: "+").map { Int($0)! }
                XCTAssertEqual(numbers.count, terms)
                XCTAssertTrue(numbers.allSatisfy { String($0).count == digits && $0 > 0 })
                XCTAssertEqual(problem.answer, "\(numbers.reduce(0, +))")
                let steps = problem.solution.split(separator: ">")
                XCTAssertEqual(steps.map { Int($0)! }, (2...terms).map { numbers.prefix($0).reduce(0, +) })
                XCTAssertEqual(Set(steps.map(\.count)).count, 1)
                XCTAssertTrue(problem.question.contains(numbers.map(String.init).joined(separator: " + ")))
            }
        }
    }

    func testStepsOfThreeOneDigitTermsHaveTwoDigits() throws {
        let task = try SumsTask(terms: 3, digits: 1)
        XCTAssertEqual(task.stepWidth, 2)
        XCTAssertEqual(try SumsTask(terms: 3, digits: 2).stepWidth, 3)
        XCTAssertEqual(try SumsTask(terms: 12, digits: 1).stepWidth, 3)
    }

    func testAMistakeChangesOneDigitOfOneStepAndLaterTotalsFollow() throws {
        let task = try SumsTask(terms: 5, digits: 2, seed: 3)
        var steps = Set<Int>()
        for index in 0..<300 {
            let problem = try task.problem(index, split: .training)
            let right = problem.solution.split(separator: ">").map(String.init)
            let wrong = task.solution(problem, mistakeShare: 1, seed: 4).split(separator: ">").map(String.init)
            XCTAssertEqual(wrong.map(\.count), right.map(\.count))
            let first = try XCTUnwrap(right.indices.first { right[$0] != wrong[$0] })
            steps.insert(first)
            XCTAssertEqual(zip(right[first], wrong[first]).count { $0 != $1 }, 1)
            let offsets = Set((first..<right.count).map { Int(wrong[$0])! - Int(right[$0])! })
            XCTAssertEqual(offsets.count, 1)
        }
        XCTAssertEqual(steps, [0, 1, 2, 3])
    }

    func testMistakesComeInTheGivenShare() throws {
        let task = try SumsTask(terms: 3, digits: 2, seed: 3)
        let wrong = try (0..<1000).count {
            let problem = try task.problem($0, split: .training)
            return task.solution(problem, mistakeShare: 0.6, seed: 4) != problem.solution
        }
        XCTAssertTrue((540...660).contains(wrong), "\(wrong)")
    }

    func testVerifierIsStrict() throws {
        let problem = Problem(
            index: 0, split: .training, prompt: "9+9=", question: "", answer: "18", solution: "18", numbers: [9, 9])
        let task = try SumsTask(terms: 2, digits: 1)
        for text in [
            "18", "018", "18.", "The answer is 18.", "09>18", "$18", "**18**", "18!", "+18", "18.0", "= 18\n",
        ] {
            XCTAssertTrue(task.verifies(problem, text), text)
        }
        for text in [
            "18.5", "1 8", "-18", "−18",
            "180", "18 or 19", "x18", "18e3", "3e18", "36/18", "2*18", "1+18", "18*", "18%",
            ".18", "2**18**", "118", "18,5", "eighteen", "1.8.18",
        ] {
            XCTAssertFalse(task.verifies(problem, text), text)
        }
    }

    func testNumbersAreReadInPlainForm() {
        XCTAssertEqual(NumberReading.last(in: "it costs $1,018.50 now"), "1018.5")
        XCTAssertEqual(NumberReading.last(in: "-0"), "0")
        XCTAssertEqual(NumberReading.last(in: "007"), "7")
        XCTAssertNil(NumberReading.last(in: "none"))
    }
}

extension SumsTask {
    fileprivate func verifies(_ problem: Problem, _ text: String) -> Bool { (try? verify(problem, text)) ?? false }
}
