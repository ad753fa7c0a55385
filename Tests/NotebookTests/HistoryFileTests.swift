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
        let line = "a\\nb\t1700000000250\t\(getpid())\n"
        XCTAssertEqual(try String(contentsOfFile: folder.file("h"), encoding: .utf8), line)
    }

    func testEveryRunIsKeptAlsoOfTheSameText() throws {
        let folder = try TemporaryFolder()
        let file = HistoryFile(path: folder.file("h")) { XCTFail($0) }
        ["a", "a", "b", "a", ""].forEach(file.add)
        XCTAssertEqual(file.texts, ["a", "a", "b", "a"])
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

    func testWhatCouldNotBeWrittenIsWrittenLater() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "folder")
        var warnings: [String] = []
        let file = HistoryFile(path: path + "/history") { warnings.append($0) }
        file.add("a")
        file.finish(after: 1)
        try FileManager.default.removeItem(atPath: path)
        file.add("b")
        XCTAssertEqual(warnings.count, 1)
        XCTAssertEqual(file.load().map(\.text), ["a", "b"])
        XCTAssertEqual(file.load().map(\.duration), [1, nil])
    }

    func testWhatOtherSessionsAddIsNews() throws {
        let folder = try TemporaryFolder()
        let file = HistoryFile(path: folder.file("h")) { XCTFail($0) }
        XCTAssertEqual(file.news(), [])
        file.add("own")
        let other = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("h")))
        try other.seekToEnd()
        try other.write(contentsOf: Data("theirs\t5000\t1\n".utf8))
        XCTAssertEqual(file.news().map(\.text), ["theirs"])
        XCTAssertEqual(file.news(), [])
        try other.write(contentsOf: Data("more\t6000\t1\n\t6000\t1\t0.012\n".utf8))
        XCTAssertEqual(file.entries(matching: "more"), [HistoryEntry(text: "more", time: 6, duration: 0.000_012)])
        XCTAssertEqual(file.news().map(\.text), ["more"])
    }

    func testTimesAndDurationsComeBack() throws {
        let folder = try TemporaryFolder()
        let file = HistoryFile(path: folder.file("h")) { XCTFail($0) }
        file.append("a", at: 1000.5)
        file.finish(after: 2.25)
        file.append("b", at: 1003)
        file.finish(after: 0.000_012)
        file.append("never\nended", at: 1004)
        XCTAssertEqual(
            HistoryFile(path: file.path) { XCTFail($0) }.load(),
            [
                HistoryEntry(text: "a", time: 1000.5, duration: 2.25),
                HistoryEntry(text: "b", time: 1003, duration: 0.000_012),
                HistoryEntry(text: "never\nended", time: 1004),
            ])
    }

    func testDurationsOfSessionsSideBySideFindTheirEntries() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("one\t5000\t11\ntwo\t5000\t12\n\t5000\t12\t7000\n\t5000\t11\t8000\n", to: "h")
        XCTAssertEqual(
            HistoryFile(path: path) { XCTFail($0) }.load(),
            [HistoryEntry(text: "one", time: 5, duration: 8), HistoryEntry(text: "two", time: 5, duration: 7)])
    }

    func testLinesThatMakeNoSenseAreLeftOut() throws {
        let folder = try TemporaryFolder()
        let lines = ["\t", "\tx\ty\tz", "\t1\t2\t3", "good\tnot a time", "\t\t\t\t", "old"]
        let path = try folder.write(lines.joined(separator: "\n") + "\n", to: "h")
        XCTAssertEqual(
            HistoryFile(path: path) { XCTFail($0) }.load(), [HistoryEntry(text: "good"), HistoryEntry(text: "old")])
    }

    func testALineCutByACrashDoesNotSwallowTheNext() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("whole\nhal", to: "h")
        let file = HistoryFile(path: path) { XCTFail($0) }
        file.add("next")
        XCTAssertEqual(file.texts, ["whole", "hal", "next"])
    }

    func testAFileThatHasGrownTooLongIsRewritten() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<30_000).map { "line \($0)\t\($0)000\t7\n\t\($0)000\t7\t500\n" }.joined()
        let path = try folder.write(lines, to: "h")
        let file = HistoryFile(path: path) { XCTFail($0) }
        let before = file.load()
        XCTAssertLessThanOrEqual(try Data(contentsOf: URL(fileURLWithPath: path)).count, HistoryFile.byteLimit / 2)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path), ["h"])
        file.add("after")
        let expected = before.dropFirst() + [HistoryEntry(text: "after", time: 1_700_000_000.25)]
        XCTAssertEqual(before.count, HistoryFile.entryLimit)
        XCTAssertEqual(file.load(), Array(expected))
    }

    func testSessionsThatWriteWhileAnotherRewritesLoseNothing() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write((0..<40_000).map { "line \($0) of the old history\n" }.joined(), to: "h")
        DispatchQueue.concurrentPerform(iterations: 8) { session in
            let file = HistoryFile(path: path) { _ in }
            for entry in 0..<25 {
                file.add("session \(session) entry \(entry)")
                if entry == 10 { _ = file.load() }
            }
        }
        let new = HistoryFile(path: path) { XCTFail($0) }.texts.filter { $0.hasPrefix("session") }
        XCTAssertEqual(Set(new).count, 200)
    }

    func testEntriesAreFoundByAPartOfTheirText() throws {
        let folder = try TemporaryFolder()
        let file = HistoryFile(path: folder.file("h")) { XCTFail($0) }
        ["Sample(net)", "print(1)", "x = 3\nsample(x)"].forEach(file.add)
        XCTAssertEqual(file.entries(matching: "SAMPLE").map(\.text), ["Sample(net)", "x = 3\nsample(x)"])
        XCTAssertEqual(file.entries(matching: "").count, 3)
        XCTAssertEqual(file.entries(matching: "absent"), [])
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
