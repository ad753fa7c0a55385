import CKernels

/// The C kernels of the decoding path by their Swift names. Pointers must be valid for the shapes given; nothing is
/// checked here.
package enum DecodeKernels {
    package typealias Row = decode_row
    package typealias Heads = decode_heads
    package typealias Floats = UnsafeMutablePointer<Float>

    /// Packed weights have their columns in panels of this many.
    package static let panel = Int(DECODE_PANEL)

    /// Bytes of a panel of a weight with so many inputs.
    package static func panelBytes(_ precision: WeightPrecision, inputs: Int) -> Int {
        decode_panel_bytes(precision.kernel, inputs)
    }

    package static func pack(
        _ weight: UnsafePointer<Float>, into packed: UnsafeMutableRawPointer, firstColumn: Int, outputs: Int,
        inputs: Int, precision: WeightPrecision
    ) {
        decode_pack_panels(packed, weight, firstColumn, outputs, inputs, precision.kernel)
    }

    package static func linear(
        _ out: Floats, _ x: UnsafePointer<Float>, stride: Int, rows: Int, packed: UnsafeRawPointer,
        precision: WeightPrecision, inputs: Int, columns: Int, panels: Range<Int>, bias: UnsafePointer<Float>?,
        accumulate: Bool
    ) {
        decode_panels(
            out, columns, x, stride, rows, packed, precision.kernel, inputs, columns, panels.lowerBound,
            panels.upperBound, bias, accumulate ? 1 : 0)
    }

    /// Row `column` of the (outputs, inputs) weight that was packed.
    package static func column(
        _ out: Floats, packed: UnsafeRawPointer, precision: WeightPrecision, inputs: Int, column: Int
    ) {
        decode_packed_column(out, packed, precision.kernel, inputs, column)
    }

    package static func linearNaive(
        _ out: Floats, _ x: UnsafePointer<Float>, rows: Int, weight: UnsafePointer<Float>, inputs: Int, columns: Int,
        bias: UnsafePointer<Float>?, accumulate: Bool
    ) {
        decode_linear_naive(out, x, rows, weight, inputs, columns, bias, accumulate ? 1 : 0)
    }

    package static func rmsNorm(
        _ out: Floats, _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, rows: Int, dim: Int, epsilon: Float
    ) {
        decode_rms_norm(out, x, weight, rows, dim, epsilon)
    }

    package static func rotateAndStore(
        _ qkv: Floats, rows: UnsafePointer<Row>, count: Int, layer: Int, heads: Heads, cosines: UnsafePointer<Float>,
        sines: UnsafePointer<Float>
    ) {
        decode_rotate_and_store(qkv, rows, count, layer, heads, cosines, sines)
    }

    package static func attention(
        _ out: Floats, _ qkv: UnsafePointer<Float>, rows: UnsafePointer<Row>, count: Int, layer: Int, heads: Heads,
        scores: Floats
    ) {
        decode_attention(out, qkv, rows, count, layer, heads, scores)
    }

    package static func swiGLU(_ out: Floats, _ x: UnsafePointer<Float>, rows: Int, hidden: Int) {
        decode_swiglu(out, x, rows, hidden)
    }

    package static func silu(_ x: Floats, count: Int) { decode_silu(x, count) }

    package static func bridge(
        _ out: Floats, _ qkv: UnsafePointer<Float>, width: Int, heads: Int, headDim: Int, scores: Floats
    ) {
        decode_bridge(out, qkv, width, heads, headDim, scores)
    }

    package static func exponentials(
        _ out: Floats, of logits: Floats, count: Int, scale: Float
    ) -> (logSum: Float, sum: Double) {
        var sum = 0.0
        let logSum = decode_exponentials(out, logits, count, scale, &sum)
        return (logSum, sum)
    }

    package static func pick(_ weights: UnsafePointer<Float>, count: Int, target: Double) -> Int {
        decode_pick(weights, count, target)
    }

    package static func argmax(_ values: UnsafePointer<Float>, count: Int) -> Int { decode_argmax(values, count) }
}

extension WeightPrecision {
    fileprivate var kernel: decode_precision {
        switch self {
        case .f32: DECODE_F32
        case .bf16: DECODE_BF16
        case .q8: DECODE_Q8
        }
    }
}
