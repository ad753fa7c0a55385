import CEdit
import Glibc
import Interruption
import Synchronization

/// What the process does about signals. Not in main.swift: closures there belong to the main actor, and a signal may be
/// handled by any thread.
enum ProcessSignals {
    /// How many Ctrl-C in a row end a script that does not stop by itself.
    static let patience: Int32 = 3
    /// Seconds that a script has to stop after a request to end the process.
    private static let grace: UInt32 = 8
    private static let ending = Atomic<Int32>(0)

    static func prepare() {
        // A pipe that nobody reads (a pager that was left, a plotter that died) is an error of the write, not the end.
        signal(SIGPIPE, SIG_IGN)
        Interruption.clear()
        onInterrupt(patience: patience)
        for number in [SIGTERM, SIGHUP] { onTermination(number) }
    }

    /// At the prompt Ctrl-C never ends the program, however often it is pressed. A request to end is met at once by the
    /// line editor, which leaves the terminal as it was; a cell stops first, as a script does.
    static func prepareForPrompt() {
        onInterrupt(patience: 0)
        edit_on_termination { ProcessSignals.requestEnd($0) }
    }

    /// Ends the process by the signal that asked for it, now that nothing half-done is left. Returns if there was none.
    static func endIfAsked() {
        let number = ending.load(ordering: .relaxed)
        if number != 0 { end(by: number) }
    }

    private static func end(by number: Int32) {
        signal(number, SIG_DFL)
        raise(number)
    }

    private static func onInterrupt(patience: Int32) {
        edit_on_interrupt({ Interruption.request() }, patience)
    }

    /// The script stops as after Ctrl-C, so that temporary files go. What does not stop in time is ended all the same.
    private static func onTermination(_ number: Int32) {
        guard isHandled(number) else { return }  // `nohup` has the signal ignored
        signal(SIGALRM) { _ in ProcessSignals.end(by: ProcessSignals.ending.load(ordering: .relaxed)) }
        signal(number) { ProcessSignals.requestEnd($0) }
    }

    private static func requestEnd(_ number: Int32) {
        if ending.exchange(number, ordering: .relaxed) != 0 { end(by: number) }
        Interruption.request()
        alarm(grace)
    }

    private static func isHandled(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            != unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
