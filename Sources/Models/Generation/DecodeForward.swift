import Tensors

/// A model as the decoding path sees it.
struct DecodeModel {
    let configuration: TransformerConfiguration
    let weights: DecodeWeights
    let bridge: DecodeBridge?
    private let rotary: PackedRotary

    /// - Parameter length: the longest text, in tokens.
    init(_ model: LanguageModel, length: Int, precision: WeightPrecision) throws {
        configuration = model.configuration
        let key = LanguageModel.PackedKey(fingerprint: model.store.fingerprint, precision: precision)
        weights = try model.packed.get(key) { try DecodeWeights(model.store, precision) }
        bridge = try model.bridge.map { blocks in
            let fingerprint = WeightStore.fingerprint(of: blocks.namedParameters.map(\.tensor))
            return try model.packedBridge.get(fingerprint) { try DecodeBridge(blocks) }
        }
        rotary = PackedRotary(model.configuration, length: length)
    }

    var cosines: UnsafeMutablePointer<Float> { rotary.cosines }
    var sines: UnsafeMutablePointer<Float> { rotary.sines }
    var heads: DecodeKernels.Heads {
        DecodeKernels.Heads(
            heads: configuration.heads, key_value_heads: configuration.keyValueHeads, head_dim: configuration.headDim)
    }
}

/// The rotation of every position, (length, headDim / 2).
private final class PackedRotary {
    let cosines: UnsafeMutablePointer<Float>
    let sines: UnsafeMutablePointer<Float>

    init(_ configuration: TransformerConfiguration, length: Int) {
        let tables = configuration.rotaryTables(length: length)
        cosines = .allocate(capacity: max(tables.cosines.count, 1))
        sines = .allocate(capacity: max(tables.sines.count, 1))
        cosines.initialize(from: tables.cosines, count: tables.cosines.count)
        sines.initialize(from: tables.sines, count: tables.sines.count)
    }

    deinit {
        cosines.deallocate()
        sines.deallocate()
    }
}

/// Which rows of a step are of one group.
struct RowGroups {
    /// Runs of rows, ascending.
    let ranges: UnsafeBufferPointer<Range<Int>>
    /// The number that they count the step's first row by.
    let start: Int
}

/// One step of the decoding path for a number of rows: `decode_row` says of each which token it is, where its keys go
/// and what it attends to. The mathematics is that of `LanguageModel.hiddenStates`, and a test that both agree.
struct DecodeForward {
    let model: DecodeModel
    let scratch: DecodeScratch
    /// Who shares the work of each kernel; nil where the caller shares out rows.
    let team: DecodeTeam?

    /// Leaves the residual stream after the last layer in `scratch.x`, and keys and values in the caches.
    /// - Parameter groups: runs of rows that Bridge lets see each other; together all rows.
    func run(_ rows: UnsafePointer<DecodeKernels.Row>, count: Int, groups: RowGroups) {
        let s = scratch, c = model.configuration
        for row in 0..<count { model.weights.embedding.copyColumn(Int(rows[row].token), to: s.x + row * c.dim) }
        for (index, layer) in model.weights.layers.enumerated() {
            norm(layer.inputNorm, count)
            linear(s.projected, s.normed, layer.attention, count)
            normHeads(layer, count)
            attention(rows, count: count, layer: index)
            linear(s.x, s.attended, layer.output, count, accumulate: true)

            norm(layer.postNorm, count)
            linear(s.gateUp, s.normed, layer.feedforward, count)
            share(count) { _, row in
                DecodeKernels.swiGLU(
                    s.hidden + row * c.hiddenDim, s.gateUp + 2 * row * c.hiddenDim, rows: 1, hidden: c.hiddenDim)
            }
            linear(s.x, s.hidden, layer.down, count, accumulate: true)

            if let block = model.bridge?.blocks[index] { run(block, count: count, groups: groups) }
        }
    }

    /// Logits of rows of the residual stream, into `scratch.logits`.
    /// - Parameters:
    ///   - x: (count, dim), where count is at most `DecodeScratch.logitRows`.
    func logits(of x: UnsafePointer<Float>, count: Int) {
        let c = model.configuration
        DecodeKernels.rmsNorm(
            scratch.normed, x, weight: model.weights.finalNorm.floats, rows: count, dim: c.dim, epsilon: c.normEpsilon)
        linear(scratch.logits, scratch.normed, model.weights.output, count)
    }

    /// Normalises each query and key head of `scratch.projected` where the model does (Qwen3).
    private func normHeads(_ layer: DecodeWeights.Layer, _ count: Int) {
        guard let query = layer.queryNorm, let key = layer.keyNorm else { return }
        let c = model.configuration
        for row in 0..<count {
            let heads = scratch.projected + row * (c.queryDim + 2 * c.keyValueDim)
            DecodeKernels.rmsNorm(
                heads, heads, weight: query.floats, rows: c.heads, dim: c.headDim, epsilon: c.normEpsilon)
            DecodeKernels.rmsNorm(
                heads + c.queryDim, heads + c.queryDim, weight: key.floats, rows: c.keyValueHeads, dim: c.headDim,
                epsilon: c.normEpsilon)
        }
    }

    private func attention(_ rows: UnsafePointer<DecodeKernels.Row>, count: Int, layer: Int) {
        let s = scratch, c = model.configuration, heads = model.heads
        DecodeKernels.rotateAndStore(
            s.projected, rows: rows, count: count, layer: layer, heads: heads, cosines: model.cosines,
            sines: model.sines)
        let width = c.queryDim + 2 * c.keyValueDim
        share(count) { _, row in
            DecodeKernels.attention(
                s.attended + row * c.queryDim, s.projected + row * width, rows: rows + row, count: 1, layer: layer,
                heads: heads, scores: s.scores + row * s.scoreLength)
        }
    }

    private func run(_ block: DecodeBridge.Block, count: Int, groups: RowGroups) {
        let s = scratch
        switch block {
        case .bridge(let weight, let attention, let output):
            let inner = output.inputs, heads = model.bridge?.configuration.heads ?? 1
            norm(weight, count)
            linear(s.projected, s.normed, attention, count)
            for group in groups.ranges {
                let first = group.lowerBound - groups.start
                DecodeKernels.bridge(
                    s.attended + first * inner, s.projected + first * 3 * inner, width: group.count, heads: heads,
                    headDim: inner / heads, scores: s.scores)
            }
            linear(s.x, s.attended, output, count, accumulate: true)
        case .pmatch(let weight, let up, let down):
            norm(weight, count)
            linear(s.projected, s.normed, up, count)
            DecodeKernels.silu(s.projected, count: count * up.columns)
            linear(s.x, s.projected, down, count, accumulate: true)
        }
    }

    /// `scratch.normed` from `scratch.x`.
    private func norm(_ weight: PackedVector, _ count: Int) {
        DecodeKernels.rmsNorm(
            scratch.normed, scratch.x, weight: weight.floats, rows: count, dim: model.configuration.dim,
            epsilon: model.configuration.normEpsilon)
    }

    private func linear(
        _ out: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ weight: PackedMatrix, _ count: Int,
        accumulate: Bool = false
    ) {
        if weight.precision == .q8 { scratch.rounded.round(x, rows: count, inputs: weight.inputs) }
        // Pieces of about 64 thousand multiplications, and some for each thread.
        let panels = max(1, (1 << 16) / max(weight.inputs * DecodeKernels.panel * count, 1), weight.panels / 16)
        let pieces = team == nil ? 1 : (weight.panels + panels - 1) / panels
        share(pieces) { _, piece in
            let range = pieces == 1 ? 0..<weight.panels : piece * panels..<min((piece + 1) * panels, weight.panels)
            weight.multiply(
                out, x, rounded: scratch.rounded, rows: count, panels: range, accumulate: accumulate)
        }
    }

    /// Calls `body` with every index below `count`, by the threads of the team where there is one.
    func share(_ count: Int, _ body: DecodeTeam.Body) {
        if let team { return team.run(count, body) }
        for index in 0..<count { body(0, index) }
    }
}
