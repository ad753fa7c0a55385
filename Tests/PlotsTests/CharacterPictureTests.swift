import Plots
import XCTest

final class CharacterPictureTests: XCTestCase {
    private func lines(_ figure: Figure, columns: Int, rows: Int, hasColour: Bool = false) throws -> [String] {
        try CharacterPicture(columns: columns, hasColour: hasColour).text(figure, rows: rows)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The dots of the braille characters of a line: (column, row) from the upper left, two by four for each character.
    private func dots(_ lines: [String], from column: Int) -> Set<[Int]> {
        let order = [0: (0, 0), 1: (0, 1), 2: (0, 2), 3: (1, 0), 4: (1, 1), 5: (1, 2), 6: (0, 3), 7: (1, 3)]
        var found: Set<[Int]> = []
        for (row, line) in lines.enumerated() {
            for (index, scalar) in line.unicodeScalars.enumerated() where (0x2800...0x28FF).contains(scalar.value) {
                for bit in 0..<8 where scalar.value & (1 << UInt32(bit)) != 0 {
                    found.insert([2 * (index - column) + order[bit]!.0, 4 * row + order[bit]!.1])
                }
            }
        }
        return found
    }

    func testADiagonalLineHasADotInEveryColumnAndRisesByItsSlope() throws {
        let figure = Figure.line([("", x: [0, 10], y: [0, 10])])
        let lines = try lines(figure, columns: 44, rows: 10)
        let axis = Array(lines[0]).firstIndex { "│┤".contains($0) }! + 1
        let width = 2 * (44 - axis), height = 40
        let dots = dots(Array(lines.prefix(10)), from: axis)
        XCTAssertEqual(Set(dots.map { $0[0] }), Set(0..<width))
        for dot in dots {
            let expected = Double(height - 1) * (1 - Double(dot[0]) / Double(width - 1))
            XCTAssertEqual(Double(dot[1]), expected, accuracy: 1)
        }
    }

    func testMarksStandWhereTheirNumbersLie() throws {
        let figure = Figure.line([("", x: [0, 4], y: [0, 100])])
        let lines = try lines(figure, columns: 60, rows: 9)
        XCTAssertTrue(lines[0].hasPrefix("100 ┤"), lines[0])
        XCTAssertTrue(lines[4].hasPrefix(" 50 ┤"), lines[4])
        XCTAssertTrue(lines[8].hasPrefix("  0 ┤"), lines[8])
        let rule = Array(lines[9]), labels = Array(lines[10])
        for (column, character) in rule.enumerated() where character == "┬" {
            XCTAssertTrue(labels[max(0, column - 1)...min(labels.count - 1, column + 1)].contains { $0.isNumber })
        }
    }

    func testBarsAreAsHighAsTheirNumbers() throws {
        let figure = Figure.bar(categories: ["a", "b"], [("", values: [10, 5], interval: nil)])
        let lines = try lines(figure, columns: 40, rows: 8)
        let full = (0..<8).map { row in lines[row].filter { $0 == "█" }.count }
        XCTAssertEqual(full.filter { $0 > 0 }.count, 8)
        XCTAssertEqual(full[7], 2 * full[0])
        XCTAssertEqual(full.firstIndex(of: 2 * full[0]), 4)
    }

    func testAMatrixShowsItsNumbersAndItsShades() throws {
        let figure = Figure.heat([[0, 0.25], [0.5, 1]])
        let text = try lines(figure, columns: 40, rows: 6).joined(separator: "\n")
        for piece in ["0.25", "0.5", "1", "░", "█"] { XCTAssertTrue(text.contains(piece), text) }
    }

    func testNoLineIsLongerThanTheColumns() throws {
        for (_, figure, _) in try ExampleFigures.all() {
            for columns in [20, 41, 80, 133] {
                for line in try lines(figure, columns: columns, rows: 12) {
                    XCTAssertLessThanOrEqual(line.count, columns, line)
                }
            }
        }
    }

    func testColoursAddEscapesAndNothingElse() throws {
        for (_, figure, _) in try ExampleFigures.all() where !figure.hasMatrix {
            let coloured = try lines(figure, columns: 80, rows: 12, hasColour: true).joined(separator: "\n")
            let bare = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
            XCTAssertFalse(bare.contains("\u{1B}"))
            XCTAssertEqual(bare.split(separator: "\n").count, coloured.split(separator: "\n").count)
        }
    }

    func testNumbersThatAreMissingOrOutsideLeaveGaps() throws {
        var axis = Axis()
        axis.range = Axis.Range(lower: 0, upper: 1)
        let figure = Figure.line([("", x: [0, 1, 2, 3, 4], y: [0.5, .nan, 0.5, 1e30, 0.5])], yAxis: axis)
        let lines = try lines(figure, columns: 50, rows: 8)
        XCTAssertEqual(lines.count, 10)
    }

    func testAFigureThatCannotBeDrawnSaysWhy() {
        XCTAssertThrowsError(try lines(Figure.line([("loss", x: nil, y: [.nan])]), columns: 60, rows: 8)) {
            XCTAssertTrue("\($0)".contains("loss"), "\($0)")
        }
    }
}

extension Figure {
    fileprivate var hasMatrix: Bool {
        series.contains { if case .heat = $0.content { true } else { false } } || panels.contains(where: \.hasMatrix)
    }
}
