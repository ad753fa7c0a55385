/// A tensor as the directory of a model file describes it.
public struct TensorEntry: Sendable {
    public let name: String
    /// Rows first, as in PyTorch; GGUF files have them the other way round.
    public let shape: [Int]
    public let encoding: TensorEncoding
    /// Where its bytes are in the file.
    public let bytes: Range<Int>

    /// How many numbers it has; fits an `Int`.
    public var count: Int { shape.reduce(1, *) }
}
