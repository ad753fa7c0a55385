/// The hard maxima. Each has a message, and a golden script in Tests/Scripts/limit.
public enum Limits {
    /// Levels of brackets, blocks and operators in a source.
    public static let nesting = 200
    /// Operators in a row without brackets.
    public static let chain = 1_000
    /// Bytes of a source.
    public static let sourceBytes = 1 << 24
    public static let sourceTooLong = "it is too long for a script: more than \(sourceBytes >> 20) MiB"
    /// Functions that have been called and have not returned.
    public static let callDepth = 2_000
    /// Library functions that call back into the script, one inside the other.
    public static let nativeDepth = 100
    /// Elements of a list (1 GiB).
    public static let listElements = 1 << 26
    /// Bytes of a string.
    public static let stringBytes = 1 << 28

    public static func listTooLong(_ count: Int) -> RuntimeError {
        RuntimeError("a list of \(count) elements is too long: at most \(listElements) are allowed", code: "E230")
    }

    static func stringTooLong(_ bytes: Int) -> RuntimeError {
        RuntimeError("a string of \(bytes) bytes is too long: at most \(stringBytes) are allowed", code: "E231")
    }
}
