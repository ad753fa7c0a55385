import Interruption

extension SentencePieceDescription {
    /// A token of more bytes is none of a sound vocabulary: the SentencePiece library makes them of 16 characters.
    private static let longestToken = 512

    /// The merges that scores stand for: any two tokens whose spellings together are a token, and the pairs with the
    /// highest score first, as the SentencePiece library merges.
    /// - Parameter canMerge: whether the token with an id may come of a merge.
    /// - Throws: `ModelError` for a score that is no number and a token that is too long to be one; `Interrupted`.
    static func merges(
        of tokens: [String], scores: [Double], source: String, canMerge: (Int) -> Bool
    ) throws -> [Merge] {
        guard !scores.contains(where: \.isNaN) else {
            throw ModelError.damaged(source, "a token's score is not a number")
        }
        let mergeable = tokens.indices.filter { canMerge($0) && !tokens[$0].isEmpty }
        let index = try TokenIndex(tokens, of: mergeable, longest: longestToken, source: source)
        let order = mergeable.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
        var merges: [Merge] = []
        var rank: UInt32 = 0
        for (place, id) in order.enumerated() {
            if place % 1024 == 0 { try Interruption.check() }
            if place > 0, scores[id] != scores[order[place - 1]] { rank += 1 }
            var token = tokens[id]
            token.withUTF8 { bytes in
                index.forEachSplit(of: bytes) { left, right, whole in
                    merges.append(Merge(left: left, right: right, token: whole, rank: rank))
                }
            }
        }
        return merges
    }
}

/// Finds tokens by their bytes, and all ways to make a token of two: by hashes of its beginnings and ends, which are
/// made of one another, so that a token of n bytes takes n steps.
private struct TokenIndex {
    private let tokens: [String]
    /// Of tokens with one hash the last one; `next` leads to the others. Different spellings of one hash are rare.
    private var first: [UInt64: Int32] = [:]
    private var next: [Int32: Int32] = [:]
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    private let powers: [UInt64]

    init(_ tokens: [String], of ids: [Int], longest: Int, source: String) throws {
        self.tokens = tokens
        var powers: [UInt64] = [1]
        for _ in 0..<longest { powers.append(powers[powers.count - 1] &* TokenIndex.base) }
        self.powers = powers
        first.reserveCapacity(ids.count)
        for id in ids {
            guard tokens[id].utf8.count <= longest else {
                throw ModelError.damaged(
                    source, "the token \(id) has \(tokens[id].utf8.count) bytes; at most \(longest) are sound")
            }
            let hash = tokens[id].utf8.reduce(0) { TokenIndex.hash($0, $1) }
            // The last token of a spelling counts.
            if let other = first.updateValue(Int32(id), forKey: hash) {
                let isSame = tokens[Int(other)].utf8.elementsEqual(tokens[id].utf8)
                next[Int32(id)] = isSame ? next[other] : other
            }
        }
    }

    /// A byte more, with 1 added so that zeros count.
    private static func hash(_ before: UInt64, _ byte: UInt8) -> UInt64 { before &* base &+ UInt64(byte) &+ 1 }

    /// Calls `body` with the two halves, between characters, for each place where both are tokens.
    func forEachSplit(
        of token: UnsafeBufferPointer<UInt8>, _ body: (_ left: Int32, _ right: Int32, _ whole: Int32) -> Void
    ) {
        let all = token.reduce(0) { TokenIndex.hash($0, $1) }
        guard let whole = find(all, token[...]) else { return }
        var left: UInt64 = 0
        for place in token.indices.dropFirst() {
            left = TokenIndex.hash(left, token[place - 1])
            if token[place] & 0xC0 == 0x80 { continue }
            let right = all &- left &* powers[token.count - place]
            guard first[left] != nil, first[right] != nil else { continue }
            if let left = find(left, token[..<place]), let right = find(right, token[place...]) {
                body(left, right, whole)
            }
        }
    }

    private func find(_ hash: UInt64, _ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int32? {
        var id = first[hash]
        while let found = id, !tokens[Int(found)].utf8.elementsEqual(bytes) { id = next[found] }
        return id
    }
}
