/// A grid of character cells, each with two by four dots of its own and one colour. Rows and dots count from the top.
struct BrailleCanvas {
    let columns: Int
    let rows: Int
    private var dots: [UInt8]
    /// What is written over the dots of a cell.
    private var characters: [Character?]
    private var colours: [SeriesStyle.Colour?]
    private var grounds: [SeriesStyle.Colour?]

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        dots = Array(repeating: 0, count: columns * rows)
        characters = Array(repeating: nil, count: columns * rows)
        colours = Array(repeating: nil, count: columns * rows)
        grounds = colours
    }

    var dotColumns: Int { 2 * columns }
    var dotRows: Int { 4 * rows }

    /// The bits of U+2800 and on: the left column's dots from the top, then the right one's.
    private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// Sets a dot; one outside the canvas is left out.
    mutating func setDot(x: Int, y: Int, colour: SeriesStyle.Colour?) {
        guard x >= 0, x < dotColumns, y >= 0, y < dotRows else { return }
        let cell = (y / 4) * columns + x / 2
        dots[cell] |= Self.bits[x % 2][y % 4]
        if let colour { colours[cell] = colour }
    }

    /// Writes a character into a cell, over its dots.
    mutating func write(
        _ character: Character, column: Int, row: Int, colour: SeriesStyle.Colour?, ground: SeriesStyle.Colour? = nil
    ) {
        guard column >= 0, column < columns, row >= 0, row < rows else { return }
        characters[row * columns + column] = character
        colours[row * columns + column] = colour
        grounds[row * columns + column] = ground
    }

    /// A straight line between two points in dots, of which those are drawn that the dash says.
    /// - Parameter phase: dots along the line so far; it goes on through the points of a series.
    mutating func drawLine(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), colour: SeriesStyle.Colour?,
        dash: SeriesStyle.Dash, phase: inout Int
    ) {
        let steps = max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)).rounded(.up)))
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            if dash.isDrawn(at: phase + step) {
                setDot(
                    x: Int((start.x + (end.x - start.x) * share).rounded()),
                    y: Int((start.y + (end.y - start.y) * share).rounded()), colour: colour)
            }
        }
        phase += steps
    }

    /// The rows as text.
    func lines(hasColour: Bool) -> [String] {
        (0..<rows).map { row in
            var text = ColouredText(hasColour: hasColour)
            for cell in (row * columns)..<((row + 1) * columns) {
                text.append(character(cell), colour: colours[cell], ground: grounds[cell])
            }
            return text.finish()
        }
    }

    private func character(_ cell: Int) -> Character {
        if let character = characters[cell] { return character }
        guard dots[cell] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) else { return " " }
        return Character(scalar)
    }
}

extension SeriesStyle.Dash {
    /// Whether the dot at a distance along the line is drawn.
    fileprivate func isDrawn(at distance: Int) -> Bool {
        switch self {
        case .solid: true
        case .long: distance % 10 < 7
        case .short: distance % 4 < 2
        case .dashDot: ![7, 8, 10, 11].contains(distance % 12)
        }
    }
}

/// Text with colours of the 256 that terminals have; the escape sequences stand only where the colour changes.
struct ColouredText {
    private let hasColour: Bool
    private var text = ""
    private var current: (Int?, Int?) = (nil, nil)

    init(hasColour: Bool) { self.hasColour = hasColour }

    mutating func append(
        _ character: Character, colour: SeriesStyle.Colour? = nil, ground: SeriesStyle.Colour? = nil
    ) {
        let wanted = hasColour ? (colour?.terminalIndex, ground?.terminalIndex) : (nil, nil)
        if wanted != current {
            text += "\u{1B}[0"
            if let colour = wanted.0 { text += ";38;5;\(colour)" }
            if let ground = wanted.1 { text += ";48;5;\(ground)" }
            text += "m"
            current = wanted
        }
        text.append(character)
    }

    mutating func append(_ words: String, colour: SeriesStyle.Colour? = nil) {
        for character in words { append(character, colour: colour) }
    }

    /// The text, back in the terminal's own colour, without blanks at its end.
    mutating func finish() -> String {
        if current != (nil, nil) { text += "\u{1B}[0m" }
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension SeriesStyle.Colour {
    /// The nearest of the terminal's 6 x 6 x 6 cube of colours or of its greys.
    var terminalIndex: Int {
        let parts = [16, 8, 0].map { Int((rgb >> UInt32($0)) & 0xFF) }
        let levels = [0, 95, 135, 175, 215, 255]
        func nearest(_ value: Int) -> Int { levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) }! }
        let cube = parts.map(nearest)
        let grey = min(max((parts.reduce(0, +) / 3 - 8 + 5) / 10, 0), 23)
        func distance(_ other: [Int]) -> Int { zip(parts, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
        let isGrey = distance(Array(repeating: 8 + 10 * grey, count: 3)) < distance(cube.map { levels[$0] })
        return isGrey ? 232 + grey : 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
    }
}
