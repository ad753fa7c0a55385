/// The kernels of a step of decoding, each cut into the pieces that a team shares.

/// `out` (+)= x W^T + bias, by runs of rows and panels of the weight.
struct LinearWork: SharedWork {
    let out: UnsafeMutablePointer<Float>
    let x: UnsafeMutablePointer<Float>
    /// x, where the weight has 8 bits.
    let rounded: DecodeKernels.Rounded
    let weight: PackedMatrix
    let count: Int
    let accumulate: Bool
    private let rowRuns: Int
    private let panels: Int
    private let panelRuns: Int

    /// Rows that are worked on with the weight passing by once: enough to make use of a weight once it is in the cache,
    /// few enough to keep their activations there.
    private static let rows = 96

    init(
        out: UnsafeMutablePointer<Float>, x: UnsafeMutablePointer<Float>, rounded: DecodeKernels.Rounded,
        weight: PackedMatrix, count: Int, accumulate: Bool
    ) {
        (self.out, self.x, self.rounded, self.weight) = (out, x, rounded, weight)
        (self.count, self.accumulate) = (count, accumulate)
        rowRuns = (count + Self.rows - 1) / Self.rows
        // Pieces of about 64 thousand multiplications, and some for each thread.
        let multiplications = weight.inputs * DecodeKernels.panel * min(count, Self.rows)
        panels = max(1, (1 << 16) / max(multiplications, 1), weight.panels / 16)
        panelRuns = (weight.panels + panels - 1) / panels
    }

    var pieces: Int { rowRuns * panelRuns }

    func perform(_ piece: Int, thread: Int) {
        let (rowRun, panelRun) = (piece / panelRuns, piece % panelRuns)
        let (first, last) = (count * rowRun / rowRuns, count * (rowRun + 1) / rowRuns)
        weight.multiply(
            out + first * weight.columns, x + first * weight.inputs,
            rounded: rounded.from(row: first, inputs: weight.inputs), rows: last - first,
            panels: panelRun * panels..<min((panelRun + 1) * panels, weight.panels), accumulate: accumulate)
    }
}

/// Rows that are too little work to be worth a thread's attention one by one.
private struct RowRuns {
    let pieces: Int
    let count: Int

    /// - Parameter floats: of a row.
    init(_ count: Int, floats: Int) {
        self.count = count
        pieces = min(count, max(count * floats / (1 << 14), 1))
    }

    subscript(piece: Int) -> Range<Int> { count * piece / pieces..<count * (piece + 1) / pieces }
}

/// RMS norm of rows.
struct NormWork: SharedWork {
    let out: UnsafeMutablePointer<Float>
    let x: UnsafeMutablePointer<Float>
    let weight: PackedVector
    let dim: Int
    let epsilon: Float
    private let runs: RowRuns

    init(
        out: UnsafeMutablePointer<Float>, x: UnsafeMutablePointer<Float>, weight: PackedVector, dim: Int,
        epsilon: Float, count: Int
    ) {
        (self.out, self.x, self.weight, self.dim, self.epsilon) = (out, x, weight, dim, epsilon)
        runs = RowRuns(count, floats: dim)
    }

    var pieces: Int { runs.pieces }

    func perform(_ piece: Int, thread: Int) {
        let rows = runs[piece], first = rows.lowerBound * dim
        DecodeKernels.rmsNorm(
            out + first, x + first, weight: weight.floats, rows: rows.count, dim: dim, epsilon: epsilon)
    }
}

/// Inputs of products with weights of 8 bits.
struct RoundWork: SharedWork {
    let rounded: DecodeKernels.Rounded
    let x: UnsafeMutablePointer<Float>
    let inputs: Int
    private let runs: RowRuns

    init(rounded: DecodeKernels.Rounded, x: UnsafeMutablePointer<Float>, inputs: Int, count: Int) {
        (self.rounded, self.x, self.inputs) = (rounded, x, inputs)
        runs = RowRuns(count, floats: inputs)
    }

    var pieces: Int { runs.pieces }

    func perform(_ piece: Int, thread: Int) {
        let rows = runs[piece], first = rows.lowerBound
        rounded.from(row: first, inputs: inputs).round(x + first * inputs, rows: rows.count, inputs: inputs)
    }
}

/// Attention to the caches: a piece is a block of rows with the queries of one key-value head.
struct AttentionWork: SharedWork {
    let step: DecodeStep
    let layer: Int
    let heads: DecodeKernels.Heads
    let scratch: DecodeScratch

    var pieces: Int { step.blocks.count * heads.key_value_heads }

    func perform(_ piece: Int, thread: Int) {
        let rows = step.blocks[piece / heads.key_value_heads].rows
        let queries = heads.heads * heads.head_dim
        let width = queries + 2 * heads.key_value_heads * heads.head_dim
        DecodeKernels.attention(
            scratch.attended + rows.lowerBound * queries, scratch.projected + rows.lowerBound * width,
            rows: step.rows + rows.lowerBound, count: rows.count, layer: layer, heads: heads,
            keyValueHead: piece % heads.key_value_heads, room: scratch.room(of: thread))
    }
}

/// The gated hidden units of a row.
struct SwiGLUWork: SharedWork {
    let scratch: DecodeScratch
    let hidden: Int

    func perform(_ row: Int, thread: Int) {
        DecodeKernels.swiGLU(
            scratch.hidden + row * hidden, scratch.gateUp + 2 * row * hidden, rows: 1, hidden: hidden)
    }
}

/// Attention across the rows of a group: a piece is a block of rows.
struct BridgeWork: SharedWork {
    let step: DecodeStep
    let heads: Int
    let inner: Int
    let scratch: DecodeScratch

    func perform(_ piece: Int, thread: Int) {
        let block = step.blocks[piece], group = block.group.lowerBound
        let out = scratch.attended, qkv = scratch.projected, scores = scratch.room(of: thread)
        func attend(_ rows: Range<Int>, across first: Int, width: Int) {
            DecodeKernels.bridge(
                out + first * inner, qkv + first * 3 * inner, rows: rows.lowerBound - first..<rows.upperBound - first,
                width: width, heads: heads, headDim: inner / heads, scores: scores)
        }
        if step.rowsSeeEachOther {
            attend(block.rows, across: group, width: block.group.count)
        } else {
            for row in block.rows { attend(row..<row + 1, across: row, width: 1) }
        }
    }
}
