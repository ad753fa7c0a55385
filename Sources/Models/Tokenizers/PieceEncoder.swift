/// What a tokeniser works with while it encodes: the words it remembers, and room for merging those it does not.
struct PieceEncoder: Sendable {
    /// The tokens of the piece at hand before any is merged.
    var symbols: [Int32] = []
    private var cache = WordCache()
    private var merger = PairMerger()

    /// Appends the tokens of a piece of text.
    /// - Parameter encode: appends them if they are not remembered.
    @inline(__always)
    mutating func append(
        _ piece: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32],
        _ encode: (inout PieceEncoder, inout [Int32]) -> Void
    ) {
        guard let start = piece.baseAddress else { return }
        let key = WordCache.Key(start, count: piece.count)
        if let key, cache.append(key, to: &tokens) { return }
        let first = tokens.count
        encode(&self, &tokens)
        if let key { cache.store(key, tokens[first...]) }
    }

    /// Appends the tokens that `symbols` become by merging.
    mutating func appendMerged(by merges: MergeTable, to tokens: inout [Int32]) {
        merger.appendMerged(symbols, by: merges, to: &tokens)
    }
}
