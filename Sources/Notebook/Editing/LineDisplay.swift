import Language

/// Keeps the screen in step with the text that is being edited. It remembers what it has drawn and gives the bytes that
/// turn that into what is wanted now; it needs no more of a terminal than ECMA-48's cursor movements.
package struct LineDisplay {
    package enum Phase: Int32 {
        /// While keys are read.
        case live
        /// The text is whole: it is left on the screen, and the cursor goes below it.
        case accepted
        /// Ctrl-C: likewise, marked with `^C`.
        case interrupted
        /// The window has another size.
        case resized
        /// The screen was written to by others: draws all of it below.
        case anew
        /// From the top of an empty screen.
        case cleared
    }

    private let hasColour: Bool
    private let nextPrompt: String
    package var prompt = ""
    private var shown: [ScreenRow] = []
    private var cursorRow = 0
    private var top = 0

    /// Longer texts are shown without colours, so that typing stays quick.
    private static let colouredBytes = 32_768

    package init(hasColour: Bool, nextPrompt: String) {
        self.hasColour = hasColour
        self.nextPrompt = nextPrompt
    }

    package mutating func begin(prompt: String) {
        self.prompt = prompt
        forget()
    }

    private mutating func forget() {
        (shown, cursorRow, top) = ([], 0, 0)
    }

    /// - Parameters:
    ///   - footer: lines shown below the text, cut to the window.
    ///   - size: the window's columns and rows.
    package mutating func draw(
        _ buffer: EditBuffer, footer: [String] = [], size: (columns: Int, rows: Int), phase: Phase = .live
    ) -> String {
        switch phase {
        case .live: return update(frame(buffer, footer, size))
        case .accepted: return leave(buffer, size, mark: "")
        case .interrupted: return leave(buffer, size, mark: "^C")
        case .resized:
            let start = goToTop(columns: size.columns)
            forget()
            return start + "\u{1B}[J" + update(frame(buffer, footer, size))
        case .anew:
            forget()
            return "\r\u{1B}[J" + update(frame(buffer, footer, size))
        case .cleared:
            forget()
            return "\u{1B}[H\u{1B}[2J" + update(frame(buffer, footer, size))
        }
    }

    // MARK: What is wanted

    private struct Frame {
        var rows: [ScreenRow]
        var cursorRow: Int
        var cursorColumn: Int
    }

    /// What fits the window: of the text the rows around the cursor, of the footer what is left.
    private mutating func frame(_ buffer: EditBuffer, _ footer: [String], _ size: (columns: Int, rows: Int)) -> Frame {
        let height = max(size.rows, 2)
        let layout = layout(buffer, size.columns, matches: true, around: height)
        let footerHeight = min(footer.count, max(1, height - layout.rows.count))
        let textHeight = height - footerHeight
        if layout.cursorRow < top { top = layout.cursorRow }
        if layout.cursorRow >= top + textHeight { top = layout.cursorRow - textHeight + 1 }
        top = max(0, min(top, layout.rows.count - textHeight))
        var rows = Array(layout.rows[top..<min(layout.rows.count, top + textHeight)])
        rows += Self.cut(footer, to: footerHeight).map { footerRow($0, columns: size.columns) }
        return Frame(rows: rows, cursorRow: layout.cursorRow - top, cursorColumn: layout.cursorColumn)
    }

    /// As many lines as there is room for; where some are left out, the last says so.
    private static func cut(_ lines: [String], to height: Int) -> [String] {
        guard lines.count > height else { return lines }
        return lines.prefix(height - 1) + ["... \(lines.count - height + 1) more lines"]
    }

    private func footerRow(_ line: String, columns: Int) -> ScreenRow {
        var row = ScreenRow()
        for character in line {
            guard row.width + character.columns < columns else { break }
            row.text.append(character)
            row.width += character.columns
        }
        if hasColour { row.text = "\u{1B}[\(SyntaxColours.hint)m\(row.text)\u{1B}[0m" }
        return row
    }

    /// - Parameter around: lay out only this many lines above and below the cursor's; nil for all.
    private func layout(_ buffer: EditBuffer, _ columns: Int, matches: Bool, around: Int?) -> ScreenLayout {
        var (visible, first) = (buffer, true)
        var styles: [(span: SourceSpan, code: String)] = []
        if hasColour, buffer.text.utf8.count <= Self.colouredBytes {
            styles = CodeStyles.of(buffer, marksBracket: matches)
        } else if let around {
            (visible, first) = buffer.lines(around: around)
        }
        return ScreenLayout(
            visible, styles: styles, prompts: (first ? prompt : nextPrompt, nextPrompt),
            promptStyle: hasColour ? SyntaxColours.prompt : nil, columns: columns)
    }

    // MARK: What to write

    /// Rewrites the rows that differ and puts the cursor in its place.
    private mutating func update(_ frame: Frame) -> String {
        var out = ""
        var at = cursorRow
        var existing = max(shown.count, 1)
        func go(to row: Int) {
            let reachable = min(row, existing - 1)
            if reachable < at { out += "\u{1B}[\(at - reachable)A" }
            if reachable > at { out += "\u{1B}[\(reachable - at)B" }
            if row > reachable { out += String(repeating: "\r\n", count: row - reachable) }
            existing = max(existing, row + 1)
            at = row
        }
        for (index, row) in frame.rows.enumerated() where index >= shown.count || shown[index] != row {
            go(to: index)
            out += "\r" + row.text + (index < shown.count && row.width < shown[index].width ? "\u{1B}[K" : "")
        }
        if shown.count > frame.rows.count {
            go(to: frame.rows.count)
            out += "\r\u{1B}[J"
        }
        go(to: frame.cursorRow)
        out += "\r" + (frame.cursorColumn > 0 ? "\u{1B}[\(frame.cursorColumn)C" : "")
        (shown, cursorRow) = (frame.rows, frame.cursorRow)
        return out
    }

    private mutating func leave(_ buffer: EditBuffer, _ size: (columns: Int, rows: Int), mark: String) -> String {
        let layout = layout(buffer, size.columns, matches: false, around: nil)
        let end = layout.rows.count - 1
        var out = ""
        if layout.rows.count > size.rows || top > 0 {
            out = goToTop(columns: size.columns) + "\u{1B}[J"
            forget()
        }
        out += update(Frame(rows: layout.rows, cursorRow: end, cursorColumn: layout.rows[end].width))
        forget()
        return out + mark + "\r\n"
    }

    /// Back to the first row that was drawn. Where the window got narrower most terminals have folded what was there.
    private func goToTop(columns: Int) -> String {
        let above = shown.prefix(cursorRow).reduce(0) { $0 + max(1, ($1.width + columns - 1) / max(columns, 1)) }
        return (above > 0 ? "\u{1B}[\(above)A" : "") + "\r"
    }
}

extension EditBuffer {
    /// The lines from `count` above to `count` below the cursor's, and whether the first line is among them.
    fileprivate func lines(around count: Int) -> (EditBuffer, isFirst: Bool) {
        var start = lineStart
        for _ in 0..<count where start > text.startIndex {
            let newline = text.index(before: start)
            start = text[..<newline].lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
        }
        var end = lineEnd
        for _ in 0..<count where end < text.endIndex {
            end = text[text.index(after: end)...].firstIndex(of: "\n") ?? text.endIndex
        }
        let skipped = text.utf8.distance(from: text.startIndex, to: start)
        return (EditBuffer(String(text[start..<end]), cursor: offset - skipped), start == text.startIndex)
    }
}
