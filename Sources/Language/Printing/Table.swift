/// A list of records as aligned columns: what runs and evaluations give. Columns that do not fit beside each other
/// follow in blocks below, each with the first column again.
struct TableText {
    let text: String

    private static let mostColumns = 200
    private static let mostBlocks = 4
    /// Columns of the screen that one cell may take.
    private static let widestCell = 40
    private static let gap = "  "

    /// `nil` where the value is no list of records that have most of their fields in common.
    init?(_ value: Value, budget: PrintBudget) {
        guard let list = value.asList, list.count >= 1, list.elements[0].asRecord != nil else { return nil }
        let limit = min(budget.elements, budget.rows)
        guard var blocks = TableText.blocks(list, limit: limit, width: budget.width) else { return nil }
        let room = TableText.rows(budget.rows, inEachOf: blocks.count)
        if room < limit { blocks = TableText.blocks(list, limit: room, width: budget.width) ?? blocks }
        let hidden = list.count - (blocks[0][0].cells.count - 1)
        var texts = blocks.prefix(TableText.mostBlocks).map { block in
            TableText.lines(block, hidden: hidden).joined(separator: "\n")
        }
        let left = blocks.dropFirst(TableText.mostBlocks).joined().filter { $0.name != blocks[0][0].name }
        if let first = left.first {
            let noun = left.count == 1 ? "column" : "columns"
            texts.append("... \(left.count) more \(noun), from \(first.name) on ...")
        }
        text = texts.joined(separator: "\n\n")
    }

    /// Rows of each block, so that all blocks together are no higher than a single one with `rows` of them.
    private static func rows(_ rows: Int, inEachOf count: Int) -> Int {
        guard count > 1, rows < .max - 2 else { return rows }
        // Names stand above the rows of a block, and among them how many are left out; an empty line parts two blocks,
        // and two lines say that there are more.
        let blocks = min(count, mostBlocks)
        let lines = rows + 2 - (blocks - 1) - (count > blocks ? 2 : 0)
        return max(2, lines / blocks - 2)
    }

    /// The columns of the records that are shown; `nil` where these are too different.
    private static func blocks(_ list: ListObject, limit: Int, width: Int) -> [[Column]]? {
        let rows = shown(list.count, limit: limit)
        let records = rows.compactMap { list.elements[$0].asRecord }
        guard records.count == rows.count, let names = names(records) else { return nil }
        return blocks(names.map { Column($0, records, widest: min(widestCell, width)) }, width: width)
    }

    fileprivate static func shown(_ count: Int, limit: Int) -> [Int] {
        guard count > limit else { return Array(0..<count) }
        return Array(0..<(limit + 1) / 2) + Array((count - limit / 2)..<count)
    }

    /// The fields in the order of their first appearance; `nil` where the records are too different, or have too many.
    fileprivate static func names(_ records: [RecordObject]) -> [String]? {
        var seen: Set<String> = []
        var names: [String] = []
        var filled = 0
        for record in records {
            guard record.count > 0, record.count <= mostColumns else { return nil }
            filled += record.count
            for name in record.keys where seen.insert(name).inserted { names.append(name) }
        }
        guard names.count <= mostColumns, 2 * filled > names.count * records.count else { return nil }
        return names
    }

    /// Columns that fit beside each other.
    private static func blocks(_ columns: [Column], width: Int) -> [[Column]] {
        var blocks: [[Column]] = []
        var block: [Column] = []
        var used = 0
        for column in columns {
            if !block.isEmpty, used + gap.count + column.width > width {
                blocks.append(block)
                let key = columns[0]
                let fits = key.width + gap.count + column.width <= width
                block = fits ? [key] : []
                used = fits ? key.width : 0
            }
            used += (block.isEmpty ? 0 : gap.count) + column.width
            block.append(column)
        }
        return blocks + [block]
    }

    private static func lines(_ columns: [Column], hidden: Int) -> [String] {
        let count = columns[0].cells.count
        var lines = (0..<count).map { row in
            let cells = columns.map { $0.cells[row].padded(to: $0.width, onLeft: $0.isNumber) }
            let line = cells.joined(separator: gap)
            return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
        }
        if hidden > 0 { lines.insert("... \(Printer.count(hidden)) more ...", at: 1 + count / 2) }
        return lines
    }
}

/// A list of records as rows and columns of text, for pages.
public struct Table: Equatable, Sendable {
    public let columns: [String]
    /// The cells of the rows that are shown, as many in each as there are columns.
    public let rows: [[String]]
    /// For each column whether it holds numbers, which stand at the right.
    public let isNumber: [Bool]
    /// Rows left out behind the first half of those shown, rounded up.
    public let omittedRows: Int

    /// Columns of the screen that one cell may take.
    private static let widestCell = 200

    public init(columns: [String], rows: [[String]], isNumber: [Bool], omittedRows: Int = 0) {
        self.columns = columns
        self.rows = rows
        self.isNumber = isNumber
        self.omittedRows = omittedRows
    }

    /// `nil` where the value is no list of records that have most of their fields in common.
    /// - Parameter rowLimit: of more rows the middle is left out.
    public init?(_ value: Value, rowLimit: Int) {
        guard let list = value.asList, list.count >= 1, list.elements[0].asRecord != nil else { return nil }
        let shown = TableText.shown(list.count, limit: rowLimit)
        let records = shown.compactMap { list.elements[$0].asRecord }
        guard records.count == shown.count, let names = TableText.names(records) else { return nil }
        let columns = names.map { Column($0, records, widest: Self.widestCell) }
        self.init(
            columns: names, rows: records.indices.map { row in columns.map { $0.cells[row + 1] } },
            isNumber: columns.map(\.isNumber), omittedRows: list.count - shown.count)
    }

    /// The position among the shown rows before which some are left out.
    public var omissionIndex: Int { (rows.count + 1) / 2 }
}

/// One field of all the records that are shown, below its name.
private struct Column {
    let name: String
    /// The name first.
    let cells: [String]
    let width: Int
    /// Numbers stand at the right.
    let isNumber: Bool

    init(_ name: String, _ records: [RecordObject], widest: Int) {
        self.name = name
        let values = records.map { $0[name] }
        let numbers = values.compactMap { $0?.asDouble }
        isNumber = !numbers.isEmpty && values.allSatisfy { $0.map { $0.isNull || $0.asDouble != nil } ?? true }
        let isWhole = values.allSatisfy { $0?.asInt != nil || $0?.asDouble == nil }
        let decimals = isNumber && !isWhole ? Column.decimals(numbers) : nil
        let texts = [ValueWriter.isName(name) ? name : Column.plain(name)]
            + values.map { $0.map { Column.cell($0, decimals) } ?? "" }
        cells = texts.map { Column.cut($0, widest) }
        width = cells.map(\.columns).max() ?? 0
    }

    /// Digits behind the point that suit all of a column's numbers: six significant ones for the largest, no more than
    /// the others need; `nil` where one number would lose what it says.
    private static func decimals(_ numbers: [Double]) -> Int? {
        let finite = numbers.filter(\.isFinite)
        var needed = 1
        for number in finite {
            let text = significant(number)
            if text.contains("e") { return nil }
            needed = max(needed, text.split(separator: ".").dropFirst().first?.count ?? 1)
        }
        let largest = finite.map(\.magnitude).max() ?? 0
        let whole = largest < 1 ? 0 : significant(largest).prefix { $0 != "." && $0 != "-" }.count
        let decimals = min(needed, max(1, 6 - whole))
        let smallest = finite.map(\.magnitude).filter { $0 > 0 }.min() ?? 1
        return smallest < Maths.power(10, Double(1 - decimals)) && needed > decimals ? nil : decimals
    }

    private static func significant(_ number: Double) -> String {
        (try? Formatter.format(.float(number), ".6g")) ?? Printer.number(number)
    }

    private static func cell(_ value: Value, _ decimals: Int?) -> String {
        switch value {
        case .float(let number) where decimals == nil: return significant(number)
        case .float, .int:
            guard let decimals, let number = value.asDouble, number.isFinite else { return Printer.short(value) }
            return (try? Formatter.format(.float(number), ".\(decimals)f")) ?? Printer.short(value)
        default: return value.asString.map(plain) ?? Printer.short(value)
        }
    }

    /// A text as it is, unless it would break the line.
    private static func plain(_ text: String) -> String {
        let beginning = text.unicodeScalars.prefix(200)
        let breaks = beginning.contains { $0.value < 32 || $0.value == 127 || $0.value == 0x2028 || $0.value == 0x85 }
        guard breaks || text.utf8.count > 2000 else { return text }
        return ValueWriter.quoted(String(String.UnicodeScalarView(beginning)), limit: 200)
    }

    private static func cut(_ text: String, _ widest: Int) -> String {
        text.columns <= widest ? text : text.prefix(columns: max(1, widest - 3)) + "..."
    }
}
