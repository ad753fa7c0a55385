import Foundation
import TestSupport
import XCTest

/// What a user meets when something outside is wrong: one message with the reason, status 1, and no half-written file.
final class BadInputTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    /// Runs a line that must fail with one diagnostic, and gives the message.
    @discardableResult
    private func failure(
        _ code: String, path: String? = nil, file: StaticString = #filePath, line: UInt = #line
    ) throws -> String {
        var environment = BuiltCommand.environment(home: folder.path)
        if let path { environment["PATH"] = path }
        let outcome = try BuiltCommand.run(["-e", code], environment: environment, folder: folder.path)
        XCTAssertEqual(outcome.status, 1, outcome.error, file: file, line: line)
        XCTAssertEqual(outcome.error.components(separatedBy: "error[").count, 2, outcome.error, file: file, line: line)
        return String(outcome.error.prefix { $0 != "\n" })
    }

    private func files() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() }

    private func saveModel(_ name: String) throws {
        let code = "model.new(layers: 1, dim: 8, heads: 2).save(\"\(name)\")"
        XCTAssertEqual(try BuiltCommand.run(["-e", code + ";"], folder: folder.path).status, 0)
    }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.file(name))) }

    private func write(_ data: Data, to name: String) throws { try data.write(to: URL(fileURLWithPath: folder.file(name))) }

    func testDamagedModelsAreNamedWithWhatIsWrong() throws {
        try saveModel("m")
        let weights = try bytes("m/model.safetensors")
        for length in [0, 4, 100, weights.count / 2, weights.count - 1] {
            try write(weights.prefix(length), to: "m/model.safetensors")
            XCTAssertTrue(try failure("model.load(\"m\")").contains("m/model.safetensors"), "\(length) bytes")
        }
        try write(Data(repeating: 0x5A, count: 8) + weights.dropFirst(8), to: "m/model.safetensors")
        XCTAssertTrue(try failure("model.load(\"m\")").contains("header"))
        try FileManager.default.removeItem(atPath: folder.file("m/model.safetensors"))
        XCTAssertTrue(try failure("model.load(\"m\")").contains("No such file"))
        try write(Data("{\"a\":".utf8), to: "m/config.json")
        XCTAssertTrue(try failure("model.load(\"m\")").contains("config.json"))
    }

    func testUnknownNamesComeWithTheNearest() throws {
        XCTAssertTrue(try failure("model.load(\"tinny\")").contains("did you mean \"tiny\"?"))
        XCTAssertTrue(try failure("task.sum(terms: 3)").contains("`task` has no `sum`"))
    }

    func testWithoutGnuplotAFigureCanStillBeAScript() throws {
        let message = try failure("plot.line([1, 2]).save(\"a.svg\")", path: folder.path)
        XCTAssertTrue(message.contains("gnuplot") && message.contains("apt-get install gnuplot-nox"), message)
        XCTAssertEqual(try files(), [])
        let script = try BuiltCommand.run(["-e", "plot.line([1, 2]).save(\"a.gp\");"], environment: ["PATH": folder.path], folder: folder.path)
        XCTAssertEqual(script.status, 0, script.error)
        XCTAssertEqual(try files(), ["a.gp"])
    }

    /// A path below a file can be made by nobody, not even by root.
    func testWhatCannotBeWrittenIsNamed() throws {
        _ = try folder.write("", to: "file")
        let path = folder.file("file/x")
        for call in [
            "write_text(\"\(path).txt\", \"a\")", "write_json(\"\(path).json\", 1)", "plot.line([1, 2]).save(\"\(path).svg\")",
            "model.new(layers: 1, dim: 8, heads: 2).save(\"\(path)\")",
        ] { XCTAssertTrue(try failure(call).contains(path), call) }
        XCTAssertEqual(try files(), ["file"])
    }

    func testAHistoryThatCannotBeKeptIsOneWarning() throws {
        let file = try folder.write("", to: "file")
        let environment = BuiltCommand.environment(home: folder.path).merging(["XDG_STATE_HOME": file]) { $1 }
        let terminal = try PseudoTerminal(try BuiltCommand.path, environment: environment)
        try terminal.expect("warning: cannot read the history file")
        try terminal.expect("bridge>")
        terminal.send("40 + 1\r")
        try terminal.expect("41\r\n")
        try terminal.expect("bridge>")
        terminal.send("\u{4}")
        XCTAssertEqual(try terminal.waitForExit(), 0)
        XCTAssertEqual(terminal.transcript.components(separatedBy: "warning").count, 2)
    }

    func testSizesBeyondReasonAreRefusedAtOnce() throws {
        for (code, says) in [
            ("zeros([1000000000, 1000])", "more than"), ("0..10 |> map(x -> \"ab\" * 1000000000)", "too long"),
            ("m = model.new(layers: 1, dim: 8, heads: 2); m.generate(\"1\", max_tokens: 10000000000)", "must be 1 to"),
            ("m = model.new(layers: 1, dim: 8, heads: 2); m.generate(\"1\", width: 100000000)", "must be 1 to"),
            ("m = model.new(layers: 1, dim: 8, heads: 2, context: 4); m.generate(\"12345\")", "leaves no room"),
            ("bridge.attach(model.new(layers: 1, dim: 8, heads: 2), heads: 1, dim: 10000000000)", "dim of 1 to"),
        ] {
            let message = try failure(code)
            XCTAssertTrue(message.contains(says), message)
        }
    }

    func testOptionsOutOfRange() throws {
        let start = "m = model.new(layers: 1, dim: 8, heads: 2); t = task.sums(terms: 3, digits: 1); "
        for (call, says) in [
            ("sample(m, t, width: 0)", "width is 0"), ("sample(m, t, problems: 0)", "problems is 0"),
            ("sample(m, t, temperature: -1)", "temperature is -1"), ("sample(m, t, top_p: 2)", "top_p is 2"),
            ("evaluate(m, t, problems: 2, width: 2, k: 3)", "k is 3"), ("rlvr(m, t, steps: -1)", "steps is -1"),
            ("rlvr(m, t, lr: nan)", "lr is nan"),
        ] {
            let message = try failure(start + call)
            XCTAssertTrue(message.contains(says), message)
        }
    }

    func testAnEndlessFileIsNoScript() throws {
        for arguments in [["/dev/zero"], ["check", "/dev/zero"]] {
            let outcome = try BuiltCommand.run(arguments)
            XCTAssertEqual(outcome.status, 1)
            XCTAssertEqual(outcome.error, "error: cannot run `/dev/zero`: it is too long for a script: more than 2 MiB\n")
        }
        XCTAssertTrue(try failure("import \"/dev/zero\" as zero").contains("it is no ordinary file"))
        XCTAssertTrue(try failure("import \"none.bridge\" as none").contains("there is no such file"))
    }

    func testAProblemFileThatIsNotThere() throws {
        XCTAssertTrue(try failure("task.jsonl(\"none.jsonl\")").contains("cannot read none.jsonl: there is no such file"))
    }

    /// The moment is not chosen: whenever the signal comes, files are whole or absent.
    func testCtrlCInTheMiddleOfWritingLeavesWholeFiles() throws {
        let code = """
            m = model.new(layers: 1, dim: 8, heads: 2)
            print("begun")
            while true { m.save("m"); write_json("a.json", [1, 2]) }
            """
        let path = try folder.write(code, to: "a.bridge")
        let terminal = try PseudoTerminal(
            "/bin/sh", ["-c", "cd '\(folder.path)' && exec '\(try BuiltCommand.path)' '\(path)'"],
            environment: BuiltCommand.environment(home: folder.path))
        try terminal.expect("begun")
        usleep(50_000)
        terminal.send("\u{3}")
        XCTAssertEqual(try terminal.waitForExit(), 130)
        let allowed: Set<String> = [
            "a.bridge", "a.json", "m", "m/config.json", "m/model.safetensors", "m/tokenizer_config.json",
        ]
        XCTAssertEqual(Set(try files()).subtracting(allowed), [])
    }

    func testTerminationByTheSystem() throws {
        let path = try folder.write("print(\"begun\")\nwhile true {}\n", to: "loop.bridge")
        let terminal = try PseudoTerminal(try BuiltCommand.path, [path], environment: BuiltCommand.environment(home: folder.path))
        try terminal.expect("begun")
        kill(terminal.processIdentifier, SIGTERM)
        XCTAssertEqual(try terminal.waitForExit(), 128 + 15)
    }
}
