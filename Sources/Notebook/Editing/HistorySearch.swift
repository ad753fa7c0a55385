/// Ctrl-R: every letter narrows the search, Ctrl-R again goes further back. Upper and lower case are the same unless an
/// upper-case letter was typed.
package struct HistorySearch {
    private let entries: [String]
    /// What was being typed before.
    package let original: EditBuffer
    package private(set) var query = ""
    /// Whether the last step found something.
    package private(set) var isFound = true
    private var position: Int
    private var match: (index: Int, offset: Int)?

    package init(_ entries: [String], from original: EditBuffer) {
        self.entries = entries
        self.original = original
        position = entries.count - 1
    }

    /// The entry found, the cursor where the query is; without one what was being typed.
    package var buffer: EditBuffer {
        match.map { EditBuffer(entries[$0.index], cursor: $0.offset) } ?? original
    }

    package mutating func type(_ text: String) {
        query += text
        find(from: match?.index ?? entries.count - 1, step: -1)
    }

    package mutating func deleteBack() {
        guard !query.isEmpty else { return }
        query.removeLast()
        match = nil
        if query.isEmpty { isFound = true } else { find(from: entries.count - 1, step: -1) }
    }

    package mutating func older() { findAnother(step: -1) }
    package mutating func newer() { findAnother(step: +1) }

    /// Entries equal to the one shown are passed over.
    private mutating func findAnother(step: Int) {
        guard !query.isEmpty else { return }
        guard let match else { return find(from: entries.count - 1, step: step) }
        var index = match.index + step
        while entries.indices.contains(index), entries[index] == entries[match.index] { index += step }
        find(from: index, step: step)
    }

    private mutating func find(from start: Int, step: Int) {
        let exact = query.contains(where: \.isUppercase)
        let wanted = Array((exact ? query : query.lowercased()).utf8)
        var index = start
        while entries.indices.contains(index) {
            let entry = exact ? entries[index] : entries[index].lowercased()
            if let offset = Self.offset(of: wanted, in: entry) {
                match = (index, offset)
                isFound = true
                return
            }
            index += step
        }
        isFound = false
    }

    private static func offset(of wanted: [UInt8], in text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
        return (0...(bytes.count - wanted.count)).first { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
