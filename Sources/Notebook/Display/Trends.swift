import Language

/// How the numbers of a list, or of the columns of a table, go: a sparkline with the least and the largest of each.
enum Trends {
    /// Of fewer numbers the eye sees it without help.
    private static let fewest = 8
    private static let mostColumns = 8
    private static let widestLine = 40

    /// Lines to stand below a value; empty for one that is no such list.
    static func lines(_ value: Value, columns: Int) -> [String] {
        guard let list = value.asList, list.count >= fewest else { return [] }
        if let numbers = numbers(list.elements) { return lines([("", numbers)], columns) }
        guard let first = list.elements[0].asRecord else { return [] }
        let columnsOfNumbers = first.keys.compactMap { name -> (String, [Double])? in
            let column = numbers(list.elements.map { $0.asRecord?[name] ?? .null })
            // Numbers that only count the rows say nothing.
            return column.flatMap { isCount($0) ? nil : (name, $0) }
        }
        return lines(Array(columnsOfNumbers.prefix(mostColumns)), columns)
    }

    /// nil where one of them is no number.
    private static func numbers(_ values: [Value]) -> [Double]? {
        var numbers: [Double] = []
        numbers.reserveCapacity(values.count)
        for value in values {
            switch value {
            case .int(let int): numbers.append(Double(int))
            case .float(let double): numbers.append(double)
            default: return nil
            }
        }
        return numbers
    }

    private static func isCount(_ numbers: [Double]) -> Bool {
        let step = numbers[1] - numbers[0]
        return zip(numbers, numbers.dropFirst()).allSatisfy { abs($1 - $0 - step) <= 1e-9 * abs(step) }
    }

    private static func lines(_ series: [(name: String, numbers: [Double])], _ columns: Int) -> [String] {
        let nameWidth = series.map(\.name.count).max() ?? 0
        return series.compactMap { name, numbers in
            let finite = numbers.filter(\.isFinite)
            guard let least = finite.min(), let most = finite.max(), least < most, !isCount(numbers) else { return nil }
            let head = nameWidth == 0 ? "" : name + String(repeating: " ", count: nameWidth - name.count + 2)
            let tail = "  \(number(least)) to \(number(most))"
            let room = columns - 1 - head.count - tail.count
            guard room >= fewest else { return nil }
            return head + Sparkline.text(numbers, columns: min(room, widestLine)) + tail
        }
    }

    /// Four digits.
    static func number(_ value: Double) -> String {
        (try? Formatter.format(.float(value), ".4g")) ?? "\(value)"
    }
}
