import CKernels

/// The C kernels of the decoding path by their Swift names. Pointers must be valid for the shapes given; nothing is
/// checked here.
package enum DecodeKernels {
    package typealias Row = decode_row
    package typealias Span = decode_span
    package typealias Heads = decode_heads
    package typealias Floats = UnsafeMutablePointer<Float>

    /// Caches have their keys in blocks of this many.
    package static let blockKeys = Int(DECODE_KEYS)

    /// Packed weights have their columns in panels of this many.
    package static let panel = Int(DECODE_PANEL)

    /// Bytes of a panel of a weight with so many inputs.
    package static func panelBytes(_ precision: WeightPrecision, inputs: Int) -> Int {
        decode_panel_bytes(precision.kernel, inputs)
    }

    /// Copies an (outputs, inputs) weight into the columns from `firstColumn` on of a packed weight, rounded as
    /// `precision` says; `panelBytes` times the panels of all columns is the room that it needs.
    package static func pack(
        _ weight: UnsafePointer<Float>, into packed: UnsafeMutableRawPointer, firstColumn: Int, outputs: Int,
        inputs: Int, precision: WeightPrecision
    ) {
        decode_pack_panels(packed, weight, firstColumn, outputs, inputs, precision.kernel)
    }

    /// `out` (+)= x W^T + bias for the columns of some panels, in any precision but `.q8`. `x` is (rows, inputs) with
    /// `stride` floats from row to row, `out` (rows, columns).
    package static func linear(
        _ out: Floats, _ x: UnsafePointer<Float>, stride: Int, rows: Int, packed: UnsafeRawPointer,
        precision: WeightPrecision, inputs: Int, columns: Int, panels: Range<Int>, bias: UnsafePointer<Float>?,
        accumulate: Bool
    ) {
        precondition(precision != .q8, "weights in 8 bits take rounded inputs")
        decode_panels(
            out, columns, x, stride, rows, packed, precision.kernel, inputs, columns, panels.lowerBound,
            panels.upperBound, bias, accumulate ? 1 : 0)
    }

    /// Room for inputs as the products with weights in `.q8` take them: whole numbers of 16 bits and a scale for each
    /// run of 32, in the order in which the products read them. The owner deallocates it.
    package struct Rounded {
        package let numbers: UnsafeMutablePointer<Int16>
        package let scales: Floats

        package init(rows: Int, inputs: Int) {
            let run = Int(DECODE_RUN), runs = (inputs + run - 1) / run
            numbers = .allocate(capacity: Swift.max(rows * runs * run, 1))
            scales = .allocate(capacity: Swift.max(rows * runs, 1))
        }

        package func deallocate() {
            numbers.deallocate()
            scales.deallocate()
        }

        /// What is behind so many rows.
        func from(row: Int, inputs: Int) -> Rounded {
            let run = Int(DECODE_RUN), runs = (inputs + run - 1) / run
            return Rounded(numbers: numbers + row * runs * run, scales: scales + row * runs)
        }

        private init(numbers: UnsafeMutablePointer<Int16>, scales: Floats) {
            (self.numbers, self.scales) = (numbers, scales)
        }

        /// Takes in some rows of `x`, (rows, inputs). A product takes the rows that were rounded as one.
        package func round(_ x: UnsafePointer<Float>, _ some: Range<Int>, rows: Int, inputs: Int) {
            decode_round(numbers, scales, x, some.lowerBound, some.upperBound, rows, inputs)
        }
    }

    /// As `linear`, for weights in `.q8`.
    package static func linear(
        _ out: Floats, _ x: Rounded, rows: Int, packed: UnsafeRawPointer, inputs: Int, columns: Int,
        panels: Range<Int>, bias: UnsafePointer<Float>?, accumulate: Bool
    ) {
        decode_panels_q8(
            out, columns, x.numbers, x.scales, rows, packed, inputs, columns, panels.lowerBound, panels.upperBound,
            bias, accumulate ? 1 : 0)
    }

    /// Row `column` of the (outputs, inputs) weight that was packed.
    package static func column(
        _ out: Floats, packed: UnsafeRawPointer, precision: WeightPrecision, inputs: Int, column: Int
    ) {
        decode_packed_column(out, packed, precision.kernel, inputs, column)
    }

    /// The same with a plain (columns, inputs) weight and all columns, summed in double precision: for tests.
    package static func linearNaive(
        _ out: Floats, _ x: UnsafePointer<Float>, rows: Int, weight: UnsafePointer<Float>, inputs: Int, columns: Int,
        bias: UnsafePointer<Float>?, accumulate: Bool
    ) {
        decode_linear_naive(out, x, rows, weight, inputs, columns, bias, accumulate ? 1 : 0)
    }

    /// `out` = x / sqrt(mean(x^2) + epsilon) * weight for each of (rows, dim); `out` may be `x`.
    package static func rmsNorm(
        _ out: Floats, _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, rows: Int, dim: Int, epsilon: Float
    ) {
        decode_rms_norm(out, x, weight, rows, dim, epsilon)
    }

    /// Rotates the queries and keys of `qkv`, (count, query | key | value), to their rows' positions, and stores keys
    /// and values where the rows say, for one layer. The tables are (length, head width / 2).
    package static func rotateAndStore(
        _ qkv: Floats, rows: UnsafePointer<Row>, count: Int, layer: Int, heads: Heads, cosines: UnsafePointer<Float>,
        sines: UnsafePointer<Float>
    ) {
        decode_rotate_and_store(qkv, rows, count, layer, heads, cosines, sines)
    }

    /// Attention of the queries of one key-value head, of rows that share their prefix, over the keys of the prefix and
    /// of each one's tail: `out` (count, queries of all heads), `room` for as many floats as `attentionRoom` says, for
    /// each row and query of the head.
    package static func attention(
        _ out: Floats, _ qkv: UnsafePointer<Float>, rows: UnsafePointer<Row>, count: Int, layer: Int, heads: Heads,
        keyValueHead: Int, room: Floats
    ) {
        decode_attention(out, qkv, rows, count, layer, heads, keyValueHead, room)
    }

    /// Floats that the attention of one query over so many keys takes.
    package static func attentionRoom(keys: Int, headDim: Int) -> Int { decode_attention_room(keys, headDim) }

    /// `out` = silu(gate) * up for (rows, gate | up) in `x`, (rows, hidden).
    package static func swiGLU(_ out: Floats, _ x: UnsafePointer<Float>, rows: Int, hidden: Int) {
        decode_swiglu(out, x, rows, hidden)
    }

    /// x / (1 + exp(-x)) in place.
    package static func silu(_ x: Floats, count: Int) { decode_silu(x, count) }

    /// Attention of some rows of one group over all of the group (arXiv 2510.01143, section 3): `qkv` (width, query |
    /// key | value), `out` (width, heads * headDim), `scores` room for `width` floats.
    package static func bridge(
        _ out: Floats, _ qkv: UnsafePointer<Float>, rows: Range<Int>, width: Int, heads: Int, headDim: Int,
        scores: Floats
    ) {
        decode_bridge(out, qkv, rows.lowerBound, rows.upperBound, width, heads, headDim, scores)
    }

    /// Leaves exp((logits - largest) * scale) in `out`, and what the exponentials are of in `logits`.
    /// - Returns: the logarithm of the sum of `out`, and the sum: negative where the logits were not numbers.
    package static func exponentials(
        _ out: Floats, of logits: Floats, count: Int, scale: Float
    ) -> (logSum: Float, sum: Double) {
        var sum = 0.0
        let logSum = decode_exponentials(out, logits, count, scale, &sum)
        return (logSum, sum)
    }

    /// The place where the running sum of weights passes the target; the last with a weight where none does.
    package static func pick(_ weights: UnsafePointer<Float>, count: Int, target: Double) -> Int {
        decode_pick(weights, count, target)
    }

    /// The place of the first largest value.
    package static func argmax(_ values: UnsafePointer<Float>, count: Int) -> Int { decode_argmax(values, count) }
}

extension WeightPrecision {
    fileprivate var kernel: decode_precision {
        switch self {
        case .f32: DECODE_F32
        case .bf16: DECODE_BF16
        case .f16: DECODE_F16
        case .q8: DECODE_Q8
        case .q4: DECODE_Q4
        }
    }
}
