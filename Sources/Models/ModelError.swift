/// What went wrong with a model, its files, its tokenizer or a request to generate: a message that says what, where
/// and, where it is known, what to do about it.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    public let message: String

    public init(_ message: String) { self.message = message }

    public var description: String { message }
}
