import Language

/// The text that is being edited, which may have several lines, and where the cursor stands in it. Positions are those
/// of whole characters, so that an accent or half an emoji is never left behind.
package struct EditBuffer: Equatable {
    package private(set) var text: String
    package private(set) var cursor: String.Index

    /// - Parameter cursor: an offset in UTF-8 bytes; nil for the end. Moved back to the start of its character.
    package init(_ text: String = "", cursor: Int? = nil) {
        self.text = text
        let limit = min(max(cursor ?? text.utf8.count, 0), text.utf8.count)
        let end = text.utf8.index(text.startIndex, offsetBy: limit)
        guard end < text.endIndex else {
            self.cursor = text.endIndex
            return
        }
        // From the start of the line, because only whole characters can be counted.
        let newline = text.utf8[..<end].lastIndex(of: UInt8(ascii: "\n"))
        var index = newline.map { text.utf8.index(after: $0) } ?? text.startIndex
        while index < end {
            let next = text.index(after: index)
            guard next <= end else { break }
            index = next
        }
        self.cursor = index
    }

    /// In UTF-8 bytes.
    package var offset: Int { text.utf8.distance(from: text.startIndex, to: cursor) }

    package var isAtStart: Bool { cursor == text.startIndex }
    package var isAtEnd: Bool { cursor == text.endIndex }

    // MARK: Lines

    package var lineStart: String.Index {
        text[..<cursor].lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
    }

    package var lineEnd: String.Index { text[cursor...].firstIndex(of: "\n") ?? text.endIndex }
    /// What stands before the cursor on its line.
    package var lineBefore: Substring { text[lineStart..<cursor] }
    package var isOnFirstLine: Bool { lineStart == text.startIndex }
    package var isOnLastLine: Bool { lineEnd == text.endIndex }

    // MARK: Moving

    package mutating func move(to index: String.Index) { cursor = index }

    /// - Returns: false at the end of the text.
    package mutating func moveRight() -> Bool {
        guard !isAtEnd else { return false }
        cursor = text.index(after: cursor)
        return true
    }

    /// - Returns: false at the start of the text.
    package mutating func moveLeft() -> Bool {
        guard !isAtStart else { return false }
        cursor = text.index(before: cursor)
        return true
    }

    /// To the same column of the line above; false on the first line.
    package mutating func moveUp(column: Int) -> Bool {
        guard !isOnFirstLine else { return false }
        cursor = text.index(before: lineStart)
        place(column)
        return true
    }

    /// To the same column of the line below; false on the last line.
    package mutating func moveDown(column: Int) -> Bool {
        guard !isOnLastLine else { return false }
        cursor = text.index(after: lineEnd)
        place(column)
        return true
    }

    /// The cursor's column, in columns of the terminal.
    package var column: Int { lineBefore.columns }

    private mutating func place(_ column: Int) {
        let end = lineEnd
        var width = 0
        cursor = lineStart
        while cursor < end {
            width += text[cursor].columns
            guard width <= column else { return }
            cursor = text.index(after: cursor)
        }
    }

    /// The start of the word before the cursor.
    package var wordStart: String.Index {
        var index = cursor
        while index > text.startIndex, !text[text.index(before: index)].isWordPart { index = text.index(before: index) }
        while index > text.startIndex, text[text.index(before: index)].isWordPart { index = text.index(before: index) }
        return index
    }

    /// The end of the word after the cursor.
    package var wordEnd: String.Index {
        var index = cursor
        while index < text.endIndex, !text[index].isWordPart { index = text.index(after: index) }
        while index < text.endIndex, text[index].isWordPart { index = text.index(after: index) }
        return index
    }

    // MARK: Changing

    package mutating func insert(_ new: String) {
        let offset = self.offset + new.utf8.count
        text.insert(contentsOf: new, at: cursor)
        self = EditBuffer(text, cursor: offset)
    }

    /// Takes the text between the cursor and `index` out.
    /// - Returns: what was taken.
    @discardableResult
    package mutating func delete(to index: String.Index) -> String {
        let range = min(index, cursor)..<max(index, cursor)
        let offset = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
        let taken = String(text[range])
        text.removeSubrange(range)
        self = EditBuffer(text, cursor: offset)
        return taken
    }
}

extension Character {
    var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
