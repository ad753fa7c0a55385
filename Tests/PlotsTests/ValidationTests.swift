import Plots
import XCTest

/// What cannot be drawn is said before gnuplot is asked, with the name of the culprit.
final class ValidationTests: XCTestCase {
    private func message(_ figure: Figure, file: StaticString = #filePath, line: UInt = #line) -> String {
        do throws(PlotError) {
            _ = try figure.script()
        } catch {
            guard case .invalidFigure(let text) = error else { return "another kind: \(error)" }
            return text
        }
        XCTFail("nothing was thrown", file: file, line: line)
        return ""
    }

    func testASeriesWithoutAFiniteNumberIsNamed() {
        let text = message(.line([("good", nil, [1]), ("loss", nil, [.nan, .infinity])]))
        XCTAssertTrue(text.hasPrefix("the series \"loss\" has no point of finite numbers (2 points in all)"), text)
        XCTAssertTrue(message(.line([("", nil, [])], title: "T")).hasPrefix("series 1 of \"T\" has no point"))
    }

    func testAPointNeedsAllOfItsNumbers() {
        let text = message(.scatter([("s", [.nan, 1], [1, .nan])]))
        XCTAssertTrue(text.contains("\"s\" has no point"), text)
    }

    func testValuesOfZeroOnALogarithmicAxisAreFound() {
        let text = message(.line([("loss", nil, [1, 0.1, 0])], yAxis: Axis(scale: .log10)))
        XCTAssertTrue(text.contains("\"loss\" has 0.0 as its y at position 2"), text)
        XCTAssertTrue(text.contains("use a linear axis"), text)
        XCTAssertTrue(message(.line([("a", nil, [1, 2])], xAxis: Axis(scale: .log2))).contains("its x at position 0"))
    }

    func testMissingPointsAreAllowed() throws {
        let script = try Figure.line([("a", nil, [1, .nan, -.infinity, 2])]).script()
        XCTAssertTrue(script.contains("1 NaN\n2 NaN\n3 2\n"), script)
        XCTAssertFalse(script.lowercased().contains("inf\n"))
    }

    func testRangesThatAreNoneAreFound() {
        func ranged(_ range: Axis.Range, _ scale: Axis.Scale = .linear) -> Figure {
            .line([("a", [1, 2], [1, 2])], xAxis: Axis(scale: scale, range: range))
        }
        XCTAssertTrue(message(ranged(.init(lower: 2, upper: 1))).contains("goes from 2.0 to 1.0"))
        XCTAssertTrue(message(ranged(.init(lower: 5, upper: 5))).contains("goes from 5.0 to 5.0"))
        XCTAssertTrue(message(ranged(.init(lower: .nan))).contains("no number"))
        XCTAssertTrue(message(ranged(.init(lower: 0), .log10)).contains("ends at 0.0"))
    }

    func testUnequalColumnsAreFound() {
        XCTAssertTrue(message(.line([("a", [1, 2, 3], [1, 2])])).contains("has 3 x and 2 y values"))
        XCTAssertTrue(message(.heat([[1, 2], [3]])).contains("row 1 has 1 columns, row 0 has 2"))
    }

    func testEmptyFiguresAreFound() {
        XCTAssertTrue(message(Figure(title: "none")).contains("\"none\" has nothing to draw"))
        XCTAssertTrue(message(.grid([])).contains("nothing to draw"))
        XCTAssertTrue(message(.heat([])).contains("without cells"))
        XCTAssertTrue(message(.heat([[.nan]])).contains("without a finite number"))
    }

    func testSizesThatCannotBeDrawnAreFound() {
        XCTAssertTrue(
            message(.line([("a", nil, [1])], size: .init(width: 10, height: 1_000_000))).contains("10 x 1000000"))
    }

    func testFaultsInsidePanelsAreFound() {
        XCTAssertTrue(message(.grid([.grid([.line([("deep", nil, [.nan])])])])).contains("\"deep\""))
    }
}
