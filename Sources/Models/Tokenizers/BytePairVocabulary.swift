/// A byte-pair vocabulary that was checked: its tokens as bytes, its merges as ids.
struct BytePairVocabulary {
    /// More tokens than any model in use has by far; ids must fit 32 bits with room to spare.
    static let sizeLimit = 1 << 24

    private(set) var tokenBytes = TokenBytes()
    private(set) var byteTokens = [Int32](repeating: -1, count: 256)
    private(set) var merges: MergeTable

    /// - Throws: `ModelError` when a merge names a token that is not there, an added token has an id outside, or the
    ///   vocabulary is empty or too large.
    init(_ description: BytePairDescription) throws {
        merges = MergeTable(capacity: description.merges.count)
        guard 1...BytePairVocabulary.sizeLimit ~= description.tokens.count else {
            throw ModelError.damaged(description.source, "a vocabulary of \(description.tokens.count) tokens cannot be")
        }
        try addTokens(description)
        try addMerges(description)
    }

    private mutating func addTokens(_ description: BytePairDescription) throws {
        var added: [Int: String] = [:]
        for token in description.addedTokens {
            guard description.tokens.indices.contains(Int(token.id)) else {
                throw ModelError.damaged(
                    description.source,
                    "the added token \(quoted(token.content)) has the id \(token.id), outside the vocabulary")
            }
            added[Int(token.id)] = token.content
        }
        tokenBytes.reserve(description.tokens.count)
        for (id, token) in description.tokens.enumerated() {
            if let content = added[id] {
                try tokenBytes.append(content.utf8, source: description.source)
            } else if let spelled = ByteAlphabet.bytes(of: token) {
                if spelled.count == 1 { byteTokens[Int(spelled[0])] = Int32(id) }
                try tokenBytes.append(spelled, source: description.source)
            } else {
                try tokenBytes.append(token.utf8, source: description.source)
            }
        }
    }

    private mutating func addMerges(_ description: BytePairDescription) throws {
        var ids: [String: Int32] = [:]
        ids.reserveCapacity(description.tokens.count)
        for (id, token) in description.tokens.enumerated() where !token.isEmpty { ids[token] = Int32(id) }
        for (rank, pair) in description.merges.enumerated() {
            guard let left = ids[pair.left], let right = ids[pair.right], let merged = ids[pair.left + pair.right]
            else {
                throw ModelError.damaged(
                    description.source,
                    "merge \(rank) of \(quoted(pair.left)) and \(quoted(pair.right)) names a token that is not in "
                        + "the vocabulary")
            }
            merges.insert(left, right, MergeTable.Merge(rank: UInt32(rank), token: merged))
        }
    }

    /// The tokens that a whole piece of text can be.
    func wholePieces(addedTokens: [AddedToken]) -> [[UInt8]: Int32] {
        let added = Set(addedTokens.map(\.id))
        var pieces: [[UInt8]: Int32] = [:]
        for id in 0..<Int32(tokenBytes.count) where !added.contains(id) {
            let token = tokenBytes[id]
            if !token.isEmpty { pieces[Array(token)] = id }
        }
        return pieces
    }
}
