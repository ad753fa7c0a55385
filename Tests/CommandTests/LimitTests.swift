import Foundation
import TestSupport
import XCTest

/// Memory and signals: what stops a script leaves every name as it was, and nothing half-written.
final class LimitTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    private func run(_ text: String, memory: String) throws -> BuiltCommand.Outcome {
        var environment = BuiltCommand.environment(home: folder.path)
        environment["BRIDGE_MEMORY"] = memory
        let path = try folder.write(text, to: "script.bridge")
        return try BuiltCommand.run([path], environment: environment, folder: folder.path)
    }

    // MARK: - Memory

    func testGrowthBeyondTheLimitIsAnErrorThatNamesTheLargest() throws {
        let outcome = try run(
            "small = [1]\nxs = []\nwhile true { push(xs, \"a text of some length {len(xs)}\") }", memory: "200M")
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.contains("memory limit reached"), outcome.error)
        XCTAssertTrue(outcome.error.contains("of 200 MiB are in use"), outcome.error)
        XCTAssertTrue(outcome.error.contains("`xs` (List, "), outcome.error)
        XCTAssertFalse(outcome.error.contains("`small`"), outcome.error)
        XCTAssertTrue(outcome.error.contains("script.bridge:3:"), outcome.error)
    }

    func testTheErrorCanBeCaughtAndEverythingBoundStays() throws {
        let outcome = try run(
            """
            xs = []
            try { while true { push(xs, [len(xs)]) } } catch err { print(err.code, len(xs) > 100000, xs[5]) }
            xs = nil
            fn deep() { s = "abc"; while true { s = s + s } }
            try { deep() } catch err { print(err.code) }
            try { ys = [[i] for i in 0..1000000000] } catch err { print(err.code) }
            try { r = {}; for i in 0..1000000000 { r["key number {i}"] = i } } catch err { print(err.code) }
            r = nil
            zs = [i * 2 for i in 0..100000]
            print(sum(zs))
            """, memory: "200M")
        XCTAssertEqual(outcome.error, "")
        XCTAssertEqual(outcome.output, "E236 true [5]\nE236\nE236\nE236\n9999900000\n")
    }

    func testLargeAllocationsAreRefusedBeforeTheyAreMade() throws {
        let outcome = try run(
            """
            for make in [() -> zeros([1000, 1000, 1000]), () -> list(0..60000000), () -> "abcd" * 60000000,
                         () -> [0] * 60000000, () -> rand([300, 1000, 1000])] {
              try { x = make() } catch err { print(err.code, contains(err.message, "more were asked for")) }
            }
            """, memory: "150M")
        XCTAssertEqual(outcome.error, "")
        XCTAssertEqual(outcome.output, String(repeating: "E236 true\n", count: 5))
    }

    func testFilesLargerThanTheMemoryAreAnErrorUnlessTheyAreStreamed() throws {
        let outcome = try run(
            """
            text = "a text of some length for this line"
            for i in 0..600000 { append_jsonl("t.jsonl", {i: i, text: text}) }
            try { xs = read_jsonl("t.jsonl") } catch err { print(err.code) }
            print(sum([r.i for r in stream_jsonl("t.jsonl")]))
            """, memory: "100M")
        XCTAssertEqual(outcome.error, "")
        XCTAssertEqual(outcome.output, "E236\n179999700000\n")
    }

    /// Values that hold themselves are given up before a script is told that memory runs out.
    func testWhatNobodyCanReachTakesNoMemory() throws {
        let outcome = try run(
            """
            for i in 0..1000000 { r = {}; r.me = r; r.pad = [i, i, i] }
            for i in 0..2000 { r = {}; r.me = r; r.pad = [0] * 100000 }
            for i in 0..2000 { r = {}; r.me = r; r.pad = "ab" * 1000000 }
            print("ok")
            """, memory: "200M")
        XCTAssertEqual(outcome.error, "")
        XCTAssertEqual(outcome.output, "ok\n")
    }

    /// The estimate of sizes for the message must not overflow.
    func testListsThatShareTheirPartsAreToldOf() throws {
        let outcome = try run("xs = []\nwhile true { push(xs, xs + xs); xs = xs + xs + [1] }", memory: "150M")
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.contains("E236") || outcome.error.contains("E230"), outcome.error)
    }

    func testASizeThatIsNoneIsWrongUsage() throws {
        for setting in ["much", "3", "-8G", "8Q", "1e30G"] {
            let outcome = try run("print(1)", memory: setting)
            XCTAssertEqual(outcome.status, 2, setting)
            XCTAssertTrue(outcome.error.contains("BRIDGE_MEMORY is `\(setting)`"), outcome.error)
        }
        for setting in ["8G", "512MiB", "100000k", "999999999", ""] {
            XCTAssertEqual(try run("print(1)", memory: setting).output, "1\n", setting)
        }
    }

    /// The peak is the system's own record of the process.
    func testAStreamedFileOfAnySizeIsReadInTheSameMemory() throws {
        func peak(lines: Int) throws -> Int {
            let line =
                "{\"i\": 1, \"text\": \"\(String(repeating: "some text é ", count: 20))\", \"xs\": [1, 2.5, null]}\n"
            let row = "1,\"\(String(repeating: "some, text ", count: 20))\",2.5\n"
            _ = try folder.write(String(repeating: line, count: lines), to: "t.jsonl")
            _ = try folder.write("a,b,c\n" + String(repeating: row, count: lines), to: "t.csv")
            let outcome = try run(
                """
                n = 0
                for r in stream_jsonl("t.jsonl") { n += r.i }
                for (i, r) in enumerate(stream_csv("t.csv")) { n += r.a }
                write_jsonl("u.jsonl", stream_jsonl("t.jsonl"))
                print(n)
                status = split(read_text("/proc/self/status"), "\\n")
                print([int(split(line)[1]) for line in status if starts_with(line, "VmHWM")][0])
                """, memory: "4G")
            let numbers = outcome.output.split(separator: "\n").compactMap { Int($0) }
            XCTAssertEqual(numbers.first, 2 * lines, outcome.error)
            return numbers.last ?? 0
        }
        let small = try peak(lines: 1000), large = try peak(lines: 250_000)  // 0.3 MB and 66 MB
        XCTAssertGreaterThan(small, 0)
        XCTAssertLessThan(large - small, 8000, "\(small) and \(large) KiB")
    }

    // MARK: - Signals

    /// Starts a script, sends a signal some time after it has printed `begun`, and waits for the end.
    private func stopped(_ text: String, by number: Int32, after seconds: Double = 0.15) throws -> (
        status: Int32, isSignal: Bool, error: String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try BuiltCommand.path)
        process.arguments = [try folder.write("print(\"begun\")\n" + text, to: "script.bridge")]
        process.environment = BuiltCommand.environment(home: folder.path)
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let output = Pipe(), error = Pipe()
        process.standardOutput = output
        process.standardError = error
        try process.run()
        _ = output.fileHandleForReading.availableData
        Thread.sleep(forTimeInterval: seconds)
        kill(process.processIdentifier, number)
        let message = try error.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, process.terminationReason == .uncaughtSignal,
            String(decoding: message, as: UTF8.self)
        )
    }

    private static let endless = [
        "while true { }", "fn f(n) { if n == 0 { 0 } else { f(n - 1) } }\nwhile true { f(1000) }",
        "xs = [i * 7919 % 1000003 for i in 0..300000]\nwhile true { ys = sort(xs) }",
        "s = \"\"\nwhile true { s = s + \"abc\"; if len(s) > 1000000 { s = \"\" } }",
        "while true { x = [str(i) for i in 0..1000000] }", "while true { map(0..1000000, sqrt) }",
        "while true { write_jsonl(\"t.jsonl\", [{i: i} for i in 0..200000]); read_jsonl(\"t.jsonl\") }",
        "while true { write_csv(\"t.csv\", [{i: i} for i in 0..200000]); read_csv(\"t.csv\") }",
        "while true { write_json(\"t.json\", [[i] for i in 0..200000]); read_json(\"t.json\") }",
        "a = rand([700, 700])\nwhile true { a @ a }", "while true { append_jsonl(\"l.jsonl\", {a: 1}) }",
        "try { while true { } } catch err { print(\"caught\") }",
    ]

    func testCtrlCEndsEveryKindOfWorkWithStatus130AndWholeFiles() throws {
        for text in Self.endless {
            let end = try stopped(text, by: SIGINT)
            XCTAssertEqual(end.status, 130, "\(text)\n\(end.error)")
            XCTAssertFalse(end.isSignal, text)
            try assertWholeFiles(text)
        }
    }

    func testALineOfTheCommandIsInterruptedToo() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try BuiltCommand.path)
        process.arguments = ["-e", "print(\"begun\"); while true { }"]
        process.environment = BuiltCommand.environment(home: folder.path)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        _ = output.fileHandleForReading.availableData
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 130)
    }

    func testARequestToEndLeavesWholeFilesToo() throws {
        for number in [SIGTERM, SIGHUP] {
            for text in Self.endless.suffix(6) {
                let end = try stopped(text, by: number)
                XCTAssertEqual(end.status, number, "\(text)\n\(end.error)")
                XCTAssertTrue(end.isSignal, text)
                try assertWholeFiles(text)
            }
        }
    }

    private func assertWholeFiles(_ text: String) throws {
        let allowed: Set<String> = ["script.bridge", "t.jsonl", "t.csv", "t.json", "l.jsonl"]
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        XCTAssertEqual(Set(files).subtracting(allowed), [], text)
        for name in files where name != "script.bridge" {
            let contents = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
            XCTAssertEqual(contents.last, 0x0A, "\(name) after \(text)")
            try FileManager.default.removeItem(atPath: folder.file(name))
        }
    }

    func testAScriptThatWaitsForAPipeCanBeStopped() throws {
        XCTAssertEqual(mkfifo(folder.file("pipe"), 0o600), 0)
        XCTAssertEqual(try stopped("for r in stream_jsonl(\"pipe\") { }", by: SIGINT).status, 130)
        // With a writer that never writes it waits in another place.
        let writer = open(folder.file("pipe"), O_RDWR)
        defer { close(writer) }
        XCTAssertEqual(try stopped("for r in stream_jsonl(\"pipe\") { }", by: SIGINT).status, 130)
    }
}
