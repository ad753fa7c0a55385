/// A figure in characters: lines and points as dots of braille, bars as blocks, matrices as cells of colour. Finer than
/// what gnuplot's own terminal of characters draws: eight dots to a character.
public struct CharacterPicture {
    private let columns: Int
    private let hasColour: Bool

    static let narrowestPanel = 40

    /// - Parameters:
    ///   - columns: no line is longer; 20 or more.
    ///   - hasColour: 256 colours, by ANSI escapes.
    public init(columns: Int, hasColour: Bool) {
        self.columns = max(columns, 20)
        self.hasColour = hasColour
    }

    /// The figure's lines. Panels stand side by side where there is room.
    /// - Parameter rows: of the axes of a figure without panels; 3 or more.
    /// - Throws: `PlotError.invalidFigure`, `PlotError.interrupted`.
    public func text(_ figure: Figure, rows: Int) throws(PlotError) -> String {
        try figure.validate()
        return try lines(figure, rows: max(rows, 3)).joined(separator: "\n")
    }

    private func lines(_ figure: Figure, rows: Int) throws(PlotError) -> [String] {
        guard !figure.panels.isEmpty else {
            return try PanelPicture(figure, columns: columns, rows: rows, hasColour).lines()
        }
        let across = max(1, min(figure.gridColumns, columns / Self.narrowestPanel))
        let width = (columns - 2 * (across - 1)) / across
        let picture = CharacterPicture(columns: width, hasColour: hasColour)
        var panels: [[String]] = []
        for panel in figure.panels { panels.append(try picture.lines(panel, rows: max(rows * 2 / 3, 8))) }
        var result = figure.title.isEmpty ? [] : [Self.centred(figure.title, in: columns)]
        for start in stride(from: 0, to: panels.count, by: across) {
            if start > 0 { result.append("") }
            result += Self.sideBySide(Array(panels[start..<min(start + across, panels.count)]), width: width)
        }
        return result
    }

    private static func sideBySide(_ panels: [[String]], width: Int) -> [String] {
        let height = panels.map(\.count).max() ?? 0
        // Axes stand at the same height: what is missing is missing above.
        let even = panels.map { Array(repeating: "", count: height - $0.count) + $0 }
        return (0..<height).map { row in
            var line = ""
            for (index, panel) in even.enumerated() {
                line += panel[row]
                guard index < even.count - 1 else { break }
                line += String(repeating: " ", count: max(0, width + 2 - visibleWidth(panel[row])))
            }
            return line
        }
    }

    static func centred(_ text: String, in columns: Int) -> String {
        String(repeating: " ", count: max(0, (columns - text.count) / 2)) + String(text.prefix(columns))
    }

    /// Characters that are seen: without colours.
    static func visibleWidth(_ text: String) -> Int {
        var (count, isEscape) = (0, false)
        for character in text {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape { count += 1 }
            if isEscape, character == "m" { isEscape = false }
        }
        return count
    }
}
