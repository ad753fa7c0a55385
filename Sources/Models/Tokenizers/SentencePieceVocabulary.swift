import Interruption

/// A vocabulary in the manner of SentencePiece that was checked: its tokens as bytes with plain spaces, its characters
/// and its merges.
struct SentencePieceVocabulary: Sendable {
    private(set) var merges: MergeTable
    /// With plain spaces; tokens of bytes have their byte.
    private(set) var tokenBytes = TokenBytes()
    /// The tokens that are one character, by code point.
    private var characters: [UInt32: Int32] = [:]
    /// The same for ASCII; -1 where there is none.
    private var asciiCharacters = [Int32](repeating: -1, count: 128)
    /// The token of each byte, or none where not all bytes have one.
    let byteTokens: [Int32]
    /// The byte of each such token.
    let bytesByToken: [Int32: UInt8]
    let unknownToken: Int32?
    let fusesUnknown: Bool
    /// The last code points before a space inside a token: the places where a word may go on over a space.
    private var precedeSpaceInside: Set<UInt32> = []
    /// The tokens as the vocabulary spells them.
    let spellings: [String]

    var count: Int { tokenBytes.count }
    private static let space = UInt8(ascii: " ")

    /// - Throws: `ModelError` when an id is outside, or the vocabulary is empty or too large.
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
        bytesByToken = Dictionary(
            byBytes.enumerated().filter { $0.element >= 0 }.map { ($0.element, UInt8($0.offset)) },
            uniquingKeysWith: { first, _ in first })
        spellings = description.tokens
        unknownToken = description.unknownToken
        fusesUnknown = description.fusesUnknown
        try addTokens(description)
        addMerges(description)
    }

    private mutating func addTokens(_ description: SentencePieceDescription) throws {
        let source = description.source
        var added: [Int: String] = [:]
        for token in description.addedTokens {
            guard description.tokens.indices.contains(Int(token.id)) else {
                throw ModelError.damaged(
                    source, "the added token \(quoted(token.content)) has the id \(token.id), outside the vocabulary")
            }
            added[Int(token.id)] = token.content
        }
        tokenBytes.reserve(description.tokens.count)
        for (id, token) in description.tokens.enumerated() {
            if id % 4096 == 0 { try Interruption.check() }
            if let byte = bytesByToken[Int32(id)] {
                try tokenBytes.append(CollectionOfOne(byte), source: source)
            } else {
                try tokenBytes.append(SentencePieceVocabulary.plain(added[id] ?? token), source: source)
            }
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

    private mutating func addMerges(_ description: SentencePieceDescription) {
        for merge in description.merges {
            merges.insert(merge.left, merge.right, MergeTable.Merge(rank: merge.rank, token: merge.token))
            let spelling = description.tokens[Int(merge.token)]
            if spelling.utf8.contains(0xE2) { noteSpaces(in: spelling.unicodeScalars) }
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
