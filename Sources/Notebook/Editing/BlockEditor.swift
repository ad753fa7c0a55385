/// What happens between the keyboard and the screen while a block of lines is typed: every key's meaning, the history,
/// and what is shown. It knows no terminal; whoever reads the keys calls it and writes what it says.
package final class BlockEditor {
    package enum Action {
        /// The text goes on.
        case goOn
        /// As `goOn`, and the next key comes here too, letters included.
        case takeAll
        /// The text is whole.
        case accept
        /// Ctrl-D on an empty line.
        case leave
        /// The text is to be edited by another program.
        case editOutside
        /// The screen is to be cleared and drawn again.
        case clear
    }

    package var completion: ((_ text: String, _ cursor: Int, _ columns: Int) -> CompletionAnswer)?
    package var pasteFilter: ((_ text: String) -> String)?
    /// Asked before the history is gone through: what others have added to it.
    package var historyNews: (() -> [String])?
    /// Whether Enter runs the text; false where it needs another line.
    package var isWhole: ((_ text: String) -> Bool)?

    private var display: LineDisplay
    var history = HistoryNavigator()
    private var search: HistorySearch?
    var undoing = UndoHistory()
    var cut = ""
    /// Whether the last new line was indented here, and not by what was pasted.
    private(set) var hasIndented = false
    /// Where Up and Down want to stand, kept through shorter lines.
    private var wantedColumn: Int?
    private var footer: [String] = []
    private var footerBuffer = EditBuffer()
    private var columns = 80

    package init(hasColour: Bool, nextPrompt: String) {
        display = LineDisplay(hasColour: hasColour, nextPrompt: nextPrompt)
    }

    package func begin(prompt: String) {
        display.begin(prompt: prompt)
        history.begin()
        undoing.begin(EditBuffer())
        (search, wantedColumn, footer) = (nil, nil, [])
    }

    package func addHistory(_ entry: String) { history.add(entry) }

    /// Shows lines below the text until the next key.
    package func show(_ lines: [String], below buffer: EditBuffer) {
        footer = lines
        footerBuffer = buffer
    }

    /// What was to be shown below the text, for whoever shows it in another way.
    package func takeFooter() -> [String] {
        defer { footer = [] }
        return footer
    }

    /// The bytes that bring the screen up to date.
    package func draw(_ buffer: EditBuffer, size: (columns: Int, rows: Int), phase: LineDisplay.Phase) -> String {
        columns = size.columns
        undoing.note(buffer)
        if search == nil, buffer != footerBuffer { footer = [] }
        return display.draw(buffer, footer: footer, size: size, phase: phase)
    }

    /// Does what a key asks for.
    /// - Parameters:
    ///   - key: as `EditCommand` takes it; in a search also a letter.
    ///   - moreWaits: whether other keys have come already, as in a paste that the terminal does not mark.
    package func press(_ key: String, _ buffer: inout EditBuffer, moreWaits: Bool = false) -> Action {
        undoing.note(buffer)
        footer = []
        if search != nil, let action = pressInSearch(key, &buffer) { return action }
        let command = EditCommand(key: key)
        if command != .up && command != .down { wantedColumn = nil }
        switch command {
        case .enter: return enter(&buffer, moreWaits: moreWaits)
        case .complete: complete(&buffer)
        case .up: up(&buffer)
        case .down: down(&buffer)
        case .older: recallOlder(&buffer)
        case .newer: recallNewer(&buffer)
        case .deleteOrLeave where buffer.text.isEmpty: return .leave
        case .clearScreen: return .clear
        case .editOutside: return .editOutside
        case .search:
            historyNews?().forEach { history.add($0) }
            search = HistorySearch(history.entries, from: buffer)
            showSearch(buffer)
            return .takeAll
        default: edit(command, &buffer, moreWaits: moreWaits)
        }
        return .goOn
    }

    private func enter(_ buffer: inout EditBuffer, moreWaits: Bool) -> Action {
        if isWhole?(buffer.text) ?? true { return .accept }
        beginLine(&buffer, isIndented: !moreWaits)
        return .goOn
    }

    func beginLine(_ buffer: inout EditBuffer, isIndented: Bool) {
        hasIndented = isIndented
        buffer.insert("\n" + (isIndented ? Indentation.after(String(buffer.text[..<buffer.cursor])) : ""))
    }

    private func complete(_ buffer: inout EditBuffer) {
        guard let answer = completion?(buffer.text, buffer.offset, columns) else { return }
        buffer.insert(answer.insertion)
        if !answer.listing.isEmpty { show(answer.listing.split(separator: "\n").map(String.init), below: buffer) }
    }

    // MARK: Up and Down

    private func up(_ buffer: inout EditBuffer) {
        wantedColumn = wantedColumn ?? buffer.column
        if !buffer.moveUp(column: wantedColumn ?? 0) { recallOlder(&buffer) }
    }

    private func down(_ buffer: inout EditBuffer) {
        wantedColumn = wantedColumn ?? buffer.column
        if !buffer.moveDown(column: wantedColumn ?? 0) { recallNewer(&buffer) }
    }

    /// The cursor goes to the end of the first line, so that the next Up leaves the entry again.
    private func recallOlder(_ buffer: inout EditBuffer) {
        wantedColumn = nil
        if !history.isShowing(buffer) { historyNews?().forEach { history.add($0) } }
        guard let entry = history.older(buffer) else { return }
        let firstLine = entry.prefix { $0 != "\n" }
        buffer = EditBuffer(entry, cursor: firstLine.utf8.count)
    }

    private func recallNewer(_ buffer: inout EditBuffer) {
        wantedColumn = nil
        if let entry = history.newer(buffer) { buffer = EditBuffer(entry) }
    }

    // MARK: Ctrl-R

    /// nil where the key ends the search and does what it always does.
    private func pressInSearch(_ key: String, _ buffer: inout EditBuffer) -> Action? {
        guard var search else { return nil }
        switch key {
        case "\u{12}": search.older()
        case "\u{13}": search.newer()
        case "\u{7F}", "\u{8}": search.deleteBack()
        case "\u{7}":
            buffer = search.original
            self.search = nil
            return .goOn
        case "\u{1B}":
            self.search = nil
            return .goOn
        default:
            guard let first = key.unicodeScalars.first, first.value >= 0x20, first.value != 0x7F else {
                self.search = nil
                return nil
            }
            search.type(key)
        }
        self.search = search
        buffer = search.buffer
        showSearch(buffer)
        return .takeAll
    }

    private func showSearch(_ buffer: EditBuffer) {
        guard let search else { return }
        let state = search.isFound ? "search the history" : "nothing more found"
        show(["\(state): \(search.query)"], below: buffer)
    }
}
