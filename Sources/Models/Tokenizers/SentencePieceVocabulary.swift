/// A vocabulary in the manner of SentencePiece that was checked: its tokens as bytes with plain spaces, its characters
/// and its merges.
struct SentencePieceVocabulary: Sendable {
    private(set) var merges: MergeTable
    private var bytes: [UInt8] = []
    private var offsets: [Int32] = [0]
    /// The tokens that are one character, by code point.
    private var characters: [UInt32: Int32] = [:]
    /// The same for ASCII; -1 where there is none.
    private var asciiCharacters = [Int32](repeating: -1, count: 128)
    /// The token of each byte, or none where not all bytes have one.
    let byteTokens: [Int32]
    let unknownToken: Int32?
    let fusesUnknown: Bool
    /// The last code points before a space inside a token: the places where a word may go on over a space.
    private var precedeSpaceInside: Set<UInt32> = []
    /// The tokens as the vocabulary spells them.
    let spellings: [String]

    var count: Int { offsets.count - 1 }
    private static let space = UInt8(ascii: " ")

    /// - Throws: `ModelError` when a merge names a token that is not there, an id is outside, or the vocabulary is
    /// empty or too large.
    init(_ description: SentencePieceDescription) throws {
        let source = description.source
        guard 1...BytePairVocabulary.sizeLimit ~= description.tokens.count else {
            throw ModelError.damaged(source, "a vocabulary of \(description.tokens.count) tokens cannot be")
        }
        merges = MergeTable(capacity: description.merges.count)
        var byBytes = [Int32](repeating: -1, count: 256)
        if description.fallsBackToBytes {
            for (id, token) in description.tokens.enumerated() {
                if let byte = SentencePieceDescription.byte(of: token) { byteOrder(&byBytes, byte, id) }
            }
        }
        byteTokens = byBytes.contains(-1) ? [] : byBytes
        spellings = description.tokens
        unknownToken = description.unknownToken
        fusesUnknown = description.fusesUnknown
        try addTokens(description, bytesByToken: byBytes)
        try addMerges(description)
    }

    private mutating func addTokens(_ description: SentencePieceDescription, bytesByToken: [Int32]) throws {
        let source = description.source
        var added: [Int: String] = [:]
        for token in description.addedTokens {
            guard description.tokens.indices.contains(Int(token.id)) else {
                throw ModelError.damaged(
                    source, "the added token \(quoted(token.content)) has the id \(token.id), outside the vocabulary")
            }
            added[Int(token.id)] = token.content
        }
        let byteOfToken = Dictionary(
            bytesByToken.enumerated().filter { $0.element >= 0 }.map { ($0.element, UInt8($0.offset)) },
            uniquingKeysWith: { first, _ in first })
        for (id, token) in description.tokens.enumerated() {
            if let byte = byteOfToken[Int32(id)] {
                bytes.append(byte)
            } else {
                let spelled = added[id] ?? token
                bytes.append(contentsOf: spelled.utf8.isEmpty ? [] : SentencePieceVocabulary.plain(spelled))
            }
            guard let end = Int32(exactly: bytes.count) else {
                throw ModelError.damaged(source, "the tokens of its vocabulary are longer than 2 GiB together")
            }
            offsets.append(end)
            addCharacter(token, id)
        }
    }

    /// Takes note of a token of one character. A token that is spelled with a plain space can come of no text, as the
    /// vocabulary spells spaces "▁".
    private mutating func addCharacter(_ token: String, _ id: Int) {
        let scalars = token.unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1, scalar != " " else { return }
        let spelled: Unicode.Scalar = scalar == "▁" ? " " : scalar
        characters[spelled.value] = Int32(id)
        if spelled.isASCII { asciiCharacters[Int(spelled.value)] = Int32(id) }
    }

    private mutating func addMerges(_ description: SentencePieceDescription) throws {
        var ids: [TokenSpelling: Int32] = [:]
        ids.reserveCapacity(description.tokens.count)
        for (id, token) in description.tokens.enumerated() where !token.isEmpty {
            ids[TokenSpelling(token)] = Int32(id)
        }
        for (index, merge) in description.merges.enumerated() {
            guard let left = ids[TokenSpelling(merge.left)], let right = ids[TokenSpelling(merge.right)],
                let merged = ids[TokenSpelling(merge.left + merge.right)], let rank = UInt32(exactly: merge.rank)
            else {
                throw ModelError.damaged(
                    description.source,
                    "merge \(index) of \(quoted(merge.left)) and \(quoted(merge.right)) names a token that is not in "
                        + "the vocabulary")
            }
            merges.insert(left, right, MergeTable.Merge(rank: rank, token: merged))
            noteSpaces(in: (merge.left + merge.right).unicodeScalars)
        }
    }

    private mutating func noteSpaces(in scalars: String.UnicodeScalarView) {
        var last: Unicode.Scalar?
        for scalar in scalars {
            if scalar == "▁", let last { precedeSpaceInside.insert(last == "▁" ? 0x20 : last.value) }
            last = scalar
        }
    }

    private static func plain(_ token: String) -> [UInt8] {
        token.unicodeScalars.flatMap { $0 == "▁" ? [space] : Array(String($0).utf8) }
    }

    /// The bytes of a token, special ones included; none outside the vocabulary.
    func bytes(of token: Int32) -> [UInt8] {
        guard token >= 0, Int(token) < count else { return [] }
        return Array(bytes[Int(offsets[Int(token)])..<Int(offsets[Int(token) + 1])])
    }

    // MARK: Text

    /// Cuts a text before spaces that no merge can reach over, so that words can be remembered: the tokens are those of
    /// the text as a whole.
    func forEachPiece(of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        var start = 0
        if asciiCharacters[Int(SentencePieceVocabulary.space)] >= 0 {
            for place in text.indices.dropFirst() where text[place] == SentencePieceVocabulary.space {
                if isJoined(before: place, in: text) { continue }
                body(start..<place)
                start = place
            }
        }
        if start < text.count { body(start..<text.count) }
    }

    /// Whether some token holds the character before a place with a space after it.
    private func isJoined(before place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let last = text[place - 1]
        if last < 0x80 { return precedeSpaceInside.contains(UInt32(last)) }
        if !precedeSpaceInside.contains(where: { $0 >= 0x80 }) { return false }
        var start = place - 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        let scalar = String(decoding: text[start..<place], as: UTF8.self).unicodeScalars.first
        return scalar.map { precedeSpaceInside.contains($0.value) } ?? true
    }

    /// The tokens of the characters of a piece, before any is merged.
    func characters(_ piece: UnsafeBufferPointer<UInt8>, into symbols: inout [Int32]) {
        symbols.removeAll(keepingCapacity: true)
        var place = 0
        var isUnknown = false
        while place < piece.count {
            let byte = piece[place]
            let length = byte < 0x80 ? 1 : min(byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4, piece.count - place)
            let token = length == 1 ? asciiCharacters[Int(byte & 0x7F)] : character(piece, place, length)
            if token >= 0 {
                symbols.append(token)
            } else if !byteTokens.isEmpty {
                for offset in 0..<length { symbols.append(byteTokens[Int(piece[place + offset])]) }
            } else if let unknownToken, !(isUnknown && fusesUnknown) {
                symbols.append(unknownToken)
            }
            isUnknown = token < 0
            place += length
        }
    }

    private func character(_ piece: UnsafeBufferPointer<UInt8>, _ place: Int, _ length: Int) -> Int32 {
        var value = UInt32(piece[place]) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length { value = value << 6 | UInt32(piece[place + offset]) & 0x3F }
        return characters[value] ?? -1
    }
}

/// The first token that spells a byte counts.
private func byteOrder(_ tokens: inout [Int32], _ byte: UInt8, _ id: Int) {
    if tokens[Int(byte)] < 0 { tokens[Int(byte)] = Int32(id) }
}
