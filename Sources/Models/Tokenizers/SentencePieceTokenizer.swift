import Synchronization

/// Byte-pair encoding over characters in the manner of SentencePiece, as Llama 2 and TinyLlama use it: spaces are part
/// of the words that follow them, characters outside the vocabulary fall back to tokens of their bytes, and nothing
/// but special tokens cuts the text. Gives the ids that Hugging Face `tokenizers` gives.
public final class SentencePieceTokenizer: Tokenizer {
    public let stopTokens: [Int32]
    public let beginOfText: Int32?
    public var vocabularySize: Int { vocabulary.count }
    public let stripsFirstSpace: Bool

    let vocabulary: SentencePieceVocabulary
    let added: AddedTokens
    let spacePrefix: SentencePieceDescription.SpacePrefix
    private let encoder = Mutex(PieceEncoder())

    init(_ description: SentencePieceDescription) throws {
        vocabulary = try SentencePieceVocabulary(description)
        stopTokens = description.stopTokens
        beginOfText = description.beginOfText
        stripsFirstSpace = description.stripsFirstSpace
        spacePrefix = description.spacePrefix
        // Text is searched for normalised tokens once it has its space in front, and so have they.
        added = AddedTokens(
            description.addedTokens, normalizedPrefix: description.spacePrefix == .everywhere ? " " : "")
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
                        appendTokens(
                            ofSection: UnsafeBufferPointer(rebasing: bytes[range]), isFirst: range.lowerBound == 0,
                            parsingSpecialTokens: parsingSpecialTokens, to: &tokens, &encoder)
                    }
                }
            }
        }
        return tokens
    }

    public func bytes(of token: Int32) -> [UInt8] {
        added.isSpecial(token) ? [] : Array(vocabulary.tokenBytes[token])
    }

    public func append(bytesOf token: Int32, to bytes: inout [UInt8]) {
        if !added.isSpecial(token) { bytes.append(contentsOf: vocabulary.tokenBytes[token]) }
    }

    public func fallbackByte(of token: Int32) -> UInt8? {
        added.isSpecial(token) ? nil : vocabulary.bytesByToken[token]
    }

    /// A token of a byte as the vocabulary has it, "<0x0A>"; any other with plain spaces.
    public func spelling(of token: Int32) -> String {
        fallbackByte(of: token).map(SentencePieceDescription.spelling)
            ?? String(decoding: vocabulary.tokenBytes[token], as: UTF8.self)
    }

    // MARK: Encoding

    private func appendTokens(
        ofSection section: UnsafeBufferPointer<UInt8>, isFirst: Bool, parsingSpecialTokens: Bool,
        to tokens: inout [Int32], _ encoder: inout PieceEncoder
    ) {
        let text = normalized(section, prefix: spacePrefix == .everywhere)
        text.withUnsafeBufferPointer { text in
            added.normalized.forEachPart(of: text, parsingSpecialTokens: parsingSpecialTokens) { part in
                switch part {
                case .token(let token): tokens.append(token)
                case .text(let range):
                    let wantsSpace =
                        spacePrefix == .wherever || spacePrefix == .first && isFirst && range.lowerBound == 0
                    if wantsSpace, text[range.lowerBound] != UInt8(ascii: " ") {
                        ([UInt8(ascii: " ")] + text[range]).withUnsafeBufferPointer {
                            appendTokens(of: $0, to: &tokens, &encoder)
                        }
                    } else {
                        appendTokens(of: UnsafeBufferPointer(rebasing: text[range]), to: &tokens, &encoder)
                    }
                }
            }
        }
    }

    /// The text with plain spaces where it spells them "▁", and one in front if asked for.
    private func normalized(_ text: UnsafeBufferPointer<UInt8>, prefix: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 1)
        if prefix { result.append(UInt8(ascii: " ")) }
        var place = 0
        while place < text.count {
            // "▁" is E2 96 81.
            if text[place] == 0xE2, place + 2 < text.count, text[place + 1] == 0x96, text[place + 2] == 0x81 {
                result.append(UInt8(ascii: " "))
                place += 3
            } else {
                result.append(text[place])
                place += 1
            }
        }
        return result
    }

    private func appendTokens(
        of text: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32], _ encoder: inout PieceEncoder
    ) {
        guard let base = text.baseAddress else { return }
        vocabulary.forEachPiece(of: text) { piece in
            let piece = UnsafeBufferPointer(start: base + piece.lowerBound, count: piece.count)
            encoder.append(piece, to: &tokens) { encoder, tokens in
                vocabulary.characters(piece, into: &encoder.symbols)
                encoder.appendMerged(by: vocabulary.merges, to: &tokens)
            }
        }
    }
}
