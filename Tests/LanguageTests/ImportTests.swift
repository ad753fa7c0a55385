import Foundation
import Language
import TestSupport
import XCTest

final class ImportTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    private func write(_ text: String, _ name: String) throws { _ = try folder.write(text, to: name) }

    private func run(_ text: String, _ interpreter: Interpreter) throws -> String {
        let source = Source(name: "test", text: text, path: folder.file("main.bridge"))
        return Printer.repr(try interpreter.run(source: source))
    }

    func testAFileThatChangedBetweenTwoCellsIsLoadedAnew() throws {
        let interpreter = Interpreter()
        try write("x = 1", "lib.bridge")
        XCTAssertEqual(try run("import \"lib.bridge\" as lib; lib.x", interpreter), "1")
        try write("x = 2", "lib.bridge")
        XCTAssertEqual(try run("lib.x", interpreter), "1")
        XCTAssertEqual(try run("import \"lib.bridge\" as lib; lib.x", interpreter), "2")
    }

    func testAFileWhoseImportChangedIsLoadedAnew() throws {
        let interpreter = Interpreter()
        try write("x = 1", "inner.bridge")
        try write("import \"inner.bridge\" as inner\nfn x() { inner.x }", "lib.bridge")
        XCTAssertEqual(try run("import \"lib.bridge\" as lib; lib.x()", interpreter), "1")
        try write("x = 2", "inner.bridge")
        XCTAssertEqual(try run("import \"lib.bridge\" as lib; lib.x()", interpreter), "2")
    }

    func testAFileOfTheLargestSizeIsReadAndALargerOneIsRefused() throws {
        let interpreter = Interpreter()
        let line = "# a line of a comment that fills the file\n"
        let lines = String(repeating: line, count: Limits.sourceBytes / line.utf8.count)
        let rest = String(repeating: " ", count: Limits.sourceBytes - lines.utf8.count - 5)
        try write("x = 1" + rest + lines, "lib.bridge")
        XCTAssertEqual(try run("import \"lib.bridge\" as lib; lib.x", interpreter), "1")
        try write("x = 1 " + rest + lines, "lib.bridge")
        XCTAssertThrowsError(try run("import \"lib.bridge\" as lib; lib.x", interpreter)) {
            XCTAssertTrue("\($0)".contains("it is too long for a script: more than 2 MiB"), "\($0)")
        }
    }

    func testAFileThatDidNotChangeKeepsItsState() throws {
        let interpreter = Interpreter()
        try write("state = [0]", "lib.bridge")
        XCTAssertEqual(try run("import \"lib.bridge\" as lib; push(lib.state, 1)", interpreter), "[0, 1]")
        XCTAssertEqual(try run("import \"lib.bridge\" as lib; lib.state", interpreter), "[0, 1]")
    }

    func testAFileThatBecameWrongIsReportedAndTheOldOneStays() throws {
        let interpreter = Interpreter()
        try write("x = 1", "lib.bridge")
        _ = try run("import \"lib.bridge\" as lib", interpreter)
        try write("x = (", "lib.bridge")
        XCTAssertThrowsError(try run("import \"lib.bridge\" as lib", interpreter)) {
            XCTAssertEqual(($0 as? DiagnosticsError)?.diagnostics.first?.source.name, "lib.bridge")
        }
        XCTAssertEqual(try run("lib.x", interpreter), "1")
    }

    func testAFileIsNamedFromWhereTheImportingOneIs() throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("im"), withIntermediateDirectories: true)
        try write("import \"b.bridge\" as b", "im/a.bridge")
        try write("import \"../c.bridge\" as c", "im/b.bridge")
        try write("x = (", "c.bridge")
        let text = "import \"im/a.bridge\" as a"
        let source = Source(name: "folder/main.bridge", text: text, path: folder.file("main.bridge"))
        XCTAssertThrowsError(try Interpreter().run(source: source)) {
            let found = ($0 as? DiagnosticsError)?.diagnostics.first
            XCTAssertEqual(found?.source.name, "folder/c.bridge")
            XCTAssertEqual(
                found?.marks.filter { $0.label == "imported here" }.map(\.source.name),
                ["folder/im/b.bridge", "folder/im/a.bridge", "folder/main.bridge"])
        }
    }

    func testAMisspeltFileComesWithTheNearest() throws {
        try write("x = 1", "shapes.bridge")
        XCTAssertThrowsError(try run("import \"shape.bridg\" as s", Interpreter())) {
            XCTAssertEqual(
                ($0 as? DiagnosticsError)?.diagnostics.first?.suggestion, "did you mean \"shapes.bridge\"?")
        }
        XCTAssertThrowsError(try run("import \"./shapes.brigde\" as s", Interpreter())) {
            XCTAssertEqual(
                ($0 as? DiagnosticsError)?.diagnostics.first?.suggestion, "did you mean \"./shapes.bridge\"?")
        }
    }

    func testASymbolicLinkIsTheSameFile() throws {
        let interpreter = Interpreter()
        var output = ""
        interpreter.output = { output += $0 }
        try write("print(\"runs\")", "lib.bridge")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link.bridge"), withDestinationPath: folder.file("lib.bridge"))
        let text = "import \"lib.bridge\" as a; import \"link.bridge\" as b; a == b"
        XCTAssertEqual(try run(text, interpreter), "true")
        XCTAssertEqual(output, "runs\n")
    }

    func testImportsAreNestedToALimit() throws {
        for level in 0..<60 { try write("import \"\(level + 1).bridge\" as next", "\(level).bridge") }
        try write("x = 1", "60.bridge")
        XCTAssertThrowsError(try run("import \"0.bridge\" as a", Interpreter())) {
            XCTAssertEqual(
                ($0 as? DiagnosticsError)?.diagnostics.map(\.message),
                ["files import each other too deeply: more than 50 levels"])
        }
        XCTAssertEqual(try run("import \"20.bridge\" as a; type(a)", Interpreter()), "\"Namespace\"")
    }

    func testAFileThatIsTooLongOrNoTextIsReported() throws {
        try write(String(repeating: "# long\n", count: Limits.sourceBytes / 7 + 1), "long.bridge")
        try Data([0x78, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: folder.file("bytes.bridge")))
        for (name, reason) in [("long.bridge", Limits.sourceTooLong), ("bytes.bridge", "it is not UTF-8 text")] {
            XCTAssertThrowsError(try run("import \"\(name)\" as x", Interpreter())) {
                XCTAssertEqual(
                    ($0 as? DiagnosticsError)?.diagnostics.map(\.message), ["cannot import \"\(name)\": \(reason)"])
            }
        }
    }
}
