/// A list of records as rows and columns of text: what runs and evaluations give.
public struct Table: Equatable, Sendable {
    public let columns: [String]
    /// The cells of the rows that are shown, as many in each as there are columns.
    public let rows: [[String]]
    /// For each column whether it holds numbers, which stand at the right.
    public let isNumber: [Bool]
    /// Rows left out behind the first half of those shown, rounded up.
    public let omittedRows: Int

    public init(columns: [String], rows: [[String]], isNumber: [Bool], omittedRows: Int = 0) {
        self.columns = columns
        self.rows = rows
        self.isNumber = isNumber
        self.omittedRows = omittedRows
    }

    /// `nil` where the value is no list of two or more records with the same few plain fields.
    /// - Parameter rowLimit: of more rows the middle is left out.
    public init?(_ value: Value, rowLimit: Int) {
        guard let list = value.asList, list.count >= 2, let first = list.elements[0].asRecord, first.count > 0,
            first.count <= 16
        else { return nil }
        let columns = first.keys
        let shown = Table.shown(list.count, limit: rowLimit)
        var rows: [[String]] = []
        for index in shown {
            guard let row = Table.cells(list.elements[index], columns) else { return nil }
            rows.append(row)
        }
        self.init(
            columns: columns, rows: rows, isNumber: columns.map { first[$0]?.asDouble != nil },
            omittedRows: list.count - shown.count)
    }

    /// `nil` also where the table is wider than the budget allows.
    init?(_ value: Value, budget: PrintBudget) {
        self.init(value, rowLimit: budget.elements)
        guard widths.reduce(2 * widths.count, +) <= budget.width else { return nil }
    }

    /// The position among the shown rows before which some are left out.
    public var omissionIndex: Int { (rows.count + 1) / 2 }

    /// Aligned columns under their names.
    public var text: String {
        let widths = widths
        var lines = ([columns] + rows).map { line($0, widths) }
        if omittedRows > 0 { lines.insert("... \(omittedRows) more ...", at: 1 + omissionIndex) }
        return lines.joined(separator: "\n")
    }

    private var widths: [Int] {
        columns.indices.map { column in ([columns] + rows).map { $0[column].count }.max() ?? 0 }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { index in
            let padding = String(repeating: " ", count: widths[index] - cells[index].count)
            return isNumber[index] ? padding + cells[index] : cells[index] + padding
        }
        let line = padded.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private static func shown(_ count: Int, limit: Int) -> [Int] {
        guard count > limit else { return Array(0..<count) }
        return Array(0..<(limit + 1) / 2) + Array((count - limit / 2)..<count)
    }

    private static func cells(_ value: Value, _ columns: [String]) -> [String]? {
        guard let record = value.asRecord, record.keys == columns else { return nil }
        var cells: [String] = []
        for value in record.values {
            if let object = value.object, object.kind != .string { return nil }
            let text = cell(value)
            if text.contains("\n") || text.utf8.count > 60 { return nil }
            cells.append(text)
        }
        return cells
    }

    /// Floats with at most six significant digits, so that columns stay readable.
    private static func cell(_ value: Value) -> String {
        guard case .float(let double) = value else { return value.asString ?? Printer.short(value) }
        return (try? Formatter.format(.float(double), ".6g")) ?? Printer.number(double)
    }
}
