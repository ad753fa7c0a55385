import Tensors

/// A model as the decoding path sees it.
struct DecodeModel {
    let configuration: TransformerConfiguration
    let weights: DecodeWeights
    let bridge: DecodeBridge?
    private let rotary: PackedRotary

    /// - Parameter length: the longest text, in tokens.
    init(_ model: LanguageModel, length: Int) throws {
        configuration = model.configuration
        weights = try model.packed.get(model.parameters(.old)) { try DecodeWeights(model.weights) }
        bridge = try model.bridge.map { blocks in
            try model.packedBridge.get(model.parameters(.new)) { try DecodeBridge(blocks) }
        }
        rotary = PackedRotary(model.configuration, length: length)
    }

    var cosines: UnsafeMutablePointer<Float> { rotary.cosines }
    var sines: UnsafeMutablePointer<Float> { rotary.sines }
    var embedding: UnsafeMutablePointer<Float> { weights.embedding.storage.pointer + weights.embedding.offset }
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

/// One step of the decoding path for a number of rows: `decode_row` says of each which token it is, where its keys go
/// and what it attends to. The mathematics is that of `LanguageModel.hiddenStates`, and a test that both agree.
struct DecodeForward {
    let model: DecodeModel
    let scratch: DecodeScratch
    /// Whether the work of one kernel is shared among threads; if not, the caller shares out rows.
    let isParallel: Bool

    /// Leaves the residual stream after the last layer in `scratch.x`, and keys and values in the caches.
    /// - Parameter groups: runs of rows that Bridge lets see each other; together all rows.
    func run(_ rows: UnsafePointer<DecodeKernels.Row>, count: Int, groups: ArraySlice<Range<Int>>) {
        let s = scratch, c = model.configuration
        DecodeKernels.embed(s.x, table: model.embedding, rows: rows, count: count, dim: c.dim)
        for (index, layer) in model.weights.layers.enumerated() {
            norm(layer.inputNorm, count)
            linear(s.projected, s.normed, layer.attention, count)
            normHeads(layer, count)
            attention(rows, count: count, layer: index)
            linear(s.x, s.attended, layer.output, count, accumulate: true)

            norm(layer.postNorm, count)
            linear(s.gateUp, s.normed, layer.feedforward, count)
            DecodeKernels.swiGLU(s.hidden, s.gateUp, rows: count, hidden: c.hiddenDim)
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
        share(count) { range in
            DecodeKernels.attention(
                s.attended + range.lowerBound * c.queryDim, s.projected + range.lowerBound * width,
                rows: rows + range.lowerBound, count: range.count, layer: layer, heads: heads,
                scores: s.scores + range.lowerBound * s.scoreLength)
        }
    }

    private func run(_ block: DecodeBridge.Block, count: Int, groups: ArraySlice<Range<Int>>) {
        let s = scratch
        switch block {
        case .bridge(let weight, let attention, let output):
            let inner = output.inputs, heads = model.bridge?.configuration.heads ?? 1
            norm(weight, count)
            linear(s.projected, s.normed, attention, count)
            for group in groups {
                DecodeKernels.bridge(
                    s.attended + group.lowerBound * inner, s.projected + group.lowerBound * 3 * inner,
                    width: group.count, heads: heads, headDim: inner / heads, scores: s.scores)
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
        // Panels of about 64 thousand multiplications, or an eighth of all.
        let grain = max(1, (1 << 16) / max(weight.inputs * DecodeKernels.panel * count, 1), weight.panels / 8)
        share(weight.panels, grain: grain) { panels in
            DecodeKernels.linear(
                out, x, stride: weight.inputs, rows: count, packed: weight.floats, inputs: weight.inputs,
                columns: weight.columns, panels: panels, bias: weight.bias, accumulate: accumulate)
        }
    }

    private func share(_ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void) {
        if isParallel {
            ThreadPool.shared.run(count, grain: grain, body)
        } else {
            body(0..<count)
        }
    }
}
