/// Up and Down through earlier entries. With text before the cursor only entries that begin with it are shown, and what
/// was being typed comes back after the newest.
package struct HistoryNavigator {
    /// Oldest first.
    package private(set) var entries: [String] = []
    private var position = 0
    private var draft = ""
    private var prefix = ""
    private var shown: String?

    package init() {}

    package mutating func add(_ entry: String) {
        if entry != entries.last { entries.append(entry) }
        begin()
    }

    /// A new line is about to be typed.
    package mutating func begin() {
        position = entries.count
        shown = nil
    }

    /// Whether the text is an entry that Up or Down has brought.
    package func isShowing(_ buffer: EditBuffer) -> Bool { shown == buffer.text }

    /// The entry before; nil where there is none.
    package mutating func older(_ buffer: EditBuffer) -> String? {
        if shown != buffer.text {
            begin()
            draft = buffer.text
            prefix = String(buffer.text[..<buffer.cursor])
            if prefix.allSatisfy(\.isWhitespace) { prefix = "" }
        }
        return show(entries[..<position].lastIndex { $0.hasPrefix(prefix) && $0 != buffer.text })
    }

    /// The entry after, in the end what was being typed; nil where nothing was recalled.
    package mutating func newer(_ buffer: EditBuffer) -> String? {
        guard shown == buffer.text, position < entries.count else { return nil }
        if let found = show(entries[(position + 1)...].firstIndex { $0.hasPrefix(prefix) && $0 != buffer.text }) {
            return found
        }
        begin()
        return draft
    }

    private mutating func show(_ index: Int?) -> String? {
        guard let index else { return nil }
        position = index
        shown = entries[index]
        return shown
    }
}
