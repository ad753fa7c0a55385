import Foundation
import Interruption
import Plots
import XCTest

/// Series and matrices of very many numbers: what is seen of them is drawn, and drawing stops when asked. Skipped where
/// gnuplot is not installed.
final class LongSeriesTests: XCTestCase {
    private var folder = ""
    private var session: GnuplotSession!

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "plots-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        session = GnuplotSession()
        do throws(PlotError) { try session.run("") } catch { throw XCTSkip("gnuplot is not installed") }
    }

    override func tearDown() {
        Interruption.clear()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A line that goes up and down within every pixel, with gaps.
    private func noise(_ count: Int) -> [Double] {
        var state: UInt64 = 7
        return (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            if index % 50_000 > 49_000 { return .nan }
            return sin(Double(index) / 20_000) + Double(state >> 40) / Double(1 << 24) * 0.2
        }
    }

    /// What gnuplot draws on a grid of pixels without smoothed edges, three bytes a pixel.
    private func pixels(_ figure: Figure) throws -> [UInt8] {
        let path = folder + "/figure.pbm"
        let lines = try figure.script(output: path).split(separator: "\n").map { line in
            line.hasPrefix("set terminal") ? "set terminal pbm color size 1440,900" : String(line)
        }
        try session.run(lines.joined(separator: "\n") + "\n")
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    func testALongLineLooksAsItDoesWithAllItsPoints() throws {
        let y = noise(100_000)
        let rising = y.indices.map { Double($0) * Double($0) + 1 }
        for (name, figure) in [
            ("linear", Figure.line([("noise", nil, y)])),
            ("zoomed", .line([("noise", nil, y)], xAxis: Axis(range: .init(lower: 10_000, upper: 90_000)))),
            ("log", .line([("noise", rising, y)], xAxis: Axis(scale: .log10))),
        ] {
            let thinned = figure.thinned(width: figure.drawnSize.width)
            XCTAssertLessThan(thinned.data().count, 60_000, name)
            let (all, seen) = (try pixels(figure), try pixels(thinned))
            XCTAssertEqual(all.count, seen.count, name)
            let others = zip(all, seen).count { $0 != $1 }
            // Of 3.9 million; strokes meet in other angles at a few places.
            XCTAssertLessThan(others, 200, name)
            let nothing = try pixels(.line([("noise", [20_000, 30_000], [0.5, 1])], xAxis: figure.xAxis))
            XCTAssertGreaterThan(zip(all, nothing).count { $0 != $1 }, 100_000, name)
        }
    }

    func testALongLineIsASmallPicture() throws {
        let y = noise(400_000)
        XCTAssertLessThan(try session.svg(.line([("noise", nil, y)])).utf8.count, 1_000_000)
        // One that goes back and forth keeps its points: their order counts.
        let back = y.indices.map { Double($0 % 1000) }
        let some = Figure.line([("noise", Array(back[..<50_000]), Array(y[..<50_000]))])
        XCTAssertGreaterThan(try session.svg(some).utf8.count, 500_000)
    }

    func testALargeMatrixLooksTheSameFromAFileAndFromTheScript() throws {
        var rows = (0..<120).map { row in (0..<90).map { Double(row * $0 % 17) } }
        rows[7][3] = .nan
        try session.run(try Figure.heat(rows).script(output: folder + "/block.png"))
        try session.save(.heat(rows), to: folder + "/file.png")
        let pictures = ["block", "file"].map { FileManager.default.contents(atPath: folder + "/\($0).png") }
        XCTAssertNotNil(pictures[0])
        XCTAssertEqual(pictures[0], pictures[1])
    }

    func testNumbersAndScriptsKeepAllPoints() throws {
        let figure = Figure.line([("noise", nil, noise(30_000))])
        XCTAssertEqual(figure.data().count, 30_000)
        XCTAssertGreaterThan(try figure.script().split(separator: "\n").count, 30_000)
    }

    func testAPictureOfCharactersStopsWhenAsked() throws {
        Interruption.request()
        for figure in [Figure.line([("a", nil, noise(100_000))]), .scatter([("a", noise(1000), noise(1000))])] {
            XCTAssertThrowsError(try CharacterPicture(columns: 80, hasColour: false).text(figure, rows: 20)) {
                XCTAssertEqual($0 as? PlotError, .interrupted)
            }
        }
    }

    func testDrawingStopsWhenAskedLeavesNothingAndTheNextFigureIsDrawn() throws {
        // Points all over the plane, of which none can be left out: gnuplot takes seconds for them.
        let count = 1_000_000
        let x = (0..<count).map { Double($0 * 7919 % 1_000_003) }
        let figure = Figure.scatter([("many", x, x.reversed())])
        setenv("TMPDIR", folder, 1)
        defer { unsetenv("TMPDIR") }
        let asked = Date(timeIntervalSinceNow: 0.5)
        Thread.detachNewThread {
            Thread.sleep(until: asked)
            Interruption.request()
        }
        XCTAssertThrowsError(try session.save(figure, to: folder + "/many.svg")) {
            XCTAssertEqual($0 as? PlotError, .interrupted)
        }
        XCTAssertLessThan(Date().timeIntervalSince(asked), 0.5)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), [])
        Interruption.clear()
        XCTAssertTrue(try session.svg(ExampleFigures.line()).contains("Growth"))
    }
}
