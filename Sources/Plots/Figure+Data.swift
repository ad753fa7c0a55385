/// One drawn point, as a row of a table.
public struct DataRow: Equatable, Sendable {
    /// One cell of the row: `x`, `y`, `low`, `high`; for a heat map `row`, `column`, `value`.
    public struct Cell: Equatable, Sendable {
        public var name: String
        public var value: Double

        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// Which panel, counted from 0; nil in a figure without panels.
    public var panel: Int?
    public var series: String
    public var cells: [Cell]

    public init(panel: Int? = nil, series: String, cells: [Cell]) {
        self.panel = panel
        self.series = series
        self.cells = cells
    }
}

extension Figure {
    /// Every number of the figure, a row for a point, in the order of panels, series and points. Panels of panels are
    /// counted through. Columns of unequal length give rows as long as the shortest.
    public func data() -> [DataRow] {
        if panels.isEmpty { return rows(panel: nil) }
        return leaves.enumerated().flatMap { $0.element.rows(panel: $0.offset) }
    }

    /// The figures with axes of their own, in the order in which they are drawn.
    var leaves: [Figure] { panels.isEmpty ? [self] : panels.flatMap(\.leaves) }

    private func rows(panel: Int?) -> [DataRow] {
        series.flatMap { item -> [DataRow] in
            if case .heat(let matrix) = item.content { return Figure.rows(of: matrix, panel: panel, series: item.name) }
            let columns = item.columns
            let count = columns.map(\.values.count).min() ?? 0
            return (0..<count).map { index in
                DataRow(
                    panel: panel, series: item.name, cells: columns.map { DataRow.Cell($0.name, $0.values[index]) })
            }
        }
    }

    private static func rows(of matrix: [[Double]], panel: Int?, series: String) -> [DataRow] {
        var rows: [DataRow] = []
        for (row, values) in matrix.enumerated() {
            for (column, value) in values.enumerated() {
                let cells = [
                    DataRow.Cell("row", Double(row)), DataRow.Cell("column", Double(column)),
                    DataRow.Cell("value", value),
                ]
                rows.append(DataRow(panel: panel, series: series, cells: cells))
            }
        }
        return rows
    }
}
