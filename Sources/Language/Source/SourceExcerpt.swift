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
                offset: source.offsetInLine(of: column.start), width: renderer.maximumLineWidth)
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

/// A source line as it is shown: tabs as spaces, nothing that moves the cursor, a long line cut around a place. Takes no
/// more time for a line of a megabyte.
private struct DisplayedLine {
    private(set) var text = ""
    /// How many characters are cut away at the beginning.
    private let first: Int
    /// The column each shown character starts at, and the end.
    private var starts: [Int] = []

    /// - Parameters:
    ///   - place: the number of a character of the line.
    ///   - offset: where it stands among the line's bytes.
    init(_ line: String, around place: Int, offset: Int, width: Int) {
        var index = line.utf8.index(line.startIndex, offsetBy: max(0, min(offset, line.utf8.count)))
        // The sign that is meant may be a part of a character.
        while index > line.startIndex, String.Index(index, within: line) == nil {
            index = line.unicodeScalars.index(before: index)
        }
        var (start, count) = Self.before(index, in: line, columns: width - 20)
        if start > line.startIndex { (start, count) = Self.before(index, in: line, columns: width / 2) }
        first = place - count
        var column = 0
        while start < line.endIndex {
            let piece = Self.shown(line[start])
            guard column + piece.displayWidth <= width else { break }
            starts.append(column)
            text += piece
            column += piece.displayWidth
            start = line.index(after: start)
        }
        starts.append(column)
    }

    /// As many characters before a place as fit.
    private static func before(_ index: String.Index, in line: String, columns: Int) -> (start: String.Index, count: Int) {
        var (start, count, left) = (index, 0, columns)
        while start > line.startIndex {
            let previous = line.index(before: start)
            left -= shown(line[previous]).displayWidth
            guard left >= 0 else { break }
            start = previous
            count += 1
        }
        return (start, count)
    }

    private static func shown(_ character: Character) -> String {
        if character == "\t" { return "    " }
        let isControl = character.unicodeScalars.allSatisfy { $0.value < 32 || $0.value == 127 }
        return isControl ? "\u{FFFD}" : String(character)
    }

    /// The columns shown before a character of the line.
    func columns(before place: Int) -> Int { starts[max(0, min(place - first, starts.count - 1))] }
}
