/// The bytes of every token of a vocabulary, one after another; special tokens have those of their spelling.
struct TokenBytes: Sendable {
    private var bytes: [UInt8] = []
    /// Where each token starts, and the end.
    private var offsets: [Int32] = [0]

    var count: Int { offsets.count - 1 }

    mutating func reserve(_ tokens: Int) { offsets.reserveCapacity(tokens + 1) }

    /// Adds the next token.
    /// - Throws: `ModelError` where all together are too long.
    mutating func append(_ token: some Sequence<UInt8>, source: String) throws {
        bytes.append(contentsOf: token)
        guard let end = Int32(exactly: bytes.count) else {
            throw ModelError.damaged(source, "the tokens of its vocabulary are longer than 2 GiB together")
        }
        offsets.append(end)
    }

    /// The bytes of a token; none outside the vocabulary.
    subscript(token: Int32) -> ArraySlice<UInt8> {
        guard token >= 0, Int(token) < count else { return [] }
        return bytes[Int(offsets[Int(token)])..<Int(offsets[Int(token) + 1])]
    }
}
