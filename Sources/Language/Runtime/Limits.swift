/// The hard maxima. Each has a message, and a golden script in Tests/Scripts/limit.
public enum Limits {
    /// Levels of brackets, blocks and operators in a source.
    public static let nesting = 200
    /// Operators in a row without brackets.
    public static let chain = 1_000
    /// Arguments of a call, parameters of a function.
    public static let arguments = 1_000
    /// Names that a function binds.
    public static let locals = 10_000
    /// Fields written in a record, `{ }` in a string.
    public static let parts = 10_000
    /// `for` and `if` in a comprehension.
    public static let clauses = 50
    /// Files that import each other, one inside the other.
    public static let imports = 50
    /// Bytes of a source. The jumps of its code must fit in 24 bits.
    public static let sourceBytes = 1 << 21
    /// Errors that are reported of a source.
    public static let diagnostics = 1_000
    public static let sourceTooLong = "it is too long for a script: more than \(sourceBytes >> 20) MiB"
    /// Functions that have been called and have not returned.
    public static let callDepth = 2_000
    /// Library functions that call back into the script, one inside the other.
    public static let nativeDepth = 100
    /// Elements of a list (1 GiB).
    public static let listElements = 1 << 26
    /// Fields of a record.
    public static let recordFields = 1 << 24
    /// Bytes of a string.
    public static let stringBytes = 1 << 28

    public static func listTooLong(_ count: Int) -> RuntimeError {
        RuntimeError("a list of \(count) elements is too long: at most \(listElements) are allowed", code: "E230")
    }

    static var recordTooLong: RuntimeError {
        RuntimeError("a record can have at most \(recordFields) fields", code: "E230")
    }

    static func stringTooLong(_ bytes: Int) -> RuntimeError {
        RuntimeError("a string of \(bytes) bytes is too long: at most \(stringBytes) are allowed", code: "E231")
    }
}
