import Tensors

/// Keys and values of one run of tokens in all layers: of a prompt, or of what one row said after it. Layout
/// [keys | values][layer][position][key-value head][head dimension].
struct KeyValueSpan {
    let keys: UnsafeMutablePointer<Float>
    let values: UnsafeMutablePointer<Float>
    /// Floats from one layer to the next.
    let stride: Int
}

/// Room for many spans, made at once, in recycled memory.
final class KeyValueCache {
    private let storage: Storage
    private let starts: [Int]
    private let capacities: [Int]
    private let layers: Int
    private let width: Int

    /// - Parameter capacities: the tokens of each span.
    init(_ configuration: TransformerConfiguration, capacities: [Int]) throws {
        self.capacities = capacities
        layers = configuration.layers
        width = configuration.keyValueDim
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
        2 * configuration.layers * configuration.keyValueDim * tokens
    }

    func span(_ index: Int) -> KeyValueSpan {
        let stride = capacities[index] * width
        let keys = storage.pointer + starts[index]
        return KeyValueSpan(keys: keys, values: keys + layers * stride, stride: stride)
    }
}
