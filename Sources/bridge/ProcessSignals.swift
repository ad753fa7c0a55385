import CEdit
import Glibc
import Interruption

/// What the process does about signals. Not in main.swift: closures there belong to the main actor, and a signal may be
/// handled by any thread.
enum ProcessSignals {
    /// How many Ctrl-C in a row end a script that does not stop by itself.
    static let patience: Int32 = 3

    static func prepare() {
        // A pipe that nobody reads (a pager that was left, a plotter that died) is an error of the write, not the end.
        signal(SIGPIPE, SIG_IGN)
        Interruption.clear()
        onInterrupt(patience: patience)
    }

    /// At the prompt Ctrl-C never ends the program, however often it is pressed.
    static func prepareForPrompt() { onInterrupt(patience: 0) }

    private static func onInterrupt(patience: Int32) {
        edit_on_interrupt({ Interruption.request() }, patience)
    }
}
