/// One thing to tell the user: what is wrong, where, and what to do about it. A value: made anywhere, thrown only at
/// the boundaries between phases.
public struct Diagnostic: Sendable {
    public enum Severity: String, Sendable { case error, warning, note }

    /// A call that led to a runtime error, innermost first.
    public struct Call: Sendable {
        /// The function that was called.
        public var function: String
        /// `x: 3`, an entry for each parameter; nil for calls in the middle of a long trace.
        public var arguments: [String]?
        /// Where the call stands.
        public var source: Source
        public var span: SourceSpan
    }

    /// Another place that explains: where a bracket was opened, where a function is defined.
    public struct Mark: Sendable {
        public var source: Source
        public var span: SourceSpan
        public var label: String
    }

    public var severity: Severity
    /// Such as `E012`; `help("E012")` explains it.
    public var code: String
    public var message: String
    public var source: Source
    public var span: SourceSpan
    /// Stands after the caret: why, in a few words.
    public var label: String?
    /// Stands after the caret, behind the label: what to write instead.
    public var suggestion: String?
    /// Shown with their lines, underlined with `-`.
    public var marks: [Mark]
    public var notes: [String]
    public var calls: [Call]

    public init(
        severity: Severity = .error, code: String, message: String, source: Source, span: SourceSpan,
        label: String? = nil, suggestion: String? = nil, marks: [Mark] = [], notes: [String] = [], calls: [Call] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.source = source
        self.span = span
        self.label = label
        self.suggestion = suggestion
        self.marks = marks
        self.notes = notes
        self.calls = calls
    }

    /// `study.bridge:12:41`
    public var place: String { DiagnosticRenderer.place(source, span) }

    /// What stands behind the caret.
    var hint: String { [label, suggestion].compactMap(\.self).joined(separator: "; ") }
}

/// What a check or a run throws: every diagnostic of the phase that failed.
public struct DiagnosticsError: Error, CustomStringConvertible {
    public enum Phase: Sendable {
        /// Nothing has run.
        case checking
        /// Something has run, and what it bound is kept.
        case running
        /// Somebody asked to stop; the diagnostic, where there is one, says where that was.
        case interrupted
    }

    public var phase: Phase
    public var diagnostics: [Diagnostic]
    /// What a call that was stopped leaves.
    public var partial: PartialResult?

    public init(phase: Phase, diagnostics: [Diagnostic], partial: PartialResult? = nil) {
        self.phase = phase
        self.diagnostics = diagnostics
        self.partial = partial
    }

    public var isInterrupted: Bool { phase == .interrupted }
    public var description: String { DiagnosticRenderer().render(diagnostics) }
}
