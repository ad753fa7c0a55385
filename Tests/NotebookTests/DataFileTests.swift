import Foundation
import Interruption
import Language
import Notebook
import TestSupport
import XCTest

/// Files of data, as scripts read and write them.
final class DataFileTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    private struct Case {
        let bytes: Data
        let expected: Any?
    }

    /// What Python's modules made of awkward files; see scripts/dev/make-data-fixtures.py.
    private func cases(_ name: String) throws -> [Case] {
        let file = GoldenScript.folder.deletingLastPathComponent().appendingPathComponent("Fixtures/data.json")
        let fixture = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: [[Any]]]
        return try XCTUnwrap(fixture?[name]).map { entry in
            Case(
                bytes: try XCTUnwrap(Data(base64Encoded: entry[0] as? String ?? "")),
                expected: entry[1] is NSNull ? nil : entry[1])
        }
    }

    /// Runs a script of its own session and gives the last value, or the error's message.
    private func run(_ text: String) -> Result<Value, DiagnosticsError> {
        let recorded = RecordedConsole()
        let interpreter = Interpreter(registry: Library.registry(console: recorded.console))
        interpreter.define("folder", .string(folder.path))
        return Result { () throws(DiagnosticsError) in try interpreter.run(source: Source(name: "test", text: text)) }
    }

    private func message(_ text: String) -> String {
        switch run(text) {
        case .success(let value): "no error, but \(Printer.repr(value))"
        case .failure(let error): error.diagnostics.map(\.message).joined(separator: "\n")
        }
    }

    func testJSONIsReadAsPythonReadsIt() throws {
        let cases = try cases("json")
        XCTAssertGreaterThan(cases.count, 300)
        for one in cases {
            let text = String(decoding: one.bytes, as: UTF8.self).debugDescription
            try one.bytes.write(to: URL(fileURLWithPath: folder.file("in.json")))
            let script = """
                write_jsonl("{folder}/out.jsonl", [read_json("{folder}/in.json")])
                read_text("{folder}/out.jsonl")
                """
            switch run(script) {
            case .success(let value):
                XCTAssertEqual(value.asString, (one.expected as? String).map { $0 + "\n" }, text)
            case .failure(let error):
                XCTAssertNil(one.expected, "\(text): \(error.diagnostics.map(\.message))")
                XCTAssertTrue(
                    error.diagnostics[0].message.contains(#/in\.json:\d+:\d+: not JSON: /#),
                    error.diagnostics[0].message)
            }
        }
    }

    func testCSVIsReadAsPythonReadsIt() throws {
        let cases = try cases("csv")
        XCTAssertGreaterThan(cases.count, 500)
        for one in cases {
            let text = String(decoding: one.bytes, as: UTF8.self).debugDescription
            try one.bytes.write(to: URL(fileURLWithPath: folder.file("in.csv")))
            let result = run(
                "[[if v == nil { \"\" } else { v } for v in values(r)] for r in stream_csv(\"{folder}/in.csv\")]")
            switch result {
            case .success(let value):
                let rows = value.asList?.elements.map { $0.asList?.elements.map { $0.asString ?? "?" } ?? [] }
                XCTAssertEqual(rows, one.expected as? [[String]], text)
            case .failure(let error):
                XCTAssertNil(one.expected, "\(text): \(error.diagnostics.map(\.message))")
                XCTAssertTrue(error.diagnostics[0].message.contains(#/in\.csv:\d+:/#), error.diagnostics[0].message)
            }
        }
    }

    func testValuesComeBackFromFilesAsTheyWere() {
        let script = #"""
            texts = ["", " é", "a,b;c\td|e", "q\"q", "two\nlines", "\r\n", "007", "42", "-1.5e3", "true", "-inf"]
            numbers = [0, -1, 9223372036854775807, 0.1, 1e300, 5e-324, -0.0, inf, -inf, 1e16, 1.5]
            rows = [{t: t, x: x, b: i % 2 == 0, n: nil} for (i, (t, x)) in enumerate(zip(texts, numbers))]
            for separator in [",", ";", "\t", "|"] {
              write_csv("{folder}/t.csv", rows, separator: separator)
              assert(read_csv("{folder}/t.csv", separator: separator) == rows, separator)
              write_csv("{folder}/u.csv", stream_csv("{folder}/t.csv", separator: separator), separator: separator)
              assert(read_text("{folder}/t.csv") == read_text("{folder}/u.csv"))
            }
            rows = [{t: t, x: x, deep: [[{a: x}], {}]} for (t, x) in zip(texts, numbers) if x != inf and x != -inf]
            write_jsonl("{folder}/t.jsonl", rows)
            assert(read_jsonl("{folder}/t.jsonl") == rows)
            write_json("{folder}/t.json", rows)
            read_json("{folder}/t.json") == rows
            """#
        guard case .success(.bool(true)) = run(script) else { return XCTFail(message(script)) }
    }

    /// Pieces are 1 MiB: lines and records lie across their borders, and one is longer than a piece.
    func testLinesAndRecordsLieAcrossPieces() {
        let script = #"""
            rows = [{i: i, text: "x" * (i * 37 % 5000) + "\n\"é\""} for i in 0..1500]
            push(rows, {i: -1, text: "long " * 500000})
            write_jsonl("{folder}/t.jsonl", rows)
            assert(read_jsonl("{folder}/t.jsonl") == rows)
            write_csv("{folder}/t.csv", rows)
            assert(read_csv("{folder}/t.csv") == rows)
            sum([len(r.text) for r in stream_csv("{folder}/t.csv")]) == sum([len(r.text) for r in rows])
            """#
        guard case .success(.bool(true)) = run(script) else { return XCTFail(message(script)) }
    }

    func testPlacesInErrorsAreThoseOfTheFile() throws {
        for (text, says) in [
            (
                "[1]\r\n\r\n{\"é\": 1, \"b\" 2}\r\n",
                "in.jsonl:3:14: not JSON: expected `:` after the name \"b\", found `2`"
            ),
            ("1\n2\n{\"a\": [1, 2", "in.jsonl:3:12: not JSON: expected `,` or `]`, found the end of the line"),
            ("\u{FEFF}1\n\0\n", "in.jsonl:2:1: not JSON: expected a value, found the byte 0x00"),
        ] {
            _ = try folder.write(text, to: "in.jsonl")
            XCTAssertTrue(
                message("read_jsonl(\"{folder}/in.jsonl\")").hasSuffix(says),
                message("read_jsonl(\"{folder}/in.jsonl\")"))
            XCTAssertTrue(message("for x in stream_jsonl(\"{folder}/in.jsonl\") {}").hasSuffix(says))
        }
        for (text, says) in [
            (
                "a,b\n1,2\n\"x\ny\",2\n\"é\" z,1\n",
                "in.csv:5:4: not CSV: expected `,` or the end of the line after a quoted cell, found ` `"
            ),
            ("a,b\n1,2\n\n\"x\ny\n", "in.csv:4:1: not CSV: the quoted cell that begins here has no end"),
            ("a,b\n\"x\n\",2\n1\n", "in.csv:4:2: expected 2 cells, one for each column of the first line, found 1"),
            ("a,b\n1,\0\n", "in.csv:2:3: not CSV: the byte 0x00 in a cell"),
            ("x,y,x\n", "in.csv:1:5: two columns are named \"x\""),
        ] {
            _ = try folder.write(text, to: "in.csv")
            XCTAssertTrue(
                message("read_csv(\"{folder}/in.csv\")").hasSuffix(says), message("read_csv(\"{folder}/in.csv\")"))
        }
        try Data([0xFF, 0xFE, 0x31, 0x00]).write(to: URL(fileURLWithPath: folder.file("in.csv")))
        XCTAssertTrue(
            message("read_csv(\"{folder}/in.csv\")").hasSuffix("in.csv:1: this is UTF-16; save the file as UTF-8"))
        try Data([0x31, 0x0A, 0x0A, 0xE9]).write(to: URL(fileURLWithPath: folder.file("in.txt")))
        XCTAssertTrue(message("read_text(\"{folder}/in.txt\")").hasSuffix("in.txt:3: this is not UTF-8 text"))
    }

    func testWhatCannotBeWrittenIsNamedByItsPathInTheValue() throws {
        for (call, says) in [
            ("write_json(p, {metrics: [1, {loss: nan}]})", "value.metrics[1].loss is nan, and JSON has no form for it"),
            ("write_json(p, print)", "value is a Function, and JSON has no form for it"),
            ("write_jsonl(p, [1, {\"a b\": inf}])", "rows[1][\"a b\"] is inf, and JSON has no form for it"),
            ("append_jsonl(p, [[-inf]])", "record[0][0] is -inf, and JSON has no form for it"),
            (
                "write_csv(p, [{a: 1}, {a: [1]}])",
                "rows[1].a is a List, and a cell of CSV holds a number, a String, a Bool or nil"
            ),
            ("write_csv(p, [{a: 1}, {b: 1}])", "rows[1] has the field `b`, which the first record does not have"),
            ("write_csv(p, [1])", "rows[0] is an Int, and CSV is written from records"),
            (
                "x = [1]; push(x, x); write_json(p, x)",
                "value is nested more than 512 deep, or holds itself: JSON cannot be written"
            ),
        ] {
            _ = try folder.write("before", to: "out")
            XCTAssertEqual(message("p = folder + \"/out\"; " + call), says)
            XCTAssertEqual(try String(contentsOfFile: folder.file("out"), encoding: .utf8), "before")
        }
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path), ["out"])
    }

    func testFilesAreClosedHoweverALoopEnds() throws {
        let begin =
            #"write_jsonl("{folder}/t.jsonl", [{i: i} for i in 0..100]); rows = stream_jsonl("{folder}/t.jsonl")"#
        let descriptors = { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        let recorded = RecordedConsole()
        let interpreter = Interpreter(registry: Library.registry(console: recorded.console))
        interpreter.define("folder", .string(folder.path))
        func run(_ text: String) throws { try interpreter.run(source: Source(name: "test", text: text)) }
        try run(begin)
        let before = try descriptors()
        for loop in [
            "for r in rows { }", "for r in rows { if r.i == 3 { break } }", "x = [r.i for r in rows]",
            "for r in rows { for q in rows { if q.i == 2 { break } } }",
            "fn f() { for r in rows { if r.i == 3 { return r } } }\nf()",
            "try { for r in rows { if r.i == 3 { error(\"no\") } } } catch e { }",
            "try { x = [1 / (r.i - 3) for r in rows] } catch e { }",
            "for k in 0..3 { try { for r in rows { nil.x } } catch e { } }",
            "try { map(rows, r -> 1 / (r.i - 3)) } catch e { }",
            "for (i, r) in enumerate(rows) { if i == 3 { break } }",
            "try { write_jsonl(folder + \"/u.jsonl\", map(rows, r -> nan)) } catch e { }",
        ] {
            try run(loop)
            XCTAssertEqual(try descriptors(), before, loop)
        }
        for loop in [
            "for r in rows { nil.x }", "[1 / (r.i - 3) for r in rows]", "fn g() { for r in rows { nil.x } }\ng()",
        ] {
            XCTAssertThrowsError(try run(loop))
            XCTAssertEqual(try descriptors(), before, loop)
        }
    }

    /// What has no end is written until somebody asks to stop; nothing of it is left then.
    func testWritingStopsWhenAsked() throws {
        let registry = Library.registry(console: RecordedConsole().console)
        registry.add(
            NativeFunction(name: "stop", summary: "", example: "") { _ in
                Interruption.request()
                return .null
            })
        let interpreter = Interpreter(registry: registry)
        defer { Interruption.clear() }
        for function in ["append_jsonl", "write_jsonl", "write_json"] {
            Interruption.clear()
            let text = "x = [stop(), \(function)(\"\(folder.file("endless"))\", 0..9223372036854775807)]"
            XCTAssertThrowsError(try interpreter.run(source: Source(name: "test", text: text)), function) {
                XCTAssertTrue(($0 as? DiagnosticsError)?.isInterrupted ?? false, "\(function): \($0)")
            }
        }
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path), [])
    }

    func testLinesAreAddedWhole() throws {
        XCTAssertEqual(message("for i in 0..3 { append_jsonl(folder + \"/log\", {i: i}) }"), "no error, but nil")
        let log = URL(fileURLWithPath: folder.file("log"))
        XCTAssertEqual(try String(contentsOf: log, encoding: .utf8), "{\"i\":0}\n{\"i\":1}\n{\"i\":2}\n")
        try Data("{\"i\":0}\n{\"i".utf8).write(to: log)
        _ = run("append_jsonl(folder + \"/log\", {i: 9})")
        XCTAssertEqual(try String(contentsOf: log, encoding: .utf8), "{\"i\":0}\n{\"i\n{\"i\":9}\n")
    }

    func testDevicesAreWrittenToAndNotReplaced() throws {
        XCTAssertEqual(message("write_text(\"/dev/null\", \"x\")"), "no error, but nil")
        var information = stat()
        XCTAssertEqual(stat("/dev/null", &information), 0)
        XCTAssertEqual(information.st_mode & S_IFMT, S_IFCHR)
        for call in ["write_text", "write_json", "append_jsonl"] {
            XCTAssertEqual(message("\(call)(\"/dev/full\", \"x\")"), "cannot write /dev/full: the disk is full")
        }
    }

    func testEndlessInputIsRefused() {
        XCTAssertEqual(message("read_text(\"/dev/zero\")"), "/dev/zero is larger than a string can be: 256 MiB")
        XCTAssertEqual(
            message("for x in stream_jsonl(\"/dev/zero\") {}"), "/dev/zero:1: the line is longer than 256 MiB")
    }
}
