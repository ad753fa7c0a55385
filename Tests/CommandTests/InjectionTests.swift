import Foundation
import TestSupport
import XCTest

/// A script has no way to run a command of the system: everything that reaches gnuplot or a path is tried with what
/// shells and gnuplot would take for one. Each command would leave a file behind.
final class InjectionTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    private static let texts = [
        "`touch broken`", "$(touch broken)", "'; !touch broken; '", "\"; system('touch broken'); \"",
        "'\n!touch broken\n'",
        "' , `touch broken`, '", "''\nsystem 'touch broken'\n", "@{!touch broken}", "\\\"`touch broken`",
        "e\n!touch broken",
        "$BLOCK << EOD\n!touch broken\nEOD", "%{!touch broken}", "|touch broken", "< touch broken",
        "a'.system('touch broken').'b",
        "\u{2028}!touch broken", "x' enhanced; !touch broken #",
    ]

    /// The text as a string of the language.
    private func quoted(_ text: String) -> String {
        "\""
            + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
            .replacingOccurrences(of: "\n", with: "\\n").replacingOccurrences(of: "{", with: "\\{") + "\""
    }

    /// Runs a line that may fail, but must not run a command.
    private func attempt(_ code: String, status: Int = 1) throws {
        let outcome = try BuiltCommand.run(
            ["-e", code], environment: BuiltCommand.environment(home: folder.path), folder: folder.path)
        XCTAssertLessThanOrEqual(outcome.status, status, "\(code): \(outcome.error)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        XCTAssertFalse(files.contains("broken"), "\(code) ran a command")
    }

    func testTextsOfFiguresAreTexts() throws {
        for text in Self.texts {
            try attempt(
                """
                t = \(quoted(text))
                f = plot.line([1, 2, 3], title: t, xlabel: t, ylabel: t)
                f.save("a.svg"); f.save("a.txt"); f.save("a.gp")
                r = {other: 2}
                r[t] = 1
                plot.bar(r, title: t).save("b.svg");
                """, status: 0)
        }
    }

    func testNamesOfFilesAreNames() throws {
        for text in Self.texts {
            let t = quoted(text)
            for call in [
                "plot.line([1, 2]).save(\(t) + \".svg\")", "write_text(\(t), \"x\")", "read_text(\(t))",
                "read_jsonl(\(t))",
                "write_csv(\(t), [{a: 1}])", "model.load(\(t))", "task.jsonl(\(t))",
            ] { try attempt("try { \(call); } catch err { print(err.message) }") }
        }
        try attempt("import \"|touch broken\" as lib")
    }

    func testScriptsOfFiguresRunNoCommandsEither() throws {
        for text in Self.texts {
            try attempt("plot.line([1, 2], title: \(quoted(text))).save(\"a.gp\");")
            let gnuplot = Process()
            gnuplot.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            gnuplot.arguments = ["gnuplot", "-d", "a.gp"]
            gnuplot.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            gnuplot.standardError = FileHandle.nullDevice
            try gnuplot.run()
            gnuplot.waitUntilExit()
            XCTAssertFalse(FileManager.default.fileExists(atPath: folder.file("broken")), text)
        }
    }

    func testNothingOfTheEnvironmentIsRun() throws {
        var environment = BuiltCommand.environment(home: folder.path)
        for name in [
            "EDITOR", "VISUAL", "PAGER", "SHELL", "GNUPLOT", "GNUTERM", "GNUPLOT_LIB", "TMPDIR", "XDG_STATE_HOME",
        ] {
            environment[name] = "`touch broken`; touch broken"
        }
        environment["HOME"] = folder.path
        _ = try folder.write("!touch broken\n", to: ".gnuplot")
        let outcome = try BuiltCommand.run(
            ["-e", "help(print); plot.line([1, 2]).save(\"a.svg\")"], environment: environment, folder: folder.path)
        XCTAssertLessThanOrEqual(outcome.status, 1, outcome.error)
        XCTAssertFalse(FileManager.default.fileExists(atPath: folder.file("broken")))
    }
}
