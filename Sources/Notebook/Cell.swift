import Language

/// A piece of source that is run as one: what was typed at the prompt, a cell of a file, or a whole script.
public struct Cell {
    public var source: Source

    public init(source: Source) { self.source = source }

    /// - Parameter name: what diagnostics call it, such as `cell 3`.
    public init(name: String, text: String, path: String? = nil) {
        source = Source(name: name, text: text, path: path)
    }
}

/// How running a cell ended.
public enum CellOutcome {
    /// With the value of the last expression, and whether the cell asked with `;` not to show it.
    case finished(Value, isSilenced: Bool)
    /// With errors, which have been reported.
    case failed([Diagnostic])
    /// Ctrl-C; with what the call that was stopped leaves.
    case interrupted(PartialResult?)
}

extension Cell {
    /// The most bytes that a cell may have, and what to say of one that has more.
    public static let byteLimit = Limits.sourceBytes
    public static let tooLong = Limits.sourceTooLong
}
