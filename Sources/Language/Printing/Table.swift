/// A list of records as aligned columns: what runs and evaluations give.
struct Table {
    let text: String

    /// `nil` where the value is no list of two or more records with the same few plain fields.
    init?(_ value: Value, budget: PrintBudget) {
        guard let list = value.asList, list.count >= 2, let first = list.elements[0].asRecord, first.count > 0,
            first.count <= 16
        else { return nil }
        let columns = first.keys
        let rows = Table.shown(list.count, limit: budget.elements)
        var cells: [[String]] = [columns]
        for index in rows {
            guard let row = Table.cells(list.elements[index], columns) else { return nil }
            cells.append(row)
        }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        guard widths.reduce(2 * widths.count, +) <= budget.width else { return nil }
        let isNumber = columns.map { first[$0]?.asDouble != nil }
        var lines = cells.map { Table.line($0, widths, isNumber) }
        if rows.count < list.count {
            lines.insert("... \(list.count - rows.count) more ...", at: 1 + (rows.count + 1) / 2)
        }
        text = lines.joined(separator: "\n")
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

    private static func line(_ cells: [String], _ widths: [Int], _ isNumber: [Bool]) -> String {
        let padded = cells.indices.map { index in
            let padding = String(repeating: " ", count: widths[index] - cells[index].count)
            return isNumber[index] ? padding + cells[index] : cells[index] + padding
        }
        let line = padded.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
