import CEdit
import Glibc
import Interruption
import Notebook

/// The line editor on a terminal: libedit, through the shim.
final class TerminalLineEditor: LineEditor {
    private let session: OpaquePointer
    var completion: ((_ text: String, _ cursor: Int, _ columns: Int) -> CompletionAnswer)?
    var pasteFilter: ((_ text: String) -> String)?

    init?() {
        guard let session = edit_open("bridge") else { return nil }
        self.session = session
        ProcessSignals.prepareForPrompt()
        let context = Unmanaged.passUnretained(self).toOpaque()
        edit_set_completion(
            session,
            { context, text, cursor, columns in
                guard let context, let text else { return edit_completion() }
                return TerminalLineEditor.editor(context).complete(String(cString: text), cursor, Int(columns))
            }, context)
        edit_set_paste_filter(
            session,
            { context, text in
                guard let context, let text, let filter = TerminalLineEditor.editor(context).pasteFilter else { return nil }
                return strdup(filter(String(cString: text)))
            }, context)
    }

    private static func editor(_ context: UnsafeMutableRawPointer) -> TerminalLineEditor {
        Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    deinit { edit_close(session) }

    func readLine(prompt: String) -> LineReading {
        // What stopped the work before is done with. A Ctrl-C that comes after Enter is meant for what runs next.
        Interruption.clear()
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

    func addHistory(_ entry: String) { edit_add_history(session, entry) }

    private func complete(_ text: String, _ cursor: Int, _ columns: Int) -> edit_completion {
        guard let answer = completion?(text, cursor, columns) else { return edit_completion() }
        return edit_completion(
            insertion: answer.insertion.isEmpty ? nil : strdup(answer.insertion),
            listing: answer.listing.isEmpty ? nil : strdup(answer.listing))
    }
}
