/// What went wrong in a tensor operation: the operation, the shapes or values involved, and what would be right.
public struct TensorError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of the operation, such as `matmul`.
    public let operation: String
    /// What was wrong, without the operation's name.
    public let reason: String

    public init(_ operation: String, _ reason: String) {
        self.operation = operation
        self.reason = reason
    }

    public var description: String { "\(operation): \(reason)" }
}
