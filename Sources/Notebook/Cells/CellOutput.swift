import Language

/// Something that a cell gave. A cell's outputs stand in the order in which they came.
public enum CellOutput: Equatable, Sendable {
    /// What was printed.
    case text(String)
    /// A value that was shown: the cell's result, or one that `print` was given.
    case value(ShownValue, isResult: Bool)
    /// Why the cell ended early.
    case failure(CellFailure)
}

/// A value as a page shows it.
public struct ShownValue: Equatable, Sendable {
    /// What a terminal would show.
    public var text: String
    /// Of a list of records, its rows.
    public var table: Table?
    /// Of a figure, the picture: a whole SVG document.
    public var svg: String?
    /// The same picture for a screen as narrow as a phone's.
    public var narrowSVG: String?
    /// Whether colours of the picture stand for numbers, so that a dark page must leave them.
    public var hasColourScale = false

    public init(text: String, table: Table? = nil, svg: String? = nil) {
        self.text = text
        self.table = table
        self.svg = svg
    }

    /// The text without the angle brackets that objects have around them.
    var description: String {
        text.hasPrefix("<") && text.hasSuffix(">") ? String(text.dropFirst().dropLast()) : text
    }
}

/// An error, or an interruption, as a page shows it.
public struct CellFailure: Equatable, Sendable {
    /// The code of the first error, such as `E203`.
    public var code: String
    /// The first error in a line.
    public var message: String
    /// All of it: places, carets, notes.
    public var text: String

    public init(code: String, message: String, text: String) {
        self.code = code
        self.message = message
        self.text = text
    }

    /// - Parameter diagnostics: at least one.
    init(_ diagnostics: [Diagnostic]) {
        let first = diagnostics.first { $0.severity == .error } ?? diagnostics[0]
        self.init(code: first.code, message: first.message, text: DiagnosticRenderer().render(diagnostics))
    }

    static let interrupted = CellFailure(code: "E299", message: "interrupted", text: "interrupted\n")
}

/// What is known of a cell's last run.
public struct CellRecord: Equatable, Sendable {
    public enum Ending: String, Sendable { case finished, failed, interrupted }

    /// The hash of the source that ran.
    public var hash: String
    /// 1 for the first cell that the session ran, and so on. nil where the errors were found without a run.
    public var order: Int?
    public var seconds: Double
    public var ending: Ending
    public var outputs: [CellOutput]

    public init(hash: String, order: Int?, seconds: Double, ending: Ending, outputs: [CellOutput]) {
        self.hash = hash
        self.order = order
        self.seconds = seconds
        self.ending = ending
        self.outputs = outputs
    }

    /// How long it took, in words: `24 ms`, `3.1s`, `2:05`.
    var time: String {
        seconds < 0.1 ? Timing.text(max(0, seconds)) : ProgressLine.duration(seconds)
    }
}
