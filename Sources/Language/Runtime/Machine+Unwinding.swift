import Interruption

// Leaving frames because of an error, and what is known of it.
extension Machine {
    /// Gives up the frames of a loop that ends with an error. A block's frame belongs to the loop around it.
    func abandon(entry: Int, isBlock: Bool, from end: UnsafeMutablePointer<Value>) {
        if Interruption.leavesMemory {
            top = isBlock ? end : frames[entry].base - 1
            depth = isBlock ? entry + 1 : entry
            return
        }
        if isBlock {
            top = end
            if depth - 1 > entry {
                let base = frames[entry + 1].base - 1
                drop(to: base, from: end)
                top = base
            }
            depth = entry + 1
        } else {
            let start = frames[entry].base - 1
            drop(to: start, from: end)
            top = start
            depth = entry
        }
    }

    /// Where an error is caught: everything above is given up. `nil` where this loop catches nothing.
    func unwind(_ error: any Error, entry: Int, handlerCount: Int, from end: UnsafeMutablePointer<Value>) -> Handler? {
        guard !(error is Interrupted), handlers.count > handlerCount else { return nil }
        let handler = handlers.removeLast()
        drop(to: handler.height, from: end)
        depth = handler.frame + 1
        return handler
    }

    /// What `catch` binds.
    func record(of error: any Error) -> Value {
        let located = error as? LocatedError
        if let thrown = located?.thrown { return thrown }
        let message = Value.string(located?.diagnostic.message ?? "\(error)")
        guard let code = located?.diagnostic.code else { return .record(["message": message]) }
        return .object(RecordObject(Machine.layoutOfErrors, slots: [message, .string(code)]))
    }

    nonisolated(unsafe) private static let layoutOfErrors = RecordLayout(shared: ["message", "code"])

    /// Adds where it happened to an error that does not know yet.
    func located(_ error: any Error, at next: UnsafeMutablePointer<UInt32>) -> any Error {
        if error is LocatedError { return error }
        let error = memoryError(error)
        frames[depth - 1].next = next
        if error is Interrupted {
            if interruptedAt == nil { interruptedAt = diagnostic("E299", "interrupted", at: next) }
            return error
        }
        let known = error as? RuntimeError
        var diagnostic = self.diagnostic(known?.code ?? "E200", known?.message ?? "\(error)", at: next)
        diagnostic.suggestion = known?.suggestion
        diagnostic.notes = known?.notes ?? []
        return LocatedError(diagnostic: diagnostic, thrown: (error as? ThrownValue)?.value)
    }

    private func diagnostic(
        _ code: String, _ message: String, at next: UnsafeMutablePointer<UInt32>
    ) -> Diagnostic {
        let prototype = frames[depth - 1].prototype.takeUnretainedValue()
        return Diagnostic(
            code: code, message: message, source: prototype.source, span: span(prototype, next),
            // A script that catches an error does not see the calls.
            calls: handlers.isEmpty || code == "E299" ? calls() : [])
    }

    private func span(_ prototype: Prototype, _ next: UnsafeMutablePointer<UInt32>) -> SourceSpan {
        let index = next - prototype.code - 1
        return prototype.spans.indices.contains(index) ? prototype.spans[index] : SourceSpan(0, 0)
    }

    /// The calls that have not returned, innermost first.
    private func calls() -> [Diagnostic.Call] {
        var calls: [Diagnostic.Call] = []
        for index in stride(from: depth - 1, to: 0, by: -1) {
            let caller = frames[index - 1].prototype.takeUnretainedValue()
            let callee = frames[index].prototype.takeUnretainedValue()
            let shown = DiagnosticRenderer.callsShown
            let isShown = calls.count < shown || index <= shown
            calls.append(
                Diagnostic.Call(
                    function: callee.name, arguments: isShown ? arguments(frames[index], callee) : nil,
                    source: caller.source, span: span(caller, frames[index - 1].next)))
        }
        return calls
    }

    /// What the parameters hold when the error happens, in a few characters each.
    private func arguments(_ frame: Frame, _ prototype: Prototype) -> [String] {
        prototype.parameters.enumerated().map { slot, parameter in
            var value = frame.base[slot]
            if case .object(let cell as CellObject) = value { value = cell.value }
            if value.isUnbound { return "\(parameter.name): ?" }
            return "\(parameter.name): \(Printer.brief(value))"
        }
    }
}

/// An error that knows where it happened.
struct LocatedError: Error {
    var diagnostic: Diagnostic
    /// What `error(...)` was given, where that was a record.
    nonisolated(unsafe) var thrown: Value?
}

/// What `error({...})` throws.
struct ThrownValue: Error, CustomStringConvertible {
    nonisolated(unsafe) var value: Value
    var description: String {
        value.asRecord?["message"]?.asString ?? Printer.display(value)
    }
}
