/// A token that is recognised in the text before anything else, whole: chat markers, the end of the text, and what a
/// model's makers added to the vocabulary later. The fields are those of Hugging Face's `AddedToken`.
struct AddedToken: Equatable, Sendable {
    let id: Int32
    /// How it is spelled in text; not empty.
    var content: String
    /// Special tokens stand for no text.
    var isSpecial = true
    /// Whether it is looked for in the normalised text rather than in the text as given.
    var isNormalized = false
    /// Whether it takes in the white space before it.
    var stripsLeft = false
    /// Whether it takes in the white space behind it.
    var stripsRight = false
    /// Whether it counts only where no letter or number touches it.
    var isSingleWord = false
}

/// Finds added tokens in text: the leftmost, and among those that start at the same place the longest.
struct AddedTokenScanner: Sendable {
    enum Part {
        case text(Range<Int>)
        case token(Int32)
    }

    private struct Candidate: Sendable {
        let bytes: [UInt8]
        let token: AddedToken
    }

    /// By first byte; the longest first.
    private var candidates: [[Candidate]] = Array(repeating: [], count: 256)
    let isEmpty: Bool

    init(_ tokens: [AddedToken]) {
        isEmpty = tokens.isEmpty
        for token in tokens {
            let bytes = Array(token.content.utf8)
            if let first = bytes.first { candidates[Int(first)].append(Candidate(bytes: bytes, token: token)) }
        }
        for first in candidates.indices { candidates[first].sort { $0.bytes.count > $1.bytes.count } }
    }

    /// Calls `body` with the parts of a text in turn; empty parts are left out.
    /// - Parameter parsingSpecialTokens: whether special tokens count, or only the others.
    func forEachPart(
        of text: UnsafeBufferPointer<UInt8>, parsingSpecialTokens: Bool, _ body: (Part) throws -> Void
    ) rethrows {
        var start = 0
        var offset = 0
        while !isEmpty, offset < text.count {
            guard let match = match(in: text, at: offset, parsingSpecialTokens: parsingSpecialTokens) else {
                offset += 1
                continue
            }
            var before = offset
            offset += match.bytes.count
            if match.token.stripsLeft { before = startOfWhitespace(in: text, before: before, limit: start) }
            if match.token.stripsRight { offset = endOfWhitespace(in: text, from: offset) }
            if start < before { try body(.text(start..<before)) }
            try body(.token(match.token.id))
            start = offset
        }
        if start < text.count { try body(.text(start..<text.count)) }
    }

    @inline(__always)
    private func match(in text: UnsafeBufferPointer<UInt8>, at offset: Int, parsingSpecialTokens: Bool) -> Candidate? {
        let candidates = candidates[Int(text[offset])]
        return candidates.isEmpty
            ? nil
            : candidates.first { candidate in
                (parsingSpecialTokens || !candidate.token.isSpecial) && text[offset...].starts(with: candidate.bytes)
                    && (!candidate.token.isSingleWord || standsAlone(candidate, in: text, at: offset))
            }
    }

    private func standsAlone(_ candidate: Candidate, in text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        let before = String(decoding: text[..<offset], as: UTF8.self).unicodeScalars.last
        let after = String(decoding: text[(offset + candidate.bytes.count)...], as: UTF8.self).unicodeScalars.first
        return [before, after].allSatisfy { scalar in
            guard let scalar else { return true }
            let characterClass = CharacterClass(slow: scalar)
            return scalar != "_" && characterClass != .letter && characterClass != .number
        }
    }

    private func startOfWhitespace(in text: UnsafeBufferPointer<UInt8>, before end: Int, limit: Int) -> Int {
        let run = String(decoding: text[limit..<end], as: UTF8.self).unicodeScalars.reversed()
            .prefix { $0.properties.isWhitespace }
        return end - run.reduce(0) { $0 + UTF8.width($1) }
    }

    private func endOfWhitespace(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let run = String(decoding: text[start...], as: UTF8.self).unicodeScalars.prefix { $0.properties.isWhitespace }
        return start + run.reduce(0) { $0 + UTF8.width($1) }
    }
}
