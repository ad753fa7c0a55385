import Plots
import XCTest

final class FigureTests: XCTestCase {
    private func bars(_ figure: Figure, _ index: Int = 0) throws -> (x: [Double], y: [Double], width: Double) {
        guard case .bars(let x, let y, let width) = figure.series[index].content else {
            throw PlotError.invalidFigure("no bars")
        }
        return (x, y, width)
    }

    func testHistogramCountsEveryFiniteValueOnce() throws {
        let figure = Figure.histogram([0, 0.5, 1, 1.5, 2, 3, 4, .nan, .infinity], bins: 4)
        let drawn = try bars(figure)
        // By hand: [0,1) [1,2) [2,3) [3,4]
        XCTAssertEqual(drawn.y, [2, 2, 1, 2])
        XCTAssertEqual(drawn.x, [0.5, 1.5, 2.5, 3.5])
    }

    func testHistogramOfEqualValuesIsOneBarAtTheirPlace() throws {
        let drawn = try bars(.histogram([3, 3, 3]))
        XCTAssertEqual(drawn.x, [3])
        XCTAssertEqual(drawn.y, [3])
    }

    func testHistogramSurvivesTheWidestRange() throws {
        let drawn = try bars(.histogram([-1.7e308, 0, 1.7e308], bins: 2))
        XCTAssertEqual(drawn.y.reduce(0, +), 3)
    }

    func testGroupedBarsStandSideBySideAroundTheirCategory() throws {
        let figure = Figure.bar(categories: ["a", "b"], [("one", [1, 2], nil), ("two", [3, 4], nil)])
        let first = try bars(figure, 0)
        let second = try bars(figure, 1)
        for category in 0..<2 {
            XCTAssertEqual((first.x[category] + second.x[category]) / 2, Double(category), accuracy: 1e-12)
            XCTAssertGreaterThan(second.x[category] - first.x[category], first.width)
        }
        XCTAssertEqual(figure.xAxis.ticks?.map(\.label), ["a", "b"])
        XCTAssertEqual(figure.yAxis.range, Axis.Range(lower: 0))
    }

    func testMovingAverageLooksBackAndSkipsWhatIsNotFinite() {
        XCTAssertEqual(Figure.movingAverage([1, 3, 5, 7], window: 2), [1, 2, 4, 6])
        XCTAssertEqual(Figure.movingAverage([1, .nan, 5, .infinity, 2], window: 2), [1, 1, 5, 5, 2])
        XCTAssertTrue(Figure.movingAverage([.nan], window: 3)[0].isNaN)
        XCTAssertEqual(Figure.movingAverage([4, 9], window: 1), [4, 9])
    }

    func testTrainingHasAPanelForEachMetricAndARawAndASmoothLineForEachRun() throws {
        let figure = try ExampleFigures.training()
        XCTAssertEqual(figure.panels.map(\.yAxis.label), ["reward", "completions/mean_length"])
        XCTAssertEqual(figure.panels[0].series.filter(\.isInLegend).map(\.name), ["rlvr", "pmatch", "bridge"])
        XCTAssertEqual(figure.panels[0].series.count, 6)
        let single = try Figure.training(ExampleFigures.curves(), metrics: ["reward"], window: 1, title: "t")
        XCTAssertEqual(single.panels.count, 0)
        XCTAssertEqual(single.title, "t")
        XCTAssertEqual(single.series.map(\.name), ["rlvr", "pmatch", "bridge"])
    }

    func testTrainingNamesTheMetricsThatThereAre() {
        XCTAssertThrowsError(try Figure.training(ExampleFigures.curves(), metrics: ["rewrad"])) { error in
            XCTAssertEqual(
                "\(error)", "no run recorded the metric \"rewrad\"; recorded are reward, completions/mean_length")
        }
    }

    func testGPassRunsFromOneToK() throws {
        let figure = try ExampleFigures.gPass()
        XCTAssertEqual(figure.yAxis.label, "G-Pass@8")
        XCTAssertEqual(figure.xAxis.ticks?.map(\.position), [1, 2, 3, 4, 5, 6, 7, 8])
        XCTAssertThrowsError(try Figure.gPass([("a", [Estimate(1)]), ("b", [])]))
    }

    func testWidthsHaveTheirPositionsOnALogarithmicAxisAndKeepTheirValues() throws {
        let curve = WidthCurve(
            name: "bridge", widths: [1, 2, 4], accuracy: [0.1, 0.2, 0.3].map { Estimate($0) },
            coverage: [0.1, 0.4, 0.9].map { Estimate($0) })
        let figure = try Figure.widths([curve])
        XCTAssertEqual(figure.panels.map(\.yAxis.label), ["accuracy", "coverage"])
        XCTAssertEqual(figure.panels.map(\.xAxis.scale), [.log2, .log2])
        XCTAssertEqual(figure.panels[1].series[0].content, .line(x: [1, 2, 4], y: [0.1, 0.4, 0.9]))
        var broken = curve
        broken.coverage.removeLast()
        XCTAssertThrowsError(try Figure.widths([broken]))
        broken = curve
        broken.widths[0] = 0
        XCTAssertThrowsError(try Figure.widths([broken]))
    }

    func testArmsKeepTheirLookWhicheverOfThemAreShown() {
        let all = Palette.styles(forArms: ["base", "rlvr", "pmatch", "bridge"])
        XCTAssertEqual(Palette.styles(forArms: ["bridge", "base"]), [all[3], all[0]])
        let mixed = Palette.styles(forArms: ["mine", "bridge", "yours"])
        XCTAssertEqual(mixed[1], all[3])
        XCTAssertEqual(Set(mixed.map(\.colour.rgb)).count, 3)
    }

    func testPaletteStylesDifferInColourAndInMarkerOrDash() {
        let styles = Palette.styles
        XCTAssertEqual(Set(styles.map(\.colour.rgb)).count, styles.count)
        XCTAssertEqual(Set(styles.map { "\(String(describing: $0.marker)) \($0.dash)" }).count, styles.count)
        for index in 0..<40 { XCTAssertNotEqual(Palette.style(index), Palette.style(index + 1)) }
    }

    func testColoursAreWrittenWithSixDigitsAndLightenTowardsWhite() {
        XCTAssertEqual(SeriesStyle.Colour(0x0000FF).hexadecimal, "#0000ff")
        XCTAssertEqual(SeriesStyle.Colour(0x123456).lightened(1).hexadecimal, "#ffffff")
        XCTAssertEqual(SeriesStyle.Colour(0x123456).lightened(0).hexadecimal, "#123456")
    }

    func testGridsChooseTheirColumns() {
        let panel = ExampleFigures.line()
        XCTAssertEqual(
            [1, 2, 3, 4, 5, 9].map { Figure.grid(Array(repeating: panel, count: $0)).gridColumns }, [1, 2, 3, 2, 3, 3])
        let grid = Figure.grid(Array(repeating: panel, count: 5), columns: 2)
        XCTAssertEqual(grid.gridRows, 3)
        XCTAssertEqual(Figure.grid([panel], columns: 0).gridColumns, 1)
    }

    func testDataHasARowForEveryPoint() throws {
        let figure = Figure.line([("a", nil, [5, 6]), ("b", [2], [7])])
        XCTAssertEqual(
            figure.data(),
            [
                DataRow(series: "a", cells: [.init("x", 0), .init("y", 5)]),
                DataRow(series: "a", cells: [.init("x", 1), .init("y", 6)]),
                DataRow(series: "b", cells: [.init("x", 2), .init("y", 7)]),
            ])
        XCTAssertEqual(
            Figure.heat([[1, 2], [3, 4]]).data()[2].cells, [.init("row", 1), .init("column", 0), .init("value", 3)])
        let grid = Figure.grid([figure, figure])
        XCTAssertEqual(grid.data().map(\.panel), [0, 0, 0, 1, 1, 1])
    }
}
