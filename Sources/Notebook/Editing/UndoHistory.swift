/// What the text was before, step by step. Letters typed one after the other are one step, up to the end of a word.
struct UndoHistory {
    private var steps: [EditBuffer] = []
    private var latest = EditBuffer()
    private var isTyping = false

    mutating func begin(_ buffer: EditBuffer) { (steps, latest, isTyping) = ([], buffer, false) }

    /// Told of the text before each key is waited for.
    mutating func note(_ buffer: EditBuffer) {
        defer { latest = buffer }
        guard buffer.text != latest.text else { return }
        let added = buffer.text.utf8.count - latest.text.utf8.count
        let isWord = buffer.offset == latest.offset + added && added > 0 && added <= 4
            && buffer.text[..<buffer.cursor].last?.isWordPart == true
        if !(isWord && isTyping) { steps.append(latest) }
        isTyping = isWord
    }

    /// One step back; nil at the first.
    mutating func undo() -> EditBuffer? {
        isTyping = false
        guard let step = steps.popLast() else { return nil }
        latest = step
        return step
    }
}
