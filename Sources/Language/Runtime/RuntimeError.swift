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

    /// "`upper` takes one argument, and 2 are given"
    static func tooMany(_ function: String, most: Int, given: Int) -> String {
        let takes = most == 0 ? "no arguments" : most == 1 ? "one argument" : "at most \(most) arguments"
        return "\(function) takes \(takes), and \(given) \(given == 1 ? "is" : "are") given"
    }

    /// "index 5 is out of range: the List has 3 elements"
    static func index(_ index: Int, count: Int, of type: String) -> RuntimeError {
        let noun = type == "String" ? "character" : type == "Range" ? "number" : "element"
        return RuntimeError(
            "index \(index) is out of range: the \(type) has \(count) \(noun)\(count == 1 ? "" : "s")", code: "E209",
            suggestion: count == 0
                ? "it is empty"
                : count == 1 ? "its only one is 0" : "write 0 to \(count - 1), or -\(count) to -1 from the end")
    }
}
