import Interruption
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

/// One step of the decoding path for a number of rows, whose kernels a team shares. The mathematics is that of
/// `LanguageModel.hiddenStates`, and a test that both agree.
struct DecodeForward {
    let model: DecodeModel
    let scratch: DecodeScratch
    let team: DecodeTeam

    /// Leaves the residual stream after the last layer in `scratch.x`, and keys and values in the caches. To be called
    /// by the team's leader.
    /// - Throws: `Interrupted` between layers.
    func run(_ step: DecodeStep) throws {
        let s = scratch, c = model.configuration, count = step.count
        for row in 0..<count { model.weights.embedding.copyColumn(Int(step.rows[row].token), to: s.x + row * c.dim) }
        for index in model.weights.layers.indices {
            try Interruption.check()
            let layer = model.weights.layers[index]
            norm(s.x, layer.inputNorm, count)
            linear(s.projected, s.normed, layer.attention, count)
            let heads = HeadsWork(step: step, layer: index, model: model, scratch: s)
            team.run(heads.pieces, heads)
            let attention = AttentionWork(step: step, layer: index, heads: model.heads, scratch: s)
            team.run(attention.pieces, attention)
            linear(s.x, s.attended, layer.output, count, accumulate: true)

            norm(s.x, layer.postNorm, count)
            linear(s.gateUp, s.normed, layer.feedforward, count)
            team.run(count, SwiGLUWork(scratch: s, hidden: c.hiddenDim))
            linear(s.x, s.hidden, layer.down, count, accumulate: true)

            if let block = model.bridge?.blocks[index] { run(block, step) }
        }
    }

    /// Logits of rows of the residual stream, into `scratch.logits`.
    /// - Parameters:
    ///   - x: (count, dim), where count is at most `DecodeScratch.logitRows`.
    func logits(of x: UnsafeMutablePointer<Float>, count: Int) {
        norm(x, model.weights.finalNorm, count)
        linear(scratch.logits, scratch.normed, model.weights.output, count)
    }

    private func run(_ block: DecodeBridge.Block, _ step: DecodeStep) {
        let s = scratch, count = step.count
        switch block {
        case .bridge(let weight, let attention, let output):
            norm(s.x, weight, count)
            linear(s.projected, s.normed, attention, count)
            let heads = model.bridge?.configuration.heads ?? 1
            let across = BridgeWork(step: step, heads: heads, inner: output.inputs, scratch: s)
            team.run(step.blocks.count, across)
            linear(s.x, s.attended, output, count, accumulate: true)
        case .pmatch(let weight, let up, let down):
            norm(s.x, weight, count)
            linear(s.projected, s.normed, up, count)
            DecodeKernels.silu(s.projected, count: count * up.columns)
            linear(s.x, s.projected, down, count, accumulate: true)
        }
    }

    /// `scratch.normed` from `x`, (count, dim).
    private func norm(_ x: UnsafeMutablePointer<Float>, _ weight: PackedVector, _ count: Int) {
        let work = NormWork(
            out: scratch.normed, x: x, weight: weight, dim: model.configuration.dim,
            epsilon: model.configuration.normEpsilon, count: count)
        team.run(work.pieces, work)
    }

    private func linear(
        _ out: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ weight: PackedMatrix, _ count: Int,
        accumulate: Bool = false
    ) {
        if weight.precision == .q8 {
            let work = RoundWork(rounded: scratch.rounded, x: x, inputs: weight.inputs, count: count)
            team.run(work.pieces, work)
        }
        let work = LinearWork(
            out: out, x: x, rounded: scratch.rounded, weight: weight, count: count, accumulate: accumulate)
        team.run(work.pieces, work)
    }
}
