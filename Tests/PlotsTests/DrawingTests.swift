import Foundation
import Plots
import XCTest

/// Draws with the real gnuplot; skipped where it is not installed.
final class DrawingTests: XCTestCase {
    private var folder = ""

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "plots-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

    private func session() throws -> GnuplotSession {
        let session = GnuplotSession()
        do throws(PlotError) {
            try session.run("")
        } catch {
            if case .gnuplotMissing = error { throw XCTSkip("gnuplot is not installed") }
            throw error
        }
        return session
    }

    private func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder) }

    func testEveryKindOfFigureDrawsAnSVGWithItsTitles() throws {
        let session = try session()
        for (name, figure, words) in try ExampleFigures.all() {
            let svg = try session.svg(figure)
            XCTAssertTrue(svg.contains("</svg>"), name)
            XCTAssertFalse(svg.contains(":Bold"), name)
            for word in words {
                XCTAssertTrue(svg.contains(">\(word)<") || svg.contains("> \(word)<"), "\(name): \(word)")
            }
        }
    }

    func testTheSameFigureGivesTheSameBytes() throws {
        let first = try session()
        let second = try session()
        for (name, figure, _) in try ExampleFigures.all() {
            let svg = try first.svg(figure)
            XCTAssertEqual(svg, try first.svg(figure), name)
            XCTAssertEqual(svg, try second.svg(figure), "\(name), another process")
            XCTAssertEqual(try first.png(figure), try second.png(figure), name)
        }
    }

    func testEveryKindOfFigureDrawsAPNGOfTwiceItsSize() throws {
        let session = try session()
        // BRIDGE_GALLERY=folder keeps the pictures, to be looked at.
        let gallery = ProcessInfo.processInfo.environment["BRIDGE_GALLERY"]
        for (name, figure, _) in try ExampleFigures.all() {
            let path = "\(gallery ?? folder)/\(name).png"
            try session.save(figure, to: path)
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            XCTAssertEqual(Array(bytes.prefix(4)), [0x89, 0x50, 0x4E, 0x47], name)
            let width = bytes[16..<20].reduce(0) { $0 * 256 + Int($1) }
            let height = bytes[20..<24].reduce(0) { $0 * 256 + Int($1) }
            XCTAssertEqual(width, 2 * figure.drawnSize.width, name)
            XCTAssertEqual(height, 2 * figure.drawnSize.height, name)
            if let gallery { try session.save(figure, to: "\(gallery)/\(name).svg") }
            if let gallery { try session.save(figure, to: "\(gallery)/\(name).txt") }
        }
    }

    func testTitlesCannotRunCommands() throws {
        let session = try session()
        let marker = folder + "/touched"
        for attack in [
            "a'\n!touch \(marker)\n'", "`touch \(marker)`", "\"; system('touch \(marker)'); \"",
            "'.system('touch \(marker)').'",
            "END_OF_DATA\n!touch \(marker)", "@ARG0 \\", "\\'; !touch \(marker)", "{/Bold x}_a^b", "%s%n %d", "''",
            "a''b'", "'",
        ] {
            var figure = Figure.bar(
                categories: [attack], [(attack, [1], nil)], title: attack, xAxis: Axis(attack), yAxis: Axis(attack))
            XCTAssertFalse(try session.svg(figure).isEmpty, attack)
            let grid = Figure.grid([figure, .line([("x", nil, [1, 2])])], title: attack)
            XCTAssertFalse(try session.render(grid, columns: 80, rows: 24).isEmpty)
            try session.save(figure, to: folder + "/attack.gp")
            figure.series[0].name = ""
            _ = try session.png(figure)
        }
        XCTAssertEqual(try files(), ["attack.gp"])
    }

    func testErrorsAreReadBackAndTheSessionGoesOn() throws {
        let session = try session()
        XCTAssertThrowsError(try session.run("set terminal dumb\nplot [5:5] sin(x)\n")) { error in
            guard case PlotError.gnuplotFailed(let text)? = error as? PlotError else { return XCTFail("\(error)") }
            XCTAssertTrue(text.contains("x range") || text.contains("x_min"), text)
        }
        XCTAssertThrowsError(try session.run("nonsense\n"))
        XCTAssertTrue(try session.svg(ExampleFigures.line()).contains("Growth"))
    }

    func testAProcessThatDiedIsReplaced() throws {
        let session = try session()
        let first = try XCTUnwrap(session.processNumber)
        kill(first, SIGKILL)
        XCTAssertTrue(try session.svg(ExampleFigures.line()).contains("Growth"))
        XCTAssertNotEqual(session.processNumber, first)
    }

    func testAProcessThatHangsIsStopped() throws {
        _ = try session()
        let session = GnuplotSession(timeout: 1)
        XCTAssertThrowsError(try session.run("pause 20\n")) { error in
            XCTAssertTrue("\(error)".contains("no answer within 1 s"), "\(error)")
        }
        XCTAssertNil(session.processNumber)
    }

    func testMissingGnuplotNamesThePackage() throws {
        let session = GnuplotSession(executable: folder + "/no-gnuplot")
        for _ in 0..<2 {
            XCTAssertThrowsError(try session.svg(ExampleFigures.line())) { error in
                guard case PlotError.gnuplotMissing(let text)? = error as? PlotError else { return XCTFail("\(error)") }
                XCTAssertTrue(text.contains("apt-get install gnuplot-nox"), text)
            }
        }
        try session.save(ExampleFigures.line(), to: folder + "/script.gp")
        XCTAssertEqual(try files(), ["script.gp"])
    }

    func testAProgramThatIsNotGnuplotIsAnErrorAndNoSignal() throws {
        for program in ["/bin/true", "/bin/false"] {
            XCTAssertThrowsError(try GnuplotSession(executable: program).svg(ExampleFigures.line()), program)
        }
    }

    func testAHundredThousandPointsAreDrawn() throws {
        let session = try session()
        let y = (0..<100_000).map { Double($0 % 1000) }
        let scatter = Figure.scatter([("many", y.indices.map(Double.init), y)])
        try session.save(scatter, to: folder + "/many.png")
        try session.save(.line([("many", nil, y)]), to: folder + "/line.png")
        XCTAssertEqual(try files().sorted(), ["line.png", "many.png"])
        // Records and blocks must draw the same picture: 6,000 points go one way, the same in a saved script the other.
        let some = Figure.line([("some", nil, (0..<6000).map { $0 % 7 == 3 ? .nan : Double($0 % 100) })])
        try session.save(some, to: folder + "/some.png")
        let script = try some.script(output: folder + "/block.png")
        try session.run(script)
        let contents = ["some", "block"].map { FileManager.default.contents(atPath: folder + "/\($0).png") }
        XCTAssertNotNil(contents[0])
        XCTAssertEqual(contents[0], contents[1])
    }

    func testASavedScriptStandsAlone() throws {
        let session = try session()
        try session.save(ExampleFigures.gPass(), to: folder + "/alone.gp")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gnuplot", "alone.gp"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        try process.run()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0)
        XCTAssertEqual(
            FileManager.default.contents(atPath: folder + "/alone.png").map { [UInt8]($0) },
            try session.png(ExampleFigures.gPass()))
    }

    func testOtherFormatsHaveTheirMarks() throws {
        let session = try session()
        try session.save(ExampleFigures.line(), to: folder + "/a.PDF")
        XCTAssertEqual(FileManager.default.contents(atPath: folder + "/a.PDF")?.prefix(5), Data("%PDF-".utf8))
        let sixel = try session.sixel(ExampleFigures.line(), width: 400, height: 300)
        XCTAssertEqual(sixel.prefix(2), [0x1B, 0x50])
    }

    func testTextFitsTheTerminal() throws {
        let session = try session()
        for (name, figure, words) in try ExampleFigures.all() {
            let text = try session.render(figure, columns: 72, rows: 24)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            XCTAssertLessThanOrEqual(lines.count, 24, name)
            XCTAssertTrue(lines.allSatisfy { $0.count <= 72 && $0.last != " " }, name)
            XCTAssertTrue(text.contains(words[0]), "\(name)\n\(text)")
            XCTAssertFalse(text.contains("\u{1B}"), name)
            let plain = try session.render(figure, columns: 72, rows: 24, look: .init(hasUnicode: false))
            XCTAssertTrue(plain.utf8.allSatisfy { $0 < 128 }, name)
        }
        let coloured = try session.render(ExampleFigures.line(), columns: 72, rows: 24, look: .init(hasColour: true))
        XCTAssertTrue(coloured.contains("\u{1B}["))
    }
}
