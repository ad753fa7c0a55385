/// The commands that move the cursor and change the text.
extension BlockEditor {
    func edit(_ command: EditCommand, _ buffer: inout EditBuffer, moreWaits: Bool) {
        switch command {
        case .left: _ = buffer.moveLeft()
        case .right: _ = buffer.moveRight()
        case .wordLeft: buffer.move(to: buffer.wordStart)
        case .wordRight: buffer.move(to: buffer.wordEnd)
        case .lineStart: moveToLineStart(&buffer)
        case .lineEnd: buffer.move(to: buffer.lineEnd)
        case .textStart: buffer.move(to: buffer.text.startIndex)
        case .textEnd: buffer.move(to: buffer.text.endIndex)
        case .newLine: beginLine(&buffer, isIndented: true)
        case .closeBracket(let bracket): close(bracket, &buffer, isPasted: moreWaits && !hasIndented)
        case .deleteBack: deleteBack(&buffer)
        case .deleteForward, .deleteOrLeave:
            if !buffer.isAtEnd { buffer.delete(to: buffer.text.index(after: buffer.cursor)) }
        case .deleteWordBack: cut = buffer.delete(to: buffer.wordStart)
        case .deleteWordForward: cut = buffer.delete(to: buffer.wordEnd)
        case .cutToLineEnd:
            // At the end of a line it takes the line end, as in Emacs.
            let end = buffer.lineEnd
            cut = buffer.delete(to: end > buffer.cursor || buffer.isAtEnd ? end : buffer.text.index(after: end))
        case .cutToLineStart: cut = buffer.delete(to: buffer.lineStart)
        case .paste: buffer.insert(cut)
        case .undo:
            if let before = undoing.undo() { buffer = before }
        case .swap: swap(&buffer)
        default: break
        }
    }

    /// To the first letter of the line, and from there to its very start.
    private func moveToLineStart(_ buffer: inout EditBuffer) {
        let start = buffer.lineStart
        let letter = buffer.text[start..<buffer.lineEnd].firstIndex { $0 != " " } ?? start
        buffer.move(to: buffer.cursor == letter ? start : letter)
    }

    /// A bracket that is the first of its line goes back to where the line of its opening one begins.
    private func close(_ bracket: Character, _ buffer: inout EditBuffer, isPasted: Bool) {
        let before = buffer.lineBefore
        if !isPasted, !before.isEmpty, !buffer.isOnFirstLine, before.allSatisfy({ $0 == " " }),
            let indentation = Indentation.ofClosing(after: String(buffer.text[..<buffer.cursor]))
        {
            buffer.delete(to: buffer.lineStart)
            buffer.insert(indentation)
        }
        buffer.insert(String(bracket))
    }

    /// Within the indentation a whole step goes.
    private func deleteBack(_ buffer: inout EditBuffer) {
        guard !buffer.isAtStart else { return }
        let before = buffer.lineBefore
        var count = 1
        if !before.isEmpty, before.allSatisfy({ $0 == " " }) {
            count = (before.count - 1) % Indentation.step + 1
        }
        buffer.delete(to: buffer.text.index(buffer.cursor, offsetBy: -count))
    }

    /// Swaps the characters around the cursor; at the end of a line the two before it.
    private func swap(_ buffer: inout EditBuffer) {
        if buffer.cursor == buffer.lineEnd, buffer.lineBefore.count > 1 { _ = buffer.moveLeft() }
        guard !buffer.lineBefore.isEmpty, buffer.cursor < buffer.lineEnd else { return }
        let taken = buffer.delete(to: buffer.text.index(after: buffer.cursor))
        _ = buffer.moveLeft()
        buffer.insert(taken)
        _ = buffer.moveRight()
    }
}
