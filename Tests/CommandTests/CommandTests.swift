import Foundation
import TestSupport
import XCTest

/// The program's arguments, streams and exit statuses.
final class CommandTests: XCTestCase {
    func testALineShowsItsValue() throws {
        let outcome = try BuiltCommand.run(["-e", "1 + 2"])
        XCTAssertEqual(outcome.output, "3\n")
        XCTAssertEqual(outcome.error, "")
        XCTAssertEqual(outcome.status, 0)
    }

    func testALineThatBeginsWithADash() throws {
        XCTAssertEqual(try BuiltCommand.run(["-e", "-3 + 1"]).output, "-2\n")
    }

    func testNilAndSilencedValuesAreNotShown() throws {
        XCTAssertEqual(try BuiltCommand.run(["-e", "nil"]).output, "")
        XCTAssertEqual(try BuiltCommand.run(["-e", "1 + 2;"]).output, "")
    }

    func testAScriptShowsOnlyWhatItPrints() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("1 + 1\nprint(\"hello\")\n", to: "a.bridge")
        let outcome = try BuiltCommand.run([path])
        XCTAssertEqual(outcome.output, "hello\n")
        XCTAssertEqual(outcome.status, 0)
    }

    func testArgumentsAfterTheFileBelongToTheScript() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("print(args())", to: "a.bridge")
        let outcome = try BuiltCommand.run([path, "--help", "-e", "--", "x y"])
        XCTAssertEqual(outcome.output, "[\"--help\", \"-e\", \"--\", \"x y\"]\n")
    }

    func testPipedInputIsAScript() throws {
        let outcome = try BuiltCommand.run([], input: "x = 4\nprint(x * 2)\n")
        XCTAssertEqual(outcome.output, "8\n")
        XCTAssertEqual(outcome.status, 0)
        XCTAssertEqual(try BuiltCommand.run(["-", "one"], input: "print(args())").output, "[\"one\"]\n")
    }

    func testAFailingScriptHasStatusOneAndKeepsWhatItPrinted() throws {
        let outcome = try BuiltCommand.run([], input: "print(\"before\")\n[1][5]\nprint(\"after\")\n")
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.output, "before\n")
        XCTAssertTrue(outcome.error.contains("standard input:2:"), outcome.error)
    }

    func testASyntaxErrorRunsNothing() throws {
        let outcome = try BuiltCommand.run([], input: "print(\"before\")\nx = (\n")
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.output, "")
        XCTAssertTrue(outcome.error.hasPrefix("error[E010]: "), outcome.error)
    }

    func testWrongUsageHasStatusTwo() throws {
        for arguments in [["--nonesuch"], ["check"], ["-e"], ["reference", "extra"], ["format", "--nonesuch"]] {
            let outcome = try BuiltCommand.run(arguments)
            XCTAssertEqual(outcome.status, 2, "\(arguments)")
            XCTAssertEqual(outcome.output, "", "\(arguments)")
            XCTAssertFalse(outcome.error.isEmpty, "\(arguments)")
        }
    }

    func testFilesThatAreNoScripts() throws {
        let folder = try TemporaryFolder()
        let binary = folder.file("binary.bridge")
        try Data([0x31, 0x0A, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: binary))
        let cases: [(path: String, status: Int, says: String)] = [
            (folder.file("none.bridge"), 2, "no file"), (folder.path, 2, "folder"), (binary, 1, "line 2"),
        ]
        for expected in cases {
            // A folder of scripts can be checked.
            let commands = expected.path == folder.path ? [[]] : [[], ["check"], ["format"]]
            for arguments in commands.map({ $0 + [expected.path] }) {
                let outcome = try BuiltCommand.run(arguments)
                XCTAssertEqual(outcome.status, expected.status, outcome.error)
                XCTAssertTrue(outcome.error.contains(expected.path) && outcome.error.contains(expected.says), outcome.error)
                XCTAssertEqual(outcome.error.split(separator: "\n").count, 1, outcome.error)
            }
        }
    }

    func testCheckReportsEveryErrorOfEveryFileAndRunsNothing() throws {
        let folder = try TemporaryFolder()
        let good = try folder.write("print(\"ran\")", to: "good.bridge")
        let bad = try folder.write("x = nonesuch\ny = nowhere\n", to: "bad.bridge")
        XCTAssertEqual(try BuiltCommand.run(["check", good]).status, 0)
        let outcome = try BuiltCommand.run(["check", good, bad])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.output, "")
        for part in ["bad.bridge:1:5", "nonesuch", "bad.bridge:2:5", "nowhere"] {
            XCTAssertTrue(outcome.error.contains(part), outcome.error)
        }
    }

    func testTheShortFormIsALineAnError() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x = lenn([1])\nprint(x, end = \"\")\n", to: "bad.bridge")
        let lines = [
            "\(path):1:5: error[E030]: `lenn` is not defined; did you mean `len`?",
            "\(path):2:14: error[E020]: an argument is named with `:`; write `end: ...`",
        ]
        let expected = lines.map { $0 + "\n" }.joined()
        XCTAssertEqual(try BuiltCommand.run(["check", "--short", path]).error, expected)
        var environment = BuiltCommand.environment(home: folder.path)
        environment["BRIDGE_ERRORS"] = "short"
        XCTAssertEqual(try BuiltCommand.run([path], environment: environment, folder: folder.path).error, expected)
        let failing = try BuiltCommand.run(["-e", "[1][2]"], environment: environment, folder: folder.path).error
        XCTAssertEqual(
            failing,
            "-e:1:1: error[E209]: index 2 is out of range: the List has 1 element; its only one is 0\n")
    }

    func testSeveralErrorsOfACheckAreCounted() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x = nonesuch\ny = nowhere\n", to: "bad.bridge")
        XCTAssertTrue(try BuiltCommand.run(["check", path]).error.hasSuffix("2 errors; `bridge -e 'help(\"E030\")'` explains the first\n"))
    }

    func testHelpAndVersionGoToStandardOutput() throws {
        let help = try BuiltCommand.run(["--help"])
        XCTAssertEqual(help.status, 0)
        for part in ["FILE", "-e CODE", "check", "reference", "130"] { XCTAssertTrue(help.output.contains(part), part) }
        let version = try BuiltCommand.run(["--version"])
        XCTAssertEqual(version.status, 0)
        XCTAssertTrue(version.output.hasPrefix("bridge "))
    }

    func testReferenceIsMarkdown() throws {
        let outcome = try BuiltCommand.run(["reference"])
        XCTAssertEqual(outcome.status, 0)
        XCTAssertTrue(outcome.output.hasPrefix("# Reference\n"))
        XCTAssertTrue(outcome.output.contains("### len\n"))
    }

    func testNoColourWhereItIsNoTerminal() throws {
        let outcome = try BuiltCommand.run(["-e", "nonesuch"])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertFalse(outcome.error.contains("\u{1B}"))
    }

    func testAReaderThatLeavesEndsTheRunQuietly() throws {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "{ \"$0\" -e 'while true { print(1) }'; } | head -n 1", try BuiltCommand.path]
        let output = Pipe(), error = Pipe()
        shell.standardOutput = output
        shell.standardError = error
        try shell.run()
        shell.waitUntilExit()
        XCTAssertEqual(try output.fileHandleForReading.readToEnd(), Data("1\n".utf8))
        XCTAssertEqual(try error.fileHandleForReading.readToEnd() ?? Data(), Data())
    }

    func testAFullDiskIsAnErrorAndNotSilence() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { throw XCTSkip("no /dev/full") }
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "\"$0\" -e 'print(1)' > /dev/full", try BuiltCommand.path]
        let error = Pipe()
        shell.standardError = error
        try shell.run()
        shell.waitUntilExit()
        XCTAssertEqual(shell.terminationStatus, 1)
        let message = String(decoding: try error.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        XCTAssertTrue(message.contains("standard output"), message)
    }
}
