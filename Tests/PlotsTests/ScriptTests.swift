import Foundation
import Plots
import XCTest

final class ScriptTests: XCTestCase {
    func testScriptsOfEveryKindAreAsRecorded() throws {
        let curve = TrainingCurve(name: "bridge", metrics: [("reward", [0.25, 0.5, 0.375]), ("kl", [0, 0.5, .nan])])
        let arms = [(name: "base", values: [Estimate(0.5, low: 0.4, high: 0.6), Estimate(0.25)])]
        let figures: [(String, Figure)] = [
            ("line", .line(
                [("a", [1, 2], [1, 2]), ("b", [0.5, 1.5], [3, 0.125])], title: "Lines",
                xAxis: Axis("x", scale: .log2, range: .init(lower: 0.5)))),
            ("bar", .bar(categories: ["100% right", "it's"], [("n", [1, 2], (low: [0.5, 1], high: [2, 3]))])),
            ("heat", .heat([[1, 2], [3, .nan]], columnLabels: ["p", "q"])),
            ("training", try .training([curve], window: 2, title: "Run")),
            ("gpass", try .gPass(arms)),
        ]
        for (name, figure) in figures { try assertSnapshot(try figure.script(), "\(name).gp") }
    }

    func testTheSameFigureGivesTheSameScript() throws {
        for (name, figure, _) in try ExampleFigures.all() {
            XCTAssertEqual(try figure.script(), try figure.script(), name)
        }
    }

    func testTextIsQuotedSoThatNothingOfItIsACommand() throws {
        let hostile = "a'b\n!touch x\r`date` @macro \"q\" \u{2028}end\\"
        let figure = Figure.line([(hostile, nil, [1, 2])], title: hostile, xAxis: Axis(hostile), yAxis: Axis(hostile))
        let script = try figure.script()
        XCTAssertFalse(script.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("!") || $0.hasPrefix("`") })
        // Four places, each on one line, the quote doubled.
        let expected = "'a''b !touch x `date` @macro \"q\"  end\\'"
        XCTAssertEqual(script.components(separatedBy: expected).count - 1, 4, script)
    }

    func testPercentSignsInTickLabelsAreNoFormats() throws {
        let script = try Figure.bar(categories: ["50%d"], [("n", [1], nil)]).script()
        XCTAssertTrue(script.contains("('50%%d' 0)"), script)
    }

    func testDataBlocksHoldNumbersAndNothingElse() throws {
        for (name, figure, _) in try ExampleFigures.all() {
            var isInBlock = false
            for line in try figure.script().split(separator: "\n") {
                if line.hasSuffix("<< END_OF_DATA") { isInBlock = true; continue }
                if line == "END_OF_DATA" { isInBlock = false }
                if !isInBlock { continue }
                for word in line.split(separator: " ") {
                    XCTAssertTrue(word == "NaN" || Double(word) != nil, "\(name): \(line)")
                }
            }
            XCTAssertFalse(isInBlock, name)
        }
    }

    func testLegendIsSharedWhereThePanelsAgreeAndIsTheirOwnWhereTheyDoNot() throws {
        func titles(_ figure: Figure) throws -> Int {
            try figure.script().components(separatedBy: " title '").count - 1
        }
        let one = Figure.line([("a", nil, [1, 2]), ("b", nil, [2, 1])])
        XCTAssertEqual(try titles(.grid([one, one])), 2)
        let other = Figure.scatter([("a", [1], [1])])
        XCTAssertEqual(try titles(.grid([one, other])), 3)
        var silent = one
        silent.hasLegend = false
        XCTAssertEqual(try titles(silent), 0)
    }
}
