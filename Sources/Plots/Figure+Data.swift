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
        var rows: [DataRow] = []
        forEachRow { rows.append($0) }
        return rows
    }

    /// The rows of `data()`, one at a time.
    public func forEachRow(_ body: (DataRow) throws -> Void) rethrows {
        for (index, leaf) in leaves.enumerated() {
            for item in leaf.series { try item.forEachRow(panel: panels.isEmpty ? nil : index, body) }
        }
    }

    /// The figures with axes of their own, in the order in which they are drawn.
    var leaves: [Figure] { panels.isEmpty ? [self] : panels.flatMap(\.leaves) }
}

extension Series {
    fileprivate func forEachRow(panel: Int?, _ body: (DataRow) throws -> Void) rethrows {
        if case .heat(let matrix) = content {
            for (row, values) in matrix.enumerated() {
                for (column, value) in values.enumerated() {
                    let cells = [("row", Double(row)), ("column", Double(column)), ("value", value)]
                    try body(DataRow(panel: panel, series: name, cells: cells.map(DataRow.Cell.init)))
                }
            }
            return
        }
        let columns = columns
        for index in 0..<(columns.map(\.values.count).min() ?? 0) {
            let cells = columns.map { DataRow.Cell($0.name, $0.values[index]) }
            try body(DataRow(panel: panel, series: name, cells: cells))
        }
    }
}
