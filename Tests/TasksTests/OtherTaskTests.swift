import Foundation
import Tasks
import XCTest

final class OtherTaskTests: XCTestCase {
    func testPartialProductsSumToTheProduct() throws {
        let task = try ProductsTask(digits: 3, otherDigits: 2)
        for index in 0..<50 {
            let problem = try task.problem(index, split: .heldOut)
            let sides = problem.solution.split(separator: ">")
            let partial = sides[0].split(separator: "+").map { Int($0)! }
            XCTAssertEqual(partial.reduce(0, +), Int(sides[1])!)
            XCTAssertEqual(problem.numbers[0] * problem.numbers[1], Int(problem.answer)!)
        }
    }

    func testGreatestCommonDivisorsDivideAndAreTheGreatest() throws {
        let task = try GCDTask(digits: 2)
        for index in 0..<50 {
            let problem = try task.problem(index, split: .training)
            let largest = (1...99).last { d in problem.numbers.allSatisfy { $0 % d == 0 } }
            XCTAssertEqual(Int(problem.answer), largest)
        }
    }

    func testSortedListsAreComparedAsLists() throws {
        let task = try SortTask(count: 3, digits: 2)
        let problem = Problem(
            index: 0, split: .training, prompt: "", question: "", answer: "12,47,85", solution: "", numbers: [])
        for text in ["12,47,85", "12, 47, 85", "Sorted: 12, 47, 85.", "47,12>12,47,85"] {
            XCTAssertTrue(try task.verify(problem, text), text)
        }
        for text in ["12,47", "12,85,47", "12 47 85", "1247,85", "12,,47,85", "12,47,85,85"] {
            XCTAssertFalse(try task.verify(problem, text), text)
        }
    }

    func testTasksOfAUsersOwnHaveDisjointSplitsAndCompareAnswersAsNumbers() throws {
        let task = CustomTask(make: { number in .init(prompt: "\(number)*2=", answer: "\(2 * number)") })
        let training = try (0..<30).map { try task.problem($0, split: .training).prompt }
        let heldOut = try (0..<10).map { try task.problem($0, split: .heldOut).prompt }
        XCTAssertEqual(Set(training + heldOut), Set((0..<40).map { "\($0)*2=" }))
        let problem = try task.problem(5, split: .training)
        XCTAssertTrue(try task.verify(problem, "so 0\(problem.answer)."))
        XCTAssertFalse(try task.verify(problem, "-\(problem.answer)"))
        let words = CustomTask(make: { _ in .init(prompt: "a", answer: "b c") }) { $1.contains($0.answer) }
        XCTAssertTrue(try words.verify(words.problem(0, split: .training), "a b c d"))
        let plain = CustomTask(make: { _ in .init(prompt: "a", answer: "b c") })
        XCTAssertTrue(try plain.verify(plain.problem(0, split: .training), " b c\n"))
        XCTAssertFalse(try plain.verify(plain.problem(0, split: .training), "bc"))
    }

    private func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".jsonl").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        addTeardownBlock { try? FileManager.default.removeItem(atPath: path) }
        return path
    }

    func testGoldAnswersOfGSM8KAreReadAndIndicesWrap() throws {
        let path = try file(
            """
            {"question": "How much?", "answer": "40 * 25 = 1000\\n#### 1,000"}

            {"question": "How many?", "answer": "#### -7"}\n
            """)
        let task = try JSONLTask(path: path, heldOutPath: path)
        XCTAssertEqual(task.count(.training), 2)
        let problem = try task.problem(0, split: .training)
        XCTAssertEqual(problem.answer, "1000")
        XCTAssertTrue(try task.verify(problem, "So it is $1,000.00."))
        XCTAssertFalse(try task.verify(problem, "So it is 1000.5"))
        XCTAssertEqual(try task.problem(3, split: .heldOut).answer, "-7")
    }

    func testBrokenLinesAreNamedByTheirNumber() throws {
        func message(_ text: String) throws -> String {
            let path = try file(text)
            do {
                _ = try JSONLTask(path: path)
                return ""
            } catch { return String("\(error)".dropFirst(path.count)) }
        }
        let good = #####"{"question": "q", "answer": "#### 1"}"##### + "\n"
        XCTAssertEqual(try message(good + "{"), ":2: not a JSON object")
        XCTAssertEqual(try message(good + good + #####"{"answer": "x"}"#####), ":3: no string named `question`")
        XCTAssertEqual(
            try message(#####"{"question": "q", "answer": "5"}"#####), ":1: no `#### ` before the number in `answer`")
        XCTAssertEqual(
            try message(#####"{"question": "q", "answer": "#### x"}"#####), ":1: `x` after `#### ` is not a number")
        XCTAssertEqual(try message(""), ": holds no problem")
        XCTAssertThrowsError(try JSONLTask(path: "/nowhere/file")) {
            XCTAssertEqual("\($0)", "/nowhere/file: there is no such file")
        }
    }
}
