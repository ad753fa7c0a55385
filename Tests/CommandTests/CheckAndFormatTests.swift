import Foundation
import TestSupport
import XCTest

/// `bridge check` and `bridge format` on files, folders and the standard input.
final class CheckAndFormatTests: XCTestCase {
    private func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    // MARK: - check

    func testCheckReadsTheStandardInput() throws {
        XCTAssertEqual(try BuiltCommand.run(["check", "-"], input: "x = 1\n").status, 0)
        let outcome = try BuiltCommand.run(["check", "-"], input: "x = \n")
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.contains("standard input:"), outcome.error)
    }

    func testCheckTakesTheScriptsOfAFolder() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("deep/.hidden"), withIntermediateDirectories: true)
        _ = try folder.write("nonesuch\n", to: "deep/b.bridge")
        _ = try folder.write("x = 1\n", to: "a.bridge")
        _ = try folder.write("nonesuch\n", to: "notes.txt")
        _ = try folder.write("nonesuch\n", to: "deep/.hidden/c.bridge")
        try FileManager.default.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: folder.path)
        let outcome = try BuiltCommand.run(["check", folder.path, folder.file("deep/b.bridge")])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.error.components(separatedBy: "error[").count, 2, outcome.error)
        XCTAssertTrue(outcome.error.hasSuffix("\nchecked 2 files: 1 error in 1\n"), outcome.error)
    }

    func testAFolderWithoutScriptsIsAnError() throws {
        let folder = try TemporaryFolder()
        for command in ["check", "format"] {
            let outcome = try BuiltCommand.run([command, folder.path])
            XCTAssertEqual(outcome.status, 2)
            XCTAssertEqual(outcome.error, "error: there is no .bridge file in the folder `\(folder.path)`\n")
        }
    }

    func testErrorsOfAnImportedFileAreReportedOnce() throws {
        let folder = try TemporaryFolder()
        let library = try folder.write("fn f() { nonesuch }\n", to: "lib.bridge")
        let paths = try ["a.bridge", "b.bridge"].map { try folder.write("import \"lib.bridge\" as lib\n", to: $0) }
        let outcome = try BuiltCommand.run(["check"] + paths + [library])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.error.components(separatedBy: "nonesuch` is not defined").count, 2, outcome.error)
        XCTAssertTrue(outcome.error.hasSuffix("checked 3 files: 1 error in 1\n"), outcome.error)
    }

    func testOneGoodFileIsCheckedSilently() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x = 1\n", to: "a.bridge")
        XCTAssertEqual(try BuiltCommand.run(["check", path]).error, "")
        let other = try folder.write("x = 1\n", to: "b.bridge")
        XCTAssertEqual(try BuiltCommand.run(["check", path, other]).error, "checked 2 files: no errors\n")
    }

    // MARK: - format

    func testFormatIsAFilter() throws {
        for arguments in [["format"], ["format", "-"]] {
            let outcome = try BuiltCommand.run(arguments, input: "x=1 # one\r\n\r\n\r\ny  =2;")
            XCTAssertEqual(outcome.output, "x = 1  # one\n\ny = 2;\n")
            XCTAssertEqual(outcome.status, 0)
        }
        let bad = try BuiltCommand.run(["format"], input: "x = (\n")
        XCTAssertEqual(bad.output, "")
        XCTAssertEqual(bad.status, 1)
        XCTAssertTrue(bad.error.contains("standard input:"), bad.error)
    }

    func testFormatRewritesFilesAndKeepsTheirPermissionsAndLinks() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x=1", to: "a.bridge")
        let link = folder.file("link.bridge")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a.bridge")
        try FileManager.default.setAttributes([.posixPermissions: 0o751], ofItemAtPath: path)
        let outcome = try BuiltCommand.run(["format", link])
        XCTAssertEqual(outcome.status, 0)
        XCTAssertEqual(outcome.output + outcome.error, "")
        XCTAssertEqual(try read(path), "x = 1\n")
        XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: link), "a.bridge")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o751)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted(), ["a.bridge", "link.bridge"])
    }

    func testAFileThatIsLaidOutAlreadyIsNotTouched() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x = 1\n", to: "a.bridge")
        let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        XCTAssertEqual(try BuiltCommand.run(["format", path]).status, 0)
        XCTAssertEqual(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int, before)
    }

    func testAFileWithErrorsIsLeftAndTheOthersAreLaidOut() throws {
        let folder = try TemporaryFolder()
        let bad = try folder.write("x=(", to: "a.bridge")
        let good = try folder.write("x=1", to: "b.bridge")
        let outcome = try BuiltCommand.run(["format", folder.path])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.contains("a.bridge:1:"), outcome.error)
        XCTAssertEqual(try read(bad), "x=(")
        XCTAssertEqual(try read(good), "x = 1\n")
    }

    func testCheckingTheLayoutNamesFilesAndWritesNothing() throws {
        let folder = try TemporaryFolder()
        let ugly = try folder.write("x=1\n", to: "a.bridge")
        _ = try folder.write("x = 1\n", to: "b.bridge")
        let outcome = try BuiltCommand.run(["format", "--check", folder.path])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.output, ugly + "\n")
        XCTAssertEqual(try read(ugly), "x=1\n")
        XCTAssertEqual(try BuiltCommand.run(["format", "--check", folder.file("b.bridge")]).status, 0)
        XCTAssertEqual(try BuiltCommand.run(["format", "--check", "--diff", ugly]).status, 2)
    }

    func testTheDifferenceIsOneThatPatchUnderstands() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<40).map { "x\($0) = \($0)" }
        var ugly = lines
        ugly[0] = "x0=0"
        ugly[5] = "x5   =   5"
        ugly[30] = "\n\n\nf( x30 )"
        ugly[39] = "x39=39"
        let text = ugly.joined(separator: "\n") + "\n"
        let path = try folder.write(text, to: "a.bridge")
        let outcome = try BuiltCommand.run(["format", "--diff", path])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(try read(path), text)
        XCTAssertTrue(outcome.output.hasPrefix("--- \(path)\n+++ \(path) (laid out)\n@@ -1,9 +1,9 @@\n-x0=0\n+x0 = 0\n x1"), outcome.output)
        _ = try BuiltCommand.run(["format", path])
        let wanted = try read(path)
        XCTAssertEqual(Self.patched(text, with: outcome.output), wanted)
    }

    /// Applies a unified difference, strictly.
    private static func patched(_ text: String, with difference: String) -> String? {
        let old = text.components(separatedBy: "\n").dropLast()
        var result: [String] = []
        var position = 0
        for line in difference.components(separatedBy: "\n").dropFirst(2).dropLast() {
            if line.hasPrefix("@@") {
                guard let match = line.firstMatch(of: /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/), let start = Int(match.1)
                else { return nil }
                result += old[position..<(start - 1)]
                position = start - 1
                guard result.count + 1 == Int(match.3) else { return nil }
            } else if line.hasPrefix("+") {
                result.append(String(line.dropFirst()))
            } else {
                guard old[position] == line.dropFirst() else { return nil }
                if line.hasPrefix(" ") { result.append(old[position]) }
                position += 1
            }
        }
        return (result + old[position...]).joined(separator: "\n") + "\n"
    }
}
