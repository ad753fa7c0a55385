import Tensors

/// What went wrong with a model, its files, its tokenizer or a request to generate: a message that says what, where
/// and, where it is known, what to do about it.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    public let message: String

    public init(_ message: String) { self.message = message }

    public var description: String { message }

    /// What to say of a weight whose shape is not the one that the model needs.
    static func misfit(_ shape: [Int], needed: [Int]) -> String {
        "has the shape \(Shape.text(shape)); the model needs \(Shape.text(needed))"
    }
}
