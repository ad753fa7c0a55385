/// What a call of the library leaves that was stopped: thrown as `Interrupted(leaving: PartialResult(...))`. The prompt
/// binds the value to `ans`; a cell of a notebook and `bridge run -e` show it.
public struct PartialResult: Sendable {
    /// Nil where nothing is left.
    nonisolated(unsafe) public let value: Value?
    /// How far the call came: "after 143 tokens".
    public let progress: String
    /// What the value is: "the text so far".
    public let name: String

    public init(_ value: Value, progress: String, name: String) {
        self.value = value
        self.progress = progress
        self.name = name
    }

    /// Where nothing is left: `progress` says why.
    public init(progress: String) { (value, self.progress, name) = (nil, progress, "") }
}
