import Foundation
import TestSupport
import XCTest

/// A run that one process began is finished by another.
final class ResumeCommandTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    private static let start = """
        seed(5)
        t = task.sums(terms: 2, digits: 1)
        m = model.new(layers: 1, dim: 16, heads: 2, context: 32)
        """

    private static let calls = [
        "sft": "sft(m, t.examples(64), epochs: 40, batch: 4, lr: 3e-3, schedule: \"cosine\"",
        "warmup": """
        sft(m, t.examples(256), epochs: 30, batch: 32, lr: 1e-2)
        n = bridge.attach(m, heads: 2, dim: 8)
        tr = traces(m, t, problems: 128, width: 8, max_tokens: 8)
        warmup(n, tr, epochs: 60, batch: 2, lr: 1e-3
        """,
        "rlvr": """
        n = bridge.attach(m, heads: 2, dim: 8)
        rlvr(n, t, steps: 150, problems: 4, width: 4, max_tokens: 8, lr: 1e-3, kl: 0.1
        """,
    ]

    private func run(_ code: String, file: StaticString = #filePath, line: UInt = #line) throws {
        let outcome = try BuiltCommand.run(["-e", code], folder: folder.path)
        XCTAssertEqual(outcome.status, 0, outcome.error, file: file, line: line)
    }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.file(name))) }

    private func stepsDone(_ run: String) -> Int {
        ((try? bytes(run + "/history.jsonl")) ?? Data()).count { $0 == 0x0A }
    }

    func testARunGoesOnInAnotherProcessToTheSameBytes() throws {
        for (kind, call) in Self.calls.sorted(by: { $0.key < $1.key }) {
            let whole = ("\n" + call).replacingOccurrences(of: "\n\(kind)(", with: "\nr = \(kind)(")
            try run(Self.start + whole + ")\nr.model.save(\"whole\");")
            let script = try folder.write(
                Self.start + "\n" + call + ", folder: \"\(kind)\", checkpoint_every: 2)\n", to: "a.bridge")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: try BuiltCommand.path)
            process.arguments = [script]
            process.environment = BuiltCommand.environment(home: folder.path)
            process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            process.standardError = FileHandle.nullDevice
            try process.run()
            while stepsDone(kind) < 3, process.isRunning { usleep(2000) }
            kill(process.processIdentifier, SIGINT)
            process.waitUntilExit()
            XCTAssertEqual(process.terminationStatus, 130, kind)
            let before = stepsDone(kind)
            try run(
                """
                r = resume("\(kind)")
                r.model.save("resumed")
                assert(len(r.history) > \(before) and r.model.name == "new")
                """
            )
            for name in ["model.safetensors"] + (kind == "sft" ? [] : ["bridge.safetensors"]) {
                XCTAssertEqual(try bytes("whole/" + name), try bytes("resumed/" + name), kind)
            }
            // What is done stays as it is.
            try run("r = resume(\"\(kind)\"); r.model.save(\"again\");")
            XCTAssertEqual(try bytes("again/model.safetensors"), try bytes("resumed/model.safetensors"), kind)
            for name in ["whole", "resumed", "again"] { try FileManager.default.removeItem(atPath: folder.file(name)) }
        }
    }

    func testWhatCannotBeResumedSaysWhatToDo() throws {
        func message(_ code: String) throws -> String {
            let outcome = try BuiltCommand.run(["-e", code], folder: folder.path)
            XCTAssertEqual(outcome.status, 1, code)
            return outcome.error
        }
        XCTAssertTrue(
            try message("resume(\"none\")").contains("only a run with `folder` and `checkpoint_every` can be resumed"))
        try run(Self.start + "\nsft(m, t.examples(8), folder: \"plain\");")
        XCTAssertTrue(try message("resume(\"plain\")").contains("only a run with `folder` and `checkpoint_every`"))
        try run(
            Self.start + """

                own = task.new(make: i -> {prompt: "{i}+1=", answer: str(i + 1)})
                rlvr(m, own, steps: 1, problems: 2, width: 2, max_tokens: 4, folder: "own", checkpoint_every: 1);
                """)
        let error = try message("resume(\"own\")")
        XCTAssertTrue(error.contains("holds functions of a script") && error.contains("`resume: true`"), error)
        for damage in ["", "{}", "{\"function\": \"print\", \"seed\": \"0\", \"arguments\": {}}", "not JSON"] {
            _ = try folder.write(damage, to: "plain/call.json")
            XCTAssertTrue(try message("resume(\"plain\")").contains("call.json"), damage)
        }
    }
}
