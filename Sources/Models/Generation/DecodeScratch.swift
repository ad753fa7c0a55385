import Tensors

/// Room for the activations of a number of rows, made once and used for every step.
final class DecodeScratch {
    /// Rows whose logits are held at once.
    static let logitRows = 64

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
    /// What attention needs beside its results, (threads, roomLength).
    private let room: UnsafeMutablePointer<Float>
    private let roomLength: Int
    /// (logitRows, vocabularySize).
    let logits: UnsafeMutablePointer<Float>
    /// One for each thread.
    let distributions: UnsafeMutablePointer<TokenDistribution>
    private let threads: Int

    private let storage: Storage

    /// - Parameters:
    ///   - rows: the most rows of a step.
    ///   - length: the longest text, in tokens.
    ///   - threads: that work on a step.
    /// - Throws: `TensorError` without memory.
    init(_ model: DecodeModel, rows: Int, length: Int, options: SamplingOptions, threads: Int) throws {
        let c = model.configuration
        self.threads = threads
        // A cache line between those of two threads.
        let query = DecodeKernels.attentionRoom(keys: length, headDim: c.headDim)
        roomLength = max(DecodeStepRows.blockQueries(model.heads) * query, rows) / 16 * 16 + 32
        let inner = model.bridge?.configuration.dim ?? 0
        let widths = [
            c.dim, c.dim, max(c.queryDim + 2 * c.keyValueDim, 3 * inner), max(c.queryDim, inner), 2 * c.hiddenDim,
            c.hiddenDim,
        ]
        // Sixteen floats between the parts: a cache line of their own.
        let sizes = widths.map { (rows * $0 + 31) / 16 * 16 } + [
            threads * roomLength, min(rows, Self.logitRows) * c.vocabularySize, threads * c.vocabularySize,
        ]
        storage = try Storage(count: sizes.reduce(0, +))
        var next = storage.pointer
        let parts = sizes.map { size in
            defer { next += size }
            return next
        }
        (x, normed, projected, attended) = (parts[0], parts[1], parts[2], parts[3])
        (gateUp, hidden, room, logits) = (parts[4], parts[5], parts[6], parts[7])
        rounded = DecodeKernels.Rounded(rows: rows, inputs: max(c.dim, c.queryDim, c.hiddenDim, inner))
        distributions = .allocate(capacity: threads)
        for thread in 0..<threads {
            let exponentials = parts[8] + thread * c.vocabularySize
            (distributions + thread).initialize(
                to: TokenDistribution(options: options, vocabularySize: c.vocabularySize, exponentials: exponentials))
        }
    }

    func room(of thread: Int) -> UnsafeMutablePointer<Float> { room + thread * roomLength }

    deinit {
        distributions.deinitialize(count: threads)
        distributions.deallocate()
        rounded.deallocate()
    }
}
