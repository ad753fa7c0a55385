import Language

/// One row of the screen: what is written there, with its escape sequences, and how many columns that takes.
package struct ScreenRow: Equatable {
    package var text = ""
    package var width = 0
}

/// Lays a text out in rows: prompts before its lines, colours, wide characters whole, long lines folded.
package struct ScreenLayout {
    package private(set) var rows: [ScreenRow] = []
    package private(set) var cursorRow = 0
    package private(set) var cursorColumn = 0
    private let columns: Int
    private var row = ScreenRow()
    private var style: String?

    /// - Parameters:
    ///   - buffer: without lines that cannot be on the screen.
    ///   - styles: the parameters of colours for ranges of bytes, in their order; ranges do not overlap.
    ///   - prompts: what stands before the first line and before the others.
    package init(
        _ buffer: EditBuffer, styles: [(span: SourceSpan, code: String)], prompts: (first: String, next: String),
        promptStyle: String?, columns: Int
    ) {
        self.columns = max(columns, 4)
        put(prompts.first, style: promptStyle)
        let cursor = buffer.offset
        var offset = 0
        var next = 0
        for character in buffer.text {
            while next < styles.count, styles[next].span.end <= offset { next += 1 }
            let code = next < styles.count && styles[next].span.start <= offset ? styles[next].code : nil
            if character == "\n" || character == "\r\n" {
                if offset == cursor { placeCursor() }
                endRow()
                put(prompts.next, style: promptStyle)
            } else {
                put(character, style: code, isCursor: offset == cursor)
            }
            offset += character.utf8.count
        }
        if cursor >= offset { placeCursor() }
        endRow()
    }

    private mutating func put(_ text: String, style: String?) {
        for character in text { put(character, style: style, isCursor: false) }
    }

    private mutating func put(_ character: Character, style: String?, isCursor: Bool) {
        let width = character == "\t" ? 4 : character.columns
        if row.width + width > columns { endRow() }
        if isCursor { placeCursor() }
        paint(style)
        switch character.asciiValue {
        case 9?: row.text += "    "
        case 0x7F?: row.text += "^?"
        case let code? where code < 0x20: row.text += "^" + String(UnicodeScalar(code + 0x40))
        default: row.text.append(character)
        }
        row.width += width
    }

    /// A row that is full has no column for the cursor left: it goes to the next.
    private mutating func placeCursor() {
        if row.width >= columns { endRow() }
        (cursorRow, cursorColumn) = (rows.count, row.width)
    }

    private mutating func paint(_ new: String?) {
        guard new != style else { return }
        if style != nil { row.text += "\u{1B}[0m" }
        if let new { row.text += "\u{1B}[\(new)m" }
        style = new
    }

    private mutating func endRow() {
        paint(nil)
        rows.append(row)
        row = ScreenRow()
    }
}
