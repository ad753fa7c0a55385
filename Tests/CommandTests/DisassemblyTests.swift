import TestSupport
import XCTest

final class DisassemblyTests: XCTestCase {
    func testALineIsShownAsInstructionsAndNotRun() throws {
        for arguments in [["-e", "print(1)", "--disassemble"], ["--disassemble", "-e", "print(1)"]] {
            let outcome = try BuiltCommand.run(arguments)
            XCTAssertEqual(outcome.status, 0, outcome.error)
            XCTAssertEqual(
                outcome.output,
                """
                -e:
                     0     1  constant              <fn print>
                     1     1  integer               1
                     2     1  call                  1
                     3     1  result

                """)
        }
    }

    func testAFileIsShownAndWhatFollowsItBelongsToTheScript() throws {
        let folder = try TemporaryFolder()
        try "print(args())".write(toFile: folder.file("a.bridge"), atomically: true, encoding: .utf8)
        let shown = try BuiltCommand.run(["--disassemble", "a.bridge"], folder: folder.path)
        XCTAssertTrue(shown.output.hasPrefix("a.bridge:\n"), shown.output)
        let run = try BuiltCommand.run(["a.bridge", "--disassemble"], folder: folder.path)
        XCTAssertEqual(run.output, "[\"--disassemble\"]\n")
        let line = try BuiltCommand.run(["-e", "print(args())", "--disassemble", "b"], folder: folder.path)
        XCTAssertEqual(line.output, "[\"--disassemble\", \"b\"]\n")
    }

    func testErrorsAreReportedInsteadOfCodeAndWrongUsageHasItsStatus() throws {
        let wrong = try BuiltCommand.run(["-e", "1 +", "--disassemble"])
        XCTAssertEqual(wrong.status, 1)
        XCTAssertTrue(wrong.error.hasPrefix("error["), wrong.error)
        for arguments in [["--disassemble"], ["--disassemble", "a", "b"], ["--disassemble", "--what"]] {
            XCTAssertEqual(try BuiltCommand.run(arguments).status, 2)
        }
        XCTAssertEqual(try BuiltCommand.run(["--disassemble", "no-such-file.bridge"]).status, 2)
    }
}
