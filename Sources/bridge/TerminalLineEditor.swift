import CEdit
import Glibc
import Interruption
import Notebook

/// The line editor on a terminal: libedit, through the shim.
final class TerminalLineEditor: LineEditor {
    private let session: OpaquePointer
    var completion: ((_ text: String, _ cursor: Int, _ columns: Int) -> CompletionAnswer)?

    init?() {
        guard let session = edit_open("bridge") else { return nil }
        self.session = session
        // At the prompt Ctrl-C never ends the program, however often it is pressed.
        edit_on_interrupt({ Interruption.request() }, 0)
        edit_set_completion(
            session,
            { context, text, cursor, columns in
                guard let context, let text else { return edit_completion() }
                let editor = Unmanaged<TerminalLineEditor>.fromOpaque(context).takeUnretainedValue()
                return editor.complete(String(cString: text), cursor, Int(columns))
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { edit_close(session) }

    func readLine(prompt: String) -> LineReading {
        var line: UnsafeMutablePointer<CChar>?
        let status = edit_read(session, prompt, nil, &line)
        defer {
            free(line)
            // A Ctrl-C that ended the line is not meant for what runs next.
            Interruption.clear()
        }
        if status == EDIT_INTERRUPTED { return .interrupted }
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
