/// What a terminal shows after the bytes that were written to it: as much of ECMA-48 as the program uses. Colours are
/// read over; a sequence that is not known is noted.
public struct TerminalScreen {
    public let columns: Int
    public let rows: Int
    public private(set) var row = 0
    public private(set) var column = 0
    /// Sequences without a meaning here.
    public private(set) var unknown: [String] = []
    private var cells: [[String]]
    /// Rows that have left the screen at the top.
    private var scrolled: [String] = []

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// The rows of the screen without the spaces at their ends.
    public var lines: [String] { cells.map(Self.text) }

    /// The rows up to the last that is not empty, with those that were scrolled off.
    public var text: String {
        var all = scrolled + lines
        while all.last?.isEmpty == true { all.removeLast() }
        return all.joined(separator: "\n")
    }

    private static func text(_ cells: [String]) -> String {
        var line = cells.joined()
        while line.last == " " { line.removeLast() }
        return line
    }

    public mutating func write(_ text: String) {
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\r": column = 0
            case "\n": feedLine()
            case "\u{8}": column = max(0, column - 1)
            case "\u{7}": break
            case "\u{1B}": escape(&scalars)
            default: put(scalar)
            }
        }
    }

    private mutating func feedLine() {
        guard row == rows - 1 else { return row += 1 }
        scrolled.append(Self.text(cells.removeFirst()))
        cells.append(Array(repeating: " ", count: columns))
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = Self.width(scalar)
        if width == 0 {
            if column > 0 { cells[row][column - 1].unicodeScalars.append(scalar) }
            return
        }
        // A full row is left only when something more is written.
        if column + width > columns {
            column = 0
            feedLine()
        }
        cells[row][column] = String(scalar)
        if width == 2 { cells[row][column + 1] = "" }
        column += width
    }

    /// Enough for the tests: accents, CJK and emoji.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x300...0x36F, 0x200D, 0xFE0F: 0
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xFF01...0xFF60, 0x1F300...0x1FAFF: 2
        default: 1
        }
    }

    private mutating func escape(_ scalars: inout ArraySlice<Unicode.Scalar>) {
        guard scalars.first == "[" else { return unknown.append(scalars.popFirst().map { "\($0)" } ?? "") }
        scalars.removeFirst()
        var parameters = ""
        while let next = scalars.popFirst() {
            if next.value >= 0x40 { return act(next, parameters) }
            parameters.unicodeScalars.append(next)
        }
    }

    private mutating func act(_ final: Unicode.Scalar, _ parameters: String) {
        let count = Int(parameters) ?? 1
        switch final {
        case "A": row = max(0, row - count)
        case "B": row = min(rows - 1, row + count)
        case "C": column = min(columns - 1, column + count)
        case "D": column = max(0, column - count)
        case "H" where parameters.isEmpty: (row, column) = (0, 0)
        case "K" where parameters.isEmpty: erase(row, from: min(column, columns - 1))
        case "J" where parameters.isEmpty:
            erase(row, from: min(column, columns - 1))
            for below in row + 1..<max(rows, row + 1) { erase(below, from: 0) }
        case "J" where parameters == "2": for each in 0..<rows { erase(each, from: 0) }
        case "m", "h", "l": break
        default: unknown.append(parameters + String(final))
        }
    }

    private mutating func erase(_ row: Int, from start: Int) {
        for column in start..<columns { cells[row][column] = " " }
    }
}
