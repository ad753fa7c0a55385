import Synchronization

/// Byte-level byte-pair encoding, as GPT-2, Llama 3, Qwen2 and SmolLM2 use it: the text is cut into pieces, the bytes
/// of a piece become tokens, and pairs of tokens are merged in the order of the vocabulary's list. Gives the ids that
/// Hugging Face `tokenizers` gives; like it, it leaves out bytes that the vocabulary has no token for.
public final class BytePairTokenizer: Tokenizer {
    public let preTokenizer: PreTokenizer
    public let stopTokens: [Int32]
    public let beginOfText: Int32?
    public var vocabularySize: Int { tokenBytes.count }

    let merges: MergeTable
    let added: AddedTokens
    let composesCharacters: Bool
    let ignoresMerges: Bool
    let tokenBytes: TokenBytes
    /// The token of each byte; -1 where there is none.
    private let byteTokens: [Int32]
    /// Whole pieces that are tokens, where those go before merging.
    private let wholePieces: [[UInt8]: Int32]
    private let encoder = Mutex(PieceEncoder())

    init(_ description: BytePairDescription) throws {
        let vocabulary = try BytePairVocabulary(description)
        preTokenizer = description.preTokenizer
        composesCharacters = description.composesCharacters
        ignoresMerges = description.ignoresMerges
        stopTokens = description.stopTokens
        beginOfText = description.beginOfText
        merges = vocabulary.merges
        tokenBytes = vocabulary.tokenBytes
        byteTokens = vocabulary.byteTokens
        wholePieces = description.ignoresMerges ? vocabulary.wholePieces(addedTokens: description.addedTokens) : [:]
        added = AddedTokens(description.addedTokens)
    }

    public func encode(_ text: String, parsingSpecialTokens: Bool) throws -> [Int32] {
        var text = text
        var tokens: [Int32] = []
        tokens.reserveCapacity(text.utf8.count / 3)
        text.withUTF8 { bytes in
            encoder.withLock { encoder in
                added.plain.forEachPart(of: bytes, parsingSpecialTokens: parsingSpecialTokens) { part in
                    switch part {
                    case .token(let token): tokens.append(token)
                    case .text(let range):
                        withNormalized(UnsafeBufferPointer(rebasing: bytes[range])) { text in
                            appendTokens(
                                of: text, parsingSpecialTokens: parsingSpecialTokens, to: &tokens, &encoder)
                        }
                    }
                }
            }
        }
        return tokens
    }

    public func bytes(of token: Int32) -> [UInt8] { added.isSpecial(token) ? [] : Array(tokenBytes[token]) }

    public func append(bytesOf token: Int32, to bytes: inout [UInt8]) {
        if !added.isSpecial(token) { bytes.append(contentsOf: tokenBytes[token]) }
    }

    public func spelling(of token: Int32) -> String { String(decoding: tokenBytes[token], as: UTF8.self) }

    // MARK: Encoding

    /// Lends the text in its composed form, if the vocabulary wants that.
    private func withNormalized(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        composesCharacters ? CharacterComposition.withComposed(text, body) : body(text)
    }

    private func appendTokens(
        of text: UnsafeBufferPointer<UInt8>, parsingSpecialTokens: Bool, to tokens: inout [Int32],
        _ encoder: inout PieceEncoder
    ) {
        added.normalized.forEachPart(of: text, parsingSpecialTokens: parsingSpecialTokens) { part in
            switch part {
            case .token(let token): tokens.append(token)
            case .text(let range):
                let text = UnsafeBufferPointer(rebasing: text[range])
                preTokenizer.forEachPiece(of: text) { piece in
                    let piece = UnsafeBufferPointer(rebasing: text[piece])
                    encoder.append(piece, to: &tokens) { appendNewTokens(ofPiece: piece, to: &$1, &$0) }
                }
            }
        }
    }

    @inline(never)
    private func appendNewTokens(
        ofPiece piece: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32], _ encoder: inout PieceEncoder
    ) {
        if ignoresMerges, let token = wholePieces[Array(piece)] {
            tokens.append(token)
            return
        }
        encoder.symbols.removeAll(keepingCapacity: true)
        for byte in piece where byteTokens[Int(byte)] >= 0 { encoder.symbols.append(byteTokens[Int(byte)]) }
        encoder.appendMerged(by: merges, to: &tokens)
    }
}
