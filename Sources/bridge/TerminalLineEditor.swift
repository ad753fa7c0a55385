import CEdit
import Glibc
import Interruption
import Notebook

/// The line editor on a terminal: keys through libedit and the shim, their meaning and the drawing by `BlockEditor`.
final class TerminalLineEditor: LineEditor {
    private let session: OpaquePointer
    private let block: BlockEditor
    private let isCapable: Bool

    var completion: ((_ text: String, _ cursor: Int, _ columns: Int) -> CompletionAnswer)? {
        get { block.completion }
        set { block.completion = newValue }
    }
    var pasteFilter: ((_ text: String) -> String)? {
        get { block.pasteFilter }
        set { block.pasteFilter = newValue }
    }
    var historyNews: (() -> [String])? {
        get { block.historyNews }
        set { block.historyNews = newValue }
    }
    var isWhole: ((_ text: String) -> Bool)? {
        get { block.isWhole }
        set { block.isWhole = newValue }
    }

    init?(hasColour: Bool) {
        guard let session = edit_open("bridge") else { return nil }
        self.session = session
        isCapable = edit_is_capable(session)
        block = BlockEditor(hasColour: hasColour, nextPrompt: Prompt.nextPrompt)
        ProcessSignals.prepareForPrompt()
        edit_set_delegate(session, makeDelegate())
    }

    deinit { edit_close(session) }

    func readLine(prompt: String) -> LineReading {
        ProcessSignals.endIfAsked()
        // What stopped the work before is done with. A Ctrl-C that comes after Enter is meant for what runs next.
        Interruption.clear()
        block.begin(prompt: prompt)
        var line: UnsafeMutablePointer<CChar>?
        let status = edit_read(session, prompt, &line)
        defer { free(line) }
        if status == EDIT_INTERRUPTED {
            Interruption.clear()
            return .interrupted
        }
        guard status == EDIT_LINE, let line else { return .endOfFile }
        return .line(String(cString: line))
    }

    func addHistory(_ entry: String) { block.addHistory(entry) }

    func editOutside(_ text: String) throws -> String { try ExternalEditor.edit(text).get() }

    // MARK: Called by the shim

    private func makeDelegate() -> edit_delegate {
        edit_delegate(
            context: Unmanaged.passUnretained(self).toOpaque(),
            key: { context, key, text, cursor, moreWaits in
                guard let context, let key, let text else { return edit_outcome() }
                let buffer = EditBuffer(String(cString: text), cursor: cursor)
                return TerminalLineEditor.editor(context).press(String(cString: key), buffer, moreWaits: moreWaits)
            },
            paste: { context, text in
                guard let context, let text else { return nil }
                let filter = TerminalLineEditor.editor(context).pasteFilter
                return filter.flatMap { strdup($0(String(cString: text))) }
            },
            draw: { context, text, cursor, columns, rows, phase in
                guard let context, let text else { return nil }
                let buffer = EditBuffer(String(cString: text), cursor: cursor)
                return TerminalLineEditor.editor(context).draw(buffer, (Int(columns), Int(rows)), phase)
            },
            outside: { context, text, cursor in
                guard let context, let text else { return edit_outcome() }
                return TerminalLineEditor.editor(context).editOutside(EditBuffer(String(cString: text), cursor: cursor))
            })
    }

    private static func editor(_ context: UnsafeMutableRawPointer) -> TerminalLineEditor {
        Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    private func press(_ key: String, _ before: EditBuffer, moreWaits: Bool) -> edit_outcome {
        var buffer = before
        let action = block.press(key, &buffer, moreWaits: moreWaits)
        if !isCapable { printFooter() }
        return outcome(buffer, before: before, Self.action(action))
    }

    private static func action(_ action: BlockEditor.Action) -> edit_action {
        switch action {
        case .goOn: EDIT_GO_ON
        case .takeAll: EDIT_TAKE_ALL
        case .accept: EDIT_ACCEPT
        case .leave: EDIT_LEAVE
        case .editOutside: EDIT_OUTSIDE
        case .clear: EDIT_CLEAR
        }
    }

    private func outcome(_ buffer: EditBuffer, before: EditBuffer, _ action: edit_action) -> edit_outcome {
        guard buffer != before else { return edit_outcome(action: action, text: nil, cursor: 0) }
        return edit_outcome(action: action, text: strdup(buffer.text), cursor: buffer.offset)
    }

    private func draw(
        _ buffer: EditBuffer, _ size: (columns: Int, rows: Int), _ phase: edit_phase
    ) -> UnsafeMutablePointer<CChar>? {
        let phase = LineDisplay.Phase(rawValue: Int32(phase.rawValue)) ?? .live
        return strdup(block.draw(buffer, size: size, phase: phase))
    }

    private func editOutside(_ before: EditBuffer) -> edit_outcome {
        switch ExternalEditor.edit(before.text) {
        case .success(let text): return outcome(EditBuffer(text), before: before, EDIT_GO_ON)
        case .failure(let problem):
            block.show([problem.message], below: before)
            return outcome(before, before: before, EDIT_GO_ON)
        }
    }

    /// On a terminal without abilities: plain lines below what was typed.
    private func printFooter() {
        for line in block.takeFooter() { print("\n" + line, terminator: "") }
    }
}
