import Language

/// What libFuzzer calls with each input: a source is checked, laid out and coloured. Nothing runs. See
/// `scripts/dev/fuzz --coverage`.
@_cdecl("LLVMFuzzerTestOneInput")
public func readSource(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let interpreter = Interpreter(registry: Reading.registry)
    let source = Source(name: "input", text: text)
    let diagnostics = interpreter.check(source: source)
    _ = DiagnosticRenderer().render(Array(diagnostics.prefix(10)))
    _ = interpreter.isComplete(text)
    _ = Highlighter(text).spans
    return 0
}

/// libFuzzer calls from one thread only.
private enum Reading {
    nonisolated(unsafe) static let registry = Registry()
}
