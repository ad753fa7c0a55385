/// The kernels of a step of decoding, each cut into the pieces that a team shares.

/// `out` (+)= x W^T + bias, by runs of rows and panels of the weight.
struct LinearWork: SharedWork {
    let out: UnsafeMutablePointer<Float>
    let x: UnsafeMutablePointer<Float>
    /// x, where the weight has 8 bits.
    let rounded: DecodeKernels.Rounded
    let weight: PackedMatrix
    let accumulate: Bool
    private let rowRuns: RowRuns
    private let panels: Int
    private let panelRuns: Int

    init(
        out: UnsafeMutablePointer<Float>, x: UnsafeMutablePointer<Float>, rounded: DecodeKernels.Rounded,
        weight: PackedMatrix, count: Int, accumulate: Bool
    ) {
        (self.out, self.x, self.rounded, self.weight) = (out, x, rounded, weight)
        self.accumulate = accumulate
        rowRuns = .products(count)
        // Pieces of about 64 thousand multiplications, and enough for the last ones to end at about the same time.
        let multiplications = weight.inputs * DecodeKernels.panel * rowRuns.most
        panels = max(1, (1 << 16) / max(multiplications, 1), weight.panels / 64)
        panelRuns = (weight.panels + panels - 1) / panels
    }

    var pieces: Int { rowRuns.pieces * panelRuns }

    func perform(_ piece: Int, thread: Int) {
        let rows = rowRuns[piece / panelRuns], panel = piece % panelRuns * panels
        weight.multiply(
            out + rows.lowerBound * weight.columns, x + rows.lowerBound * weight.inputs,
            rounded: rounded.from(row: rows.lowerBound, inputs: weight.inputs), rows: rows.count,
            panels: panel..<min(panel + panels, weight.panels), accumulate: accumulate)
    }
}

/// Runs of neighbouring rows, of about the same length.
private struct RowRuns {
    let pieces: Int
    let count: Int

    init(_ count: Int, pieces: Int) { (self.count, self.pieces) = (count, pieces) }

    /// Rows that are too little work to be worth a thread's attention one by one.
    /// - Parameter floats: of a row.
    init(_ count: Int, floats: Int) { self.init(count, pieces: min(count, max(count * floats / (1 << 14), 1))) }

    /// Rows that are worked on with a weight passing by once: enough to make use of it once it is in the cache, few
    /// enough to keep their activations there.
    static func products(_ count: Int) -> RowRuns { RowRuns(count, pieces: (count + 95) / 96) }

    /// Rows of the longest run.
    var most: Int { (count + pieces - 1) / pieces }

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

/// Inputs of products with weights of 8 bits: the rows of each product by themselves.
struct RoundWork: SharedWork {
    let rounded: DecodeKernels.Rounded
    let x: UnsafeMutablePointer<Float>
    let inputs: Int
    private let products: RowRuns
    private let parts: Int

    init(rounded: DecodeKernels.Rounded, x: UnsafeMutablePointer<Float>, inputs: Int, count: Int) {
        (self.rounded, self.x, self.inputs) = (rounded, x, inputs)
        products = .products(count)
        parts = RowRuns(products.most, floats: inputs).pieces
    }

    var pieces: Int { products.pieces * parts }

    func perform(_ piece: Int, thread: Int) {
        let rows = products[piece / parts], first = rows.lowerBound
        rounded.from(row: first, inputs: inputs).round(
            x + first * inputs, RowRuns(rows.count, pieces: parts)[piece % parts], rows: rows.count, inputs: inputs)
    }
}

/// Queries and keys of rows, normalised where the model does (Qwen3) and rotated; keys and values go to the caches.
struct HeadsWork: SharedWork {
    let step: DecodeStep
    let layer: Int
    let model: DecodeModel
    let scratch: DecodeScratch
    private let width: Int
    private let runs: RowRuns

    init(step: DecodeStep, layer: Int, model: DecodeModel, scratch: DecodeScratch) {
        (self.step, self.layer, self.model, self.scratch) = (step, layer, model, scratch)
        width = model.configuration.queryDim + 2 * model.configuration.keyValueDim
        runs = RowRuns(step.count, floats: width)
    }

    var pieces: Int { runs.pieces }

    func perform(_ piece: Int, thread: Int) {
        let rows = runs[piece], qkv = scratch.projected + rows.lowerBound * width
        let weights = model.weights.layers[layer]
        if let query = weights.queryNorm, let key = weights.keyNorm {
            for row in 0..<rows.count { normalise(qkv + row * width, query, key) }
        }
        DecodeKernels.rotateAndStore(
            qkv, rows: step.rows + rows.lowerBound, count: rows.count, layer: layer, heads: model.heads,
            cosines: model.cosines, sines: model.sines)
    }

    private func normalise(_ heads: UnsafeMutablePointer<Float>, _ query: PackedVector, _ key: PackedVector) {
        let c = model.configuration, keys = heads + c.queryDim
        DecodeKernels.rmsNorm(
            heads, heads, weight: query.floats, rows: c.heads, dim: c.headDim, epsilon: c.normEpsilon)
        DecodeKernels.rmsNorm(
            keys, keys, weight: key.floats, rows: c.keyValueHeads, dim: c.headDim, epsilon: c.normEpsilon)
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
