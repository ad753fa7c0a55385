/// Lines of a source with what is underlined in them.
struct SourceExcerpt {
    private struct Underline {
        var span: SourceSpan
        var sign: Character
        var label: String
    }

    let source: Source
    private var underlines: [Underline] = []

    init(_ source: Source) { self.source = source }

    mutating func add(_ span: SourceSpan, _ sign: Character, _ label: String) {
        underlines.append(Underline(span: span, sign: sign, label: label))
    }

    var lastLine: Int { underlines.map { source.lineNumber(of: $0.span.start) }.max() ?? 1 }

    /// Where the first underlined text stands.
    var place: String { underlines.first.map { DiagnosticRenderer.place(source, $0.span) } ?? source.name }

    /// Each line once, in order, what is underlined in it below; `...` where lines are left out.
    func lines(digits: Int, renderer: DiagnosticRenderer) -> [String] {
        let grouped = Dictionary(grouping: underlines) { source.lineNumber(of: $0.span.start) }
        let margin = String(repeating: " ", count: digits)
        var result: [String] = []
        var previous: Int?
        for (number, underlines) in grouped.sorted(by: { $0.key < $1.key }) {
            if let previous, number > previous + 1 { result.append(renderer.paint("...", .margin)) }
            previous = number
            let column = underlines[0].sign == "^" ? underlines[0].span : underlines.last?.span ?? underlines[0].span
            let row = DisplayedLine(
                source.line(number), around: source.position(of: column.start).column - 1,
                width: renderer.maximumLineWidth)
            let label = String(repeating: " ", count: digits - String(number).count) + String(number)
            result.append(renderer.paint("\(label) | ", .margin) + row.text)
            for underline in underlines {
                let style: DiagnosticRenderer.Style = underline.sign == "^" ? .error : .margin
                let (padding, signs) = pointer(underline, row)
                let hint = underline.label.isEmpty ? "" : " " + underline.label
                result.append(renderer.paint("\(margin) | ", .margin) + padding + renderer.paint(signs + hint, style))
            }
        }
        return result
    }

    private func pointer(_ underline: Underline, _ row: DisplayedLine) -> (padding: String, signs: String) {
        let start = source.position(of: underline.span.start).column - 1
        let covered = source.text(of: underline.span).prefix { !$0.isNewline }.count
        let first = row.columns(before: start)
        let width = max(1, row.columns(before: start + covered) - first)
        return (String(repeating: " ", count: first), String(repeating: underline.sign, count: width))
    }
}

/// A source line as it is shown: tabs as spaces, nothing that moves the cursor, a long line cut around a place.
private struct DisplayedLine {
    let text: String
    /// The column each character of the source line starts at, and the end; places that are cut away at the ends.
    private let starts: [Int]

    init(_ line: String, around place: Int, width: Int) {
        let pieces = line.map { character -> String in
            if character == "\t" { return "    " }
            let isControl = character.unicodeScalars.allSatisfy { $0.value < 32 || $0.value == 127 }
            return isControl ? "\u{FFFD}" : String(character)
        }
        let place = min(place, pieces.count)
        let widths = pieces.map(\.displayWidth)
        var first = 0
        if widths[..<place].reduce(0, +) > width - 20 {
            first = place
            var before = 0
            while first > 0, before + widths[first - 1] <= width / 2 {
                first -= 1
                before += widths[first]
            }
        }
        var starts = [Int](repeating: 0, count: first)
        var shown = ""
        var column = 0
        for index in first..<pieces.count {
            starts.append(column)
            guard column + widths[index] <= width else { continue }
            shown += pieces[index]
            column += widths[index]
        }
        starts.append(column)
        text = shown
        self.starts = starts
    }

    /// The columns shown before a character of the line.
    func columns(before place: Int) -> Int { starts[min(place, starts.count - 1)] }
}
