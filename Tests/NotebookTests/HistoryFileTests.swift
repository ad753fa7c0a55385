import Foundation
import Notebook
import TestSupport
import XCTest

final class HistoryFileTests: XCTestCase {
    func testEveryTextComesBackAsItWas() throws {
        let folder = try TemporaryFolder()
        let entries = ["a\nb", "tab\there", #"back\slash \n"#, "héllo 漢字 🙂", "trailing\\", "\r\n", "#"]
        let file = HistoryFile(path: folder.file("deep/er/history")) { XCTFail($0) }
        entries.forEach(file.add)
        XCTAssertEqual(HistoryFile(path: file.path) { XCTFail($0) }.texts, entries)
    }

    func testOneEntryIsOneLine() throws {
        let folder = try TemporaryFolder()
        HistoryFile(path: folder.file("h")) { XCTFail($0) }.add("a\nb")
        XCTAssertEqual(try String(contentsOfFile: folder.file("h"), encoding: .utf8), "a\\nb\t1700000000250\t\(getpid())\n")
    }

    func testRepetitionsInARowAreLeftOut() throws {
        let folder = try TemporaryFolder()
        let file = HistoryFile(path: folder.file("h")) { XCTFail($0) }
        ["a", "a", "b", "a", ""].forEach(file.add)
        XCTAssertEqual(file.texts, ["a", "b", "a"])
    }

    func testSeveralSessionsShareAFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("h")
        DispatchQueue.concurrentPerform(iterations: 8) { session in
            let file = HistoryFile(path: path) { _ in }
            for entry in 0..<50 { file.add("session \(session)\nentry \(entry)") }
        }
        let entries = HistoryFile(path: path) { XCTFail($0) }.texts
        XCTAssertEqual(entries.count, 400)
        XCTAssertEqual(Set(entries).count, 400)
    }

    func testAFileCutInTheMiddleOfALineKeepsTheOthers() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("first\nsecond\nthi", to: "h")
        XCTAssertEqual(HistoryFile(path: path) { XCTFail($0) }.texts, ["first", "second", "thi"])
    }

    func testBytesThatAreNoTextDoNoHarm() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("h")
        try Data([0x61, 0xFF, 0xFE, 0x00, 0x0A, 0x62, 0x0A]).write(to: URL(fileURLWithPath: path))
        XCTAssertEqual(HistoryFile(path: path) { XCTFail($0) }.texts.last, "b")
    }

    func testOnlyTheNewestEntriesAreRead() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<12_000).map { "line \($0)\n" }.joined()
        let path = try folder.write(lines, to: "h")
        let entries = HistoryFile(path: path) { XCTFail($0) }.texts
        XCTAssertEqual(entries.count, HistoryFile.entryLimit)
        XCTAssertEqual(entries.last, "line 11999")
    }

    func testAFileThatCannotBeWrittenIsWorthOneWarning() throws {
        let folder = try TemporaryFolder()
        let blocker = try folder.write("", to: "file")
        var warnings: [String] = []
        let file = HistoryFile(path: blocker + "/history") { warnings.append($0) }
        XCTAssertEqual(file.texts, [])
        ["a", "b", "c"].forEach(file.add)
        XCTAssertEqual(warnings.count, 1)
        XCTAssertTrue(warnings[0].contains(blocker + "/history"))
    }

    func testAFullDiskIsWorthOneWarning() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { throw XCTSkip("no /dev/full") }
        var warnings: [String] = []
        let file = HistoryFile(path: "/dev/full") { warnings.append($0) }
        ["a", "b"].forEach(file.add)
        XCTAssertEqual(warnings.count, 1)
    }

    func testThePlaceFollowsTheXDGVariables() {
        XCTAssertEqual(
            HistoryFile.defaultPath { ["XDG_STATE_HOME": "/s", "HOME": "/h"][$0] }, "/s/bridge/history")
        XCTAssertEqual(HistoryFile.defaultPath { ["HOME": "/h"][$0] }, "/h/.local/state/bridge/history")
        XCTAssertNil(HistoryFile.defaultPath { _ in nil })
    }
}

extension HistoryFile {
    fileprivate func add(_ entry: String) { append(entry, at: 1_700_000_000.25) }
    fileprivate var texts: [String] { load().map(\.text) }
}
