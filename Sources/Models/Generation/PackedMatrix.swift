import Glibc
import Tensors

/// One or more (outputs, inputs) weights side by side, in the panels that the decoding kernel reads.
package final class PackedMatrix {
    let inputs: Int
    /// Outputs of all weights together.
    let columns: Int
    let precision: WeightPrecision
    private let memory: PackedMemory.Part
    private var packed: UnsafeMutableRawPointer { memory.pointer }
    private(set) var bias: UnsafeMutablePointer<Float>?

    /// - Parameters:
    ///   - shapes: of each weight, (outputs, inputs).
    ///   - weight: asked for each weight in turn; it is not kept.
    ///   - biases: none, or one for each weight.
    ///   - memory: where the panels go.
    /// - Throws: `TensorError` when there is no memory for it, and what `weight` throws.
    init(
        _ shapes: [[Int]], _ precision: WeightPrecision, biases: [Tensor] = [], in memory: PackedMemory,
        weight: (Int) throws -> Tensor
    ) throws {
        inputs = shapes[0][1]
        columns = shapes.reduce(0) { $0 + $1[0] }
        self.precision = precision
        let panelBytes = DecodeKernels.panelBytes(precision, inputs: inputs)
        let size = (columns + DecodeKernels.panel - 1) / DecodeKernels.panel * panelBytes
        self.memory = try memory.take(size)
        // Columns beyond the last stay zero.
        if columns % DecodeKernels.panel != 0 { memset(packed + size - panelBytes, 0, panelBytes) }
        var first = 0
        for index in shapes.indices {
            try pack(weight(index), first)
            first += shapes[index][0]
        }
        if !biases.isEmpty { bias = try copied(biases) }
    }

    convenience init(_ weights: [Tensor], _ precision: WeightPrecision = .f32, in memory: PackedMemory) throws {
        try self.init(weights.map(\.shape), precision, in: memory) { weights[$0] }
    }

    /// By itself.
    package convenience init(_ weights: [Tensor], _ precision: WeightPrecision = .f32) throws {
        try self.init(weights, precision, in: PackedMemory())
    }

    private func pack(_ weight: Tensor, _ first: Int) throws {
        try weight.contiguous().withFloats { source in
            guard let base = source.baseAddress else { return }
            // Whole panels, so that no two threads write to one.
            let grain = max(1, (1 << 18) / max(inputs * DecodeKernels.panel, 1))
            let outputs = weight.shape[0], panel = DecodeKernels.panel
            ThreadPool.shared.run((outputs + panel - 1) / panel, grain: grain) { range in
                let start = range.lowerBound * panel, end = min(range.upperBound * panel, outputs)
                DecodeKernels.pack(
                    base + start * inputs, into: packed, firstColumn: first + start, outputs: end - start,
                    inputs: inputs, precision: precision)
            }
        }
    }

    var panels: Int { (columns + DecodeKernels.panel - 1) / DecodeKernels.panel }

    /// Columns of the panels given: `out` (+)= x W^T + bias.
    /// - Parameter rounded: x, where the precision is `.q8`.
    func multiply(
        _ out: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, rounded: DecodeKernels.Rounded, rows: Int,
        panels: Range<Int>, accumulate: Bool
    ) {
        if precision == .q8 {
            DecodeKernels.linear(
                out, rounded, rows: rows, packed: packed, inputs: inputs, columns: columns, panels: panels, bias: bias,
                accumulate: accumulate)
        } else {
            DecodeKernels.linear(
                out, x, stride: inputs, rows: rows, packed: packed, precision: precision, inputs: inputs,
                columns: columns, panels: panels, bias: bias, accumulate: accumulate)
        }
    }

    /// The weights of one output, (inputs): a token's embedding.
    func copyColumn(_ column: Int, to out: UnsafeMutablePointer<Float>) {
        DecodeKernels.column(out, packed: packed, precision: precision, inputs: inputs, column: column)
    }

    deinit { bias?.deallocate() }
}

/// Small weights (norms) in memory of their own.
package final class PackedVector {
    let floats: UnsafeMutablePointer<Float>

    init(_ tensor: Tensor) throws { floats = try copied([tensor]) }

    deinit { floats.deallocate() }
}

private func copied(_ tensors: [Tensor]) throws -> UnsafeMutablePointer<Float> {
    let values = try tensors.flatMap { try $0.floats() }
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
    pointer.initialize(from: values, count: values.count)
    return pointer
}
