import Tensors

/// One or more (outputs, inputs) weights side by side, in the panels that the decoding kernel reads.
package final class PackedMatrix {
    let inputs: Int
    /// Outputs of all weights together.
    let columns: Int
    let floats: UnsafeMutablePointer<Float>
    private(set) var bias: UnsafeMutablePointer<Float>?

    /// - Parameter biases: none, or one for each weight.
    package init(_ weights: [Tensor], biases: [Tensor] = []) throws {
        inputs = weights[0].shape[1]
        columns = weights.reduce(0) { $0 + $1.shape[0] }
        let size = DecodeKernels.packedSize(outputs: columns, inputs: inputs)
        floats = .allocate(capacity: size)
        floats.initialize(repeating: 0, count: size)
        var first = 0
        for weight in weights {
            let outputs = weight.shape[0]
            try weight.contiguous().withFloats { source in
                guard let base = source.baseAddress else { return }
                let grain = max(DecodeKernels.panel, (1 << 18) / max(inputs, 1))
                ThreadPool.shared.run(outputs, grain: grain) { range in
                    DecodeKernels.pack(
                        base + range.lowerBound * inputs, into: floats, firstColumn: first + range.lowerBound,
                        outputs: range.count, inputs: inputs)
                }
            }
            first += outputs
        }
        if !biases.isEmpty { bias = copied(biases) }
    }

    var panels: Int { (columns + DecodeKernels.panel - 1) / DecodeKernels.panel }

    deinit {
        floats.deallocate()
        bias?.deallocate()
    }
}

/// Small weights (norms) in memory of their own.
package final class PackedVector {
    let floats: UnsafeMutablePointer<Float>

    init(_ tensor: Tensor) { floats = copied([tensor]) }

    deinit { floats.deallocate() }
}

private func copied(_ tensors: [Tensor]) -> UnsafeMutablePointer<Float> {
    let values = tensors.flatMap { $0.floats() }
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
    pointer.initialize(from: values, count: values.count)
    return pointer
}

/// The weights of a transformer in the form that decoding reads. Projections that read the same input are one matrix.
package final class DecodeWeights {
    struct Layer {
        let inputNorm: PackedVector
        /// query | key | value.
        let attention: PackedMatrix
        /// Of each query and each key head, where the model has them.
        let queryNorm: PackedVector?
        let keyNorm: PackedVector?
        let output: PackedMatrix
        let postNorm: PackedVector
        /// gate | up.
        let feedforward: PackedMatrix
        let down: PackedMatrix
    }

    /// (vocabularySize, dim), contiguous; the tensor itself where it can be.
    let embedding: Tensor
    let layers: [Layer]
    let finalNorm: PackedVector
    let output: PackedMatrix

    package init(_ weights: TransformerWeights) throws {
        embedding = try noGrad { try weights.embedding.contiguous().detached() }
        layers = try weights.layers.map { layer in
            Layer(
                inputNorm: PackedVector(layer.inputNorm),
                attention: try PackedMatrix(
                    [layer.query, layer.key, layer.value],
                    biases: [layer.queryBias, layer.keyBias, layer.valueBias].compactMap { $0 }),
                queryNorm: layer.queryNorm.map(PackedVector.init), keyNorm: layer.keyNorm.map(PackedVector.init),
                output: try PackedMatrix([layer.output]), postNorm: PackedVector(layer.postNorm),
                feedforward: try PackedMatrix([layer.gate, layer.up]), down: try PackedMatrix([layer.down]))
        }
        finalNorm = PackedVector(weights.finalNorm)
        output = try PackedMatrix([weights.outputWeight])
    }
}

/// The new blocks in the form that decoding reads.
package final class DecodeBridge {
    enum Block {
        /// `attention` is query | key | value.
        case bridge(norm: PackedVector, attention: PackedMatrix, output: PackedMatrix)
        case pmatch(norm: PackedVector, up: PackedMatrix, down: PackedMatrix)
    }

    let configuration: BridgeConfiguration
    let blocks: [Block?]

    package init(_ weights: BridgeWeights) throws {
        configuration = weights.configuration
        blocks = try weights.blocks.map { block in
            switch block {
            case .bridge(let norm, let query, let key, let value, let output):
                .bridge(
                    norm: PackedVector(norm), attention: try PackedMatrix([query, key, value]),
                    output: try PackedMatrix([output]))
            case .pmatch(let norm, let up, let down):
                .pmatch(norm: PackedVector(norm), up: try PackedMatrix([up]), down: try PackedMatrix([down]))
            case nil: nil
            }
        }
    }
}

/// A value made of weights when first asked for, and again when they have changed.
final class Cached<Value> {
    private var value: Value?
    private var fingerprint: UInt64 = 0

    func get(_ parameters: [Tensor], _ make: () throws -> Value) rethrows -> Value {
        let present = Self.fingerprint(parameters)
        if let value, present == fingerprint { return value }
        let made = try make()
        (value, fingerprint) = (made, present)
        return made
    }

    func clear() { value = nil }

    /// A hash of some thousand elements of each tensor, evenly spread. An optimiser's step moves nearly all elements,
    /// so that it shows; whoever changes single ones clears the cache.
    private static func fingerprint(_ parameters: [Tensor]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for tensor in parameters {
            let base = tensor.storage.pointer + tensor.offset
            let step = max(1, tensor.count / 4096) | 1
            for index in stride(from: 0, to: tensor.isContiguous ? tensor.count : 0, by: step) {
                hash = (hash ^ UInt64(base[index].bitPattern)) &* 0x0000_0100_0000_01B3
            }
        }
        return hash
    }
}
