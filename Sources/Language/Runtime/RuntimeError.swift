/// What a native function throws to tell the user that something is wrong. The virtual machine adds where. Any other
/// `Error` does as well: its description is the message.
public struct RuntimeError: Error, CustomStringConvertible {
    /// Names what was asked, with the values, types or shapes involved.
    public var message: String
    /// Such as `E203`.
    public var code: String
    /// What to write instead.
    public var suggestion: String?
    public var notes: [String]

    public init(_ message: String, code: String = "E200", suggestion: String? = nil, notes: [String] = []) {
        self.message = message
        self.code = code
        self.suggestion = suggestion
        self.notes = notes
    }

    public var description: String { message }
}
