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
    let addedTokens: [AddedToken]
    let spacePrefix: SentencePieceDescription.SpacePrefix
    private let specialTokens: Set<Int32>
    private let plainScanner: AddedTokenScanner
    private let normalizedScanner: AddedTokenScanner
    private let workspace = Mutex(Workspace())

    private struct Workspace: Sendable {
        var cache = WordCache()
        var merger = PairMerger()
        var symbols: [Int32] = []
    }

    init(_ description: SentencePieceDescription) throws {
        vocabulary = try SentencePieceVocabulary(description)
        stopTokens = description.stopTokens
        beginOfText = description.beginOfText
        stripsFirstSpace = description.stripsFirstSpace
        spacePrefix = description.spacePrefix
        addedTokens = description.addedTokens
        specialTokens = Set(addedTokens.lazy.filter(\.isSpecial).map(\.id))
        plainScanner = AddedTokenScanner(addedTokens.filter { !$0.isNormalized })
        // Text is searched for these once it has its space in front, and so have they.
        let prefix = description.spacePrefix == .everywhere ? " " : ""
        normalizedScanner = AddedTokenScanner(
            addedTokens.filter(\.isNormalized).map { token in
                var token = token
                token.content = prefix + token.content
                return token
            })
    }

    public func encode(_ text: String, parsingSpecialTokens: Bool) throws -> [Int32] {
        var text = text
        var tokens: [Int32] = []
        tokens.reserveCapacity(text.utf8.count / 3)
        text.withUTF8 { bytes in
            workspace.withLock { workspace in
                plainScanner.forEachPart(of: bytes, parsingSpecialTokens: parsingSpecialTokens) { part in
                    switch part {
                    case .token(let token): tokens.append(token)
                    case .text(let range):
                        appendTokens(
                            ofSection: UnsafeBufferPointer(rebasing: bytes[range]), isFirst: range.lowerBound == 0,
                            parsingSpecialTokens: parsingSpecialTokens, to: &tokens, &workspace)
                    }
                }
            }
        }
        return tokens
    }

    public func bytes(of token: Int32) -> [UInt8] { specialTokens.contains(token) ? [] : vocabulary.bytes(of: token) }

    public func spelling(of token: Int32) -> String { String(decoding: vocabulary.bytes(of: token), as: UTF8.self) }

    // MARK: Encoding

    private func appendTokens(
        ofSection section: UnsafeBufferPointer<UInt8>, isFirst: Bool, parsingSpecialTokens: Bool,
        to tokens: inout [Int32], _ workspace: inout Workspace
    ) {
        let text = normalized(section, prefix: spacePrefix == .everywhere)
        text.withUnsafeBufferPointer { text in
            normalizedScanner.forEachPart(of: text, parsingSpecialTokens: parsingSpecialTokens) { part in
                switch part {
                case .token(let token): tokens.append(token)
                case .text(let range):
                    let wantsSpace =
                        spacePrefix == .wherever || spacePrefix == .first && isFirst && range.lowerBound == 0
                    if wantsSpace, text[range.lowerBound] != UInt8(ascii: " ") {
                        ([UInt8(ascii: " ")] + text[range]).withUnsafeBufferPointer {
                            appendTokens(of: $0, to: &tokens, &workspace)
                        }
                    } else {
                        appendTokens(of: UnsafeBufferPointer(rebasing: text[range]), to: &tokens, &workspace)
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
        of text: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32], _ workspace: inout Workspace
    ) {
        guard let base = text.baseAddress else { return }
        vocabulary.forEachPiece(of: text) { piece in
            let start = base + piece.lowerBound
            let key = WordCache.Key(start, count: piece.count)
            if let key, workspace.cache.append(key, to: &tokens) { return }
            let first = tokens.count
            vocabulary.characters(UnsafeBufferPointer(start: start, count: piece.count), into: &workspace.symbols)
            workspace.merger.appendMerged(workspace.symbols, by: vocabulary.merges, to: &tokens)
            if let key { workspace.cache.store(key, tokens[first...]) }
        }
    }
}
