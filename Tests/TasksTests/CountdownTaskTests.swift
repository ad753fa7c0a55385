import Tasks
import XCTest

final class CountdownTaskTests: XCTestCase {
    private let problem = Problem(
        index: 0, split: .training, prompt: "3,7,3>24:", question: "", answer: "24", solution: "(3*7)+3",
        numbers: [3, 7, 3])

    func testEveryExpressionOfTheRightNumbersAndValueIsRight() throws {
        let task = try CountdownTask()
        for text in ["3*7+3", "(7*3)+3", " 3 + 7 * 3 ", "3+3*7 = 24", "(3)+((3)*(7))"] {
            XCTAssertTrue(task.verify(problem, text), text)
        }
    }

    func testNumbersMustBeUsedExactlyOnce() throws {
        let task = try CountdownTask()
        for text in ["24", "3*7+3+3-3", "3*8", "7+7+7+3", "21+3", "3*7"] {
            XCTAssertFalse(task.verify(problem, text), text)
        }
    }

    func testOnlyArithmeticIsUnderstood() throws {
        let task = try CountdownTask()
        let other = Problem(
            index: 0, split: .training, prompt: "2,3>8:", question: "", answer: "8", solution: "", numbers: [2, 3])
        for text in ["2**3", "2^3", "pow(2,3)", "3!+2", "2<<3", "--3+2", "2*3+", "(2*3", "2 3", "8"] {
            XCTAssertFalse(task.verify(other, text), text)
        }
        let quarter = Problem(
            index: 0, split: .training, prompt: "", question: "", answer: "24", solution: "", numbers: [3, 3, 8, 8])
        XCTAssertTrue(task.verify(quarter, "8/(3-8/3)"), "fractions are exact")
    }

    func testHostileExpressionsAreRefusedWithoutHarm() {
        XCTAssertNil(ArithmeticExpression.parse(String(repeating: "(", count: 500) + "1"))
        XCTAssertNil(ArithmeticExpression.parse("1/0"))
        XCTAssertNil(ArithmeticExpression.parse("9223372036854775807+1"))
        XCTAssertNil(ArithmeticExpression.parse("9223372036854775807*9223372036854775807"))
        XCTAssertNil(ArithmeticExpression.parse("99999999999999999999"))
        XCTAssertNil(ArithmeticExpression.parse(""))
    }
}
