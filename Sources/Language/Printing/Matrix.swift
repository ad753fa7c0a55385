/// A list of equally long lists of numbers as aligned rows.
struct Matrix {
    let text: String

    /// `nil` where the value is none, or is wider than the budget.
    init?(_ value: Value, budget: PrintBudget) {
        guard let list = value.asList, list.count >= 2, list.count <= budget.elements,
            let width = list.elements[0].asList?.count, width > 0, width <= budget.elements
        else { return nil }
        var rows: [[String]] = []
        for element in list.elements {
            guard let row = element.asList, row.count == width,
                row.elements.allSatisfy({ $0.asDouble != nil })
            else { return nil }
            rows.append(row.elements.map { Printer.short($0) })
        }
        let widths = (0..<width).map { column in rows.map { $0[column].count }.max() ?? 0 }
        guard widths.reduce(2 * width + 2, +) <= budget.width else { return nil }
        let lines = rows.map { row in
            "[" + row.indices.map { row[$0].padded(to: widths[$0], onLeft: true) }.joined(separator: ", ") + "]"
        }
        text = "[" + lines.joined(separator: ",\n ") + "]"
    }
}
