import TestSupport
import XCTest

/// 100,000 random programs and 100,000 mutated ones: none crashes, hangs, leaks, contradicts itself or an evaluator.
final class ProgramTests: XCTestCase {
    private func fuzz(_ kinds: String, programs: Int) throws -> String {
        let program = URL(fileURLWithPath: try BuiltCommand.path(of: "fuzz"))
        let outcome = try BuiltCommand.run(
            program: program.path,
            ["run", "--kinds", kinds, "--programs", "\(programs)", "--seed", "20260101"])
        XCTAssertEqual(outcome.status, 0, outcome.output + outcome.error)
        return outcome.output
    }
}
