import Foundation
import Language
import TestSupport
import XCTest

/// None of 100,000 random programs and 100,000 mutated ones crashes, hangs, leaks or contradicts itself; and none of
/// 20,000 programs of numbers contradicts an evaluator of their own. They are the same ones each time; `scripts/dev/fuzz`
/// takes others.
final class ProgramTests: XCTestCase {
    private func fuzz(_ kind: String, programs: Int) throws -> (numbers: [Int], instructions: Set<String>) {
        let outcome = try BuiltCommand.run(
            program: try BuiltCommand.path(of: "fuzz"),
            ["run", "--kinds", kind, "--programs", "\(programs)", "--seed", "20260101"])
        XCTAssertEqual(outcome.status, 0, outcome.output + outcome.error)
        let lines = outcome.output.split(separator: "\n")
        let numbers = lines.first { $0.hasPrefix(kind) }?.split(separator: " ").compactMap { Int($0) } ?? []
        let instructions = lines.first { $0.hasPrefix("instructions: ") }?.split(separator: " ").dropFirst() ?? []
        guard numbers.count == 4 else { throw CocoaError(.coderReadCorrupt) }
        return (numbers, Set(instructions.map(String.init)))
    }

    func testRandomProgramsAreSafe() throws {
        let (numbers, instructions) = try fuzz("generated", programs: 100_000)
        XCTAssertGreaterThanOrEqual(numbers[0], 100_000)
        XCTAssertGreaterThan(numbers[1], numbers[0] / 2, "too few pass the check to say much")
        XCTAssertGreaterThan(numbers[2], numbers[0] / 10, "too few run to their end to say much")
        // An import needs a file.
        let unreached = Set(Disassembler.instructions).subtracting(instructions.union(["importFile"])).sorted()
        XCTAssertEqual(unreached, [], "no program is compiled to these instructions")
    }

    func testMutatedProgramsAreSafe() throws {
        let (numbers, _) = try fuzz("mutated", programs: 100_000)
        XCTAssertGreaterThanOrEqual(numbers[0], 100_000)
        XCTAssertGreaterThan(numbers[1], numbers[0] / 20, "too few pass the check to say much")
    }

    /// Files that are cut, spliced and overwritten are refused with an error, or read as what they are written as again.
    func testMutatedFilesAreSafe() throws {
        for kind in ["json", "csv", "notebook", "history"] {
            let (numbers, _) = try fuzz(kind, programs: 20_000)
            XCTAssertGreaterThanOrEqual(numbers[0], 20_000)
            XCTAssertGreaterThan(numbers[1], numbers[0] / 20, "too few are read to say much")
        }
    }

    /// Every function of the library, with the largest and smallest numbers, NaN, and what it does not expect.
    func testExtremeArgumentsAreSafe() throws {
        let (numbers, _) = try fuzz("natives", programs: 6_000)
        XCTAssertGreaterThanOrEqual(numbers[0], 6_000)
        XCTAssertGreaterThan(numbers[2], numbers[0] / 20, "too few give a value to say much")
    }

    func testProgramsOfNumbersAgreeWithAnotherEvaluator() throws {
        let (numbers, _) = try fuzz("arithmetic", programs: 20_000)
        XCTAssertGreaterThanOrEqual(numbers[0], 20_000)
        XCTAssertGreaterThan(numbers[2], numbers[0] / 4, "too few run to their end to say much")
    }
}
