/// Room for the activations of a number of rows, made once and used for every step.
final class DecodeScratch {
    /// Rows whose logits are held at once.
    static let logitRows = 32

    let capacity: Int
    /// The residual stream, (capacity, dim).
    let x: UnsafeMutablePointer<Float>
    let normed: UnsafeMutablePointer<Float>
    /// query | key | value of the attention or of Bridge, or P-Match's hidden, (capacity, whatever is widest).
    let projected: UnsafeMutablePointer<Float>
    let attended: UnsafeMutablePointer<Float>
    /// gate | up, (capacity, 2 hiddenDim).
    let gateUp: UnsafeMutablePointer<Float>
    let hidden: UnsafeMutablePointer<Float>
    /// What a product reads, where weights have 8 bits.
    let rounded: DecodeKernels.Rounded
    /// Attention scores, (capacity, scoreLength), so that rows can be worked on in parallel.
    let scores: UnsafeMutablePointer<Float>
    let scoreLength: Int
    /// (logitRows, vocabularySize).
    let logits: UnsafeMutablePointer<Float>
    /// One for each thread that draws tokens.
    let distributions: UnsafeMutablePointer<TokenDistribution>
    private let drawers: Int

    private let block: UnsafeMutablePointer<Float>

    /// - Parameters:
    ///   - rows: the most rows of a step.
    ///   - length: the longest text, in tokens.
    ///   - drawers: threads that draw tokens from it at once.
    init(
        _ c: TransformerConfiguration, bridge: BridgeConfiguration?, rows: Int, length: Int, options: SamplingOptions,
        drawers: Int
    ) {
        self.drawers = drawers
        capacity = rows
        scoreLength = max(length, rows)
        let inner = bridge?.dim ?? 0
        rounded = DecodeKernels.Rounded(
            rows: max(rows, Self.logitRows), inputs: max(c.dim, c.queryDim, c.hiddenDim, inner))
        let widths = [
            c.dim, c.dim, max(c.queryDim + 2 * c.keyValueDim, 3 * inner), max(c.queryDim, inner), 2 * c.hiddenDim,
            c.hiddenDim, scoreLength,
        ]
        // Sixteen floats between the parts: a cache line of their own.
        let sizes = widths.map { (rows * $0 + 31) / 16 * 16 } + [
            Self.logitRows * c.vocabularySize, drawers * c.vocabularySize,
        ]
        block = .allocate(capacity: sizes.reduce(0, +))
        var next = block
        let parts = sizes.map { size in
            defer { next += size }
            return next
        }
        (x, normed, projected, attended) = (parts[0], parts[1], parts[2], parts[3])
        (gateUp, hidden, scores, logits) = (parts[4], parts[5], parts[6], parts[7])
        distributions = .allocate(capacity: drawers)
        for drawer in 0..<drawers {
            let exponentials = parts[8] + drawer * c.vocabularySize
            (distributions + drawer).initialize(
                to: TokenDistribution(options: options, vocabularySize: c.vocabularySize, exponentials: exponentials))
        }
    }

    deinit {
        distributions.deinitialize(count: drawers)
        distributions.deallocate()
        rounded.deallocate()
        block.deallocate()
    }
}
