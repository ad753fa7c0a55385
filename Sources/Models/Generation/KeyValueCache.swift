import Tensors

/// Keys and values of runs of tokens, in all layers: of prompts, or of what one row said after one. Made at once, in
/// recycled memory.
final class KeyValueCache {
    private let storage: Storage
    private let starts: [Int]
    private let capacities: [Int]
    private let configuration: TransformerConfiguration

    /// - Parameter capacities: the tokens of each span.
    /// - Throws: `TensorError` without memory.
    init(_ configuration: TransformerConfiguration, capacities: [Int]) throws {
        self.capacities = capacities.map(Self.wholeBlocks)
        self.configuration = configuration
        var starts: [Int] = [], total = 0
        for capacity in capacities {
            starts.append(total)
            total += Self.floats(configuration, tokens: capacity)
        }
        self.starts = starts
        storage = try Storage(count: max(total, 1))
    }

    /// Floats that a span of so many tokens takes.
    static func floats(_ configuration: TransformerConfiguration, tokens: Int) -> Int {
        2 * configuration.layers * configuration.keyValueDim * wholeBlocks(tokens)
    }

    /// Keys come in blocks.
    private static func wholeBlocks(_ tokens: Int) -> Int {
        (tokens + DecodeKernels.blockKeys - 1) / DecodeKernels.blockKeys * DecodeKernels.blockKeys
    }

    /// A span from a position on, which is that of a block of keys.
    func span(_ index: Int, from position: Int = 0) -> DecodeKernels.Span {
        let c = configuration, head = capacities[index] * c.headDim, layer = c.keyValueHeads * head
        let keys = storage.pointer + starts[index]
        let values = keys + c.layers * layer
        let offset = position * c.headDim
        return DecodeKernels.Span(keys: keys + offset, values: values + offset, layer: layer, head: head)
    }
}
