import Language

/// Checks, runs and prints a program and says what should not be so.
public final class Examiner {
    /// What a run gave.
    struct Observation: Equatable {
        var output = ""
        var shown = ""
        var diagnostics: [String] = []
        var codes: [String] = []
        var phase: DiagnosticsError.Phase?
    }

    public struct Statistics {
        public var programs = 0
        /// Passed the check.
        public var accepted = 0
        /// Ran to the end.
        public var finished = 0
        /// Were stopped by the watchdog.
        public var stopped = 0
        public var codes: [String: Int] = [:]
        public var instructions: Set<String> = []
    }

    private let registry: Registry
    private let watchdog: Watchdog
    public private(set) var statistics = Statistics()

    public init(registry: Registry, watchdog: Watchdog) {
        self.registry = registry
        self.watchdog = watchdog
    }

    /// - Returns: what is wrong, or `nil`.
    public func problem(of text: String) -> String? {
        let source = Source(name: "program", text: text)
        watchdog.begin()
        let interpreter = Interpreter(registry: registry)
        // Reading twice more costs as much as running: every other program does.
        let found = statistics.programs % 2 == 0 ? interpreter.check(source: source) : nil
        let isComplete = found == nil || interpreter.isComplete(text)
        let first = observe(source, interpreter)
        let probe = probe(interpreter)
        let second = statistics.programs % 4 == 0 ? observe(source, Interpreter(registry: registry)) : first
        let wasStopped = watchdog.end()
        note(first, wasStopped)
        if let found {
            if let problem = spanProblem(found, source) { return problem }
            if let problem = agreement(found, first, source, isComplete) { return problem }
        }
        if wasStopped { return nil }
        if let probe { return probe }
        if first != second { return "two runs differ:\n\(first)\n\(second)" }
        return nil
    }

    /// Whether a program does what an evaluator of its own says, however it is written.
    public func problem(of program: ArithmeticProgram) -> String? {
        let expected = program.expected()
        for style in ArithmeticProgram.Style.allCases {
            watchdog.begin()
            let source = Source(name: "program", text: program.text(style))
            let seen = observe(source, Interpreter(registry: registry))
            let wasStopped = watchdog.end()
            if style == .plain { note(seen, wasStopped) }
            if wasStopped { continue }
            guard seen.output == expected.output, seen.codes == (expected.error.map { [$0] } ?? []) else {
                return "written \(style), it printed\n\(seen.output)\(seen.diagnostics.joined())instead of\n"
                    + "\(expected.output)\(expected.error ?? "")"
            }
        }
        return nil
    }

    /// Notes which instructions a program is compiled to.
    public func noteInstructions(of text: String) {
        let code = Disassembler.disassemble(Source(name: "program", text: text), registry: registry)
        for line in code.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 1, Int(words[0]) != nil { statistics.instructions.insert(String(words[1])) }
        }
    }

    private func note(_ seen: Observation, _ wasStopped: Bool) {
        statistics.programs += 1
        if seen.phase != .checking { statistics.accepted += 1 }
        if seen.phase == nil { statistics.finished += 1 }
        if wasStopped { statistics.stopped += 1 }
        for code in Set(seen.codes) where Self.isOurs(code) { statistics.codes[code, default: 0] += 1 }
    }

    /// `E012` and the like; a script may give its errors other codes.
    private static func isOurs(_ code: String) -> Bool {
        code.utf8.count == 4 && code.hasPrefix("E") && code.dropFirst().allSatisfy(\.isNumber)
    }

    // MARK: - Running

    private func observe(_ source: Source, _ interpreter: Interpreter) -> Observation {
        var seen = Observation()
        var size = 0
        interpreter.output = { text in
            size += text.utf8.count
            if size < 1 << 18 { seen.output += text }
        }
        do {
            let result = try interpreter.evaluate(source: source)
            seen.shown = Printer.layout(result.value, budget: interpreter.printBudget)
            seen.shown += Printer.repr(result.value) + Printer.display(result.value)
        } catch {
            seen.phase = error.phase
            seen.codes = error.diagnostics.map(\.code)
            seen.diagnostics = error.diagnostics.map { DiagnosticRenderer(colour: true).render($0) }
            if let problem = spanProblem(error.diagnostics, source) { seen.output += problem }
        }
        interpreter.output = { _ in }
        return seen
    }

    /// A session goes on after whatever happened.
    private func probe(_ interpreter: Interpreter) -> String? {
        let text = """
            probe__ = fn (n) { try { if n > 2 { [][0] }; n * 2 } catch e__ { [x + n for x in 0..2] } }
            [probe__(1), probe__(3), for i__ in 0..3 { if i__ == 1 { continue }; i__ }]
            """
        do {
            let value = try interpreter.run(source: Source(name: "probe", text: text))
            let shown = Printer.repr(value)
            return shown == "[2, [3, 4], [0, 2]]" ? nil : "afterwards the session gave \(shown)"
        } catch {
            return error.isInterrupted ? nil : "afterwards the session gave \(error.description)"
        }
    }

    // MARK: - Judging

    /// Every diagnostic points into its source and can be shown.
    private func spanProblem(_ diagnostics: [Diagnostic], _ source: Source) -> String? {
        for diagnostic in diagnostics {
            let places = [(diagnostic.source, diagnostic.span)] + diagnostic.calls.map { ($0.source, $0.span) }
            for (source, span) in places {
                let end = source.text.utf8.count
                guard span.start >= 0, span.start <= span.end, span.end <= end else {
                    return "`\(diagnostic.message)` points to \(span.start)..<\(span.end) of \(end) bytes"
                }
            }
            if !DiagnosticRenderer().render(diagnostic).contains(DiagnosticRenderer.cut(diagnostic.message)) {
                return "`\(diagnostic.message)` is not in what is shown of it"
            }
            if ErrorCodes.explanation(of: diagnostic.code) == nil, Self.isOurs(diagnostic.code),
                diagnostic.calls.isEmpty, !source.text.contains(diagnostic.code)
            {
                return "nothing explains \(diagnostic.code)"
            }
        }
        return nil
    }

    /// What the check accepts is not rejected by a run, and the other way round.
    private func agreement(
        _ found: [Diagnostic], _ seen: Observation, _ source: Source, _ isComplete: Bool
    ) -> String? {
        let errors = found.filter { $0.severity == .error }.map(\.code)
        if errors.isEmpty, seen.phase == .checking { return "the run reports what the check does not: \(seen.codes)" }
        if !errors.isEmpty, seen.phase != .checking { return "the check reports \(errors), and it runs" }
        if !errors.isEmpty, errors != seen.codes.filter({ !$0.isEmpty }), found.count == seen.codes.count {
            return "the check reports \(errors), the run \(seen.codes)"
        }
        if !errors.isEmpty, !seen.output.isEmpty { return "it printed although the check rejects it: \(seen.output)" }
        return errors.isEmpty && !isComplete ? "it is accepted, and is said to be incomplete" : nil
    }
}
