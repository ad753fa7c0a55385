import Foundation
import Synchronization

/// Byte-level byte-pair encoding, as GPT-2, Llama 3, Qwen2 and SmolLM2 use it: the text is cut into pieces, the bytes
/// of a piece become tokens, and pairs of tokens are merged in the order of the vocabulary's list. Gives the ids that
/// Hugging Face `tokenizers` gives; like it, it leaves out bytes that the vocabulary has no token for.
public final class BytePairTokenizer: Tokenizer {
    public let preTokenizer: PreTokenizer
    public let stopTokens: [Int32]
    public let beginOfText: Int32?
    public var vocabularySize: Int { offsets.count - 1 }

    let merges: MergeTable
    let addedTokens: [AddedToken]
    let composesCharacters: Bool
    let ignoresMerges: Bool

    /// The bytes of all tokens, one after another, and where each starts; special tokens have those of their spelling.
    private let bytes: [UInt8]
    private let offsets: [Int32]
    private let specialTokens: Set<Int32>
    /// The token of each byte; -1 where there is none.
    private let byteTokens: [Int32]
    /// Whole pieces that are tokens, where those go before merging.
    private let wholePieces: [[UInt8]: Int32]
    private let plainScanner: AddedTokenScanner
    private let normalizedScanner: AddedTokenScanner
    private let workspace = Mutex(Workspace())

    private struct Workspace: Sendable {
        var cache = WordCache()
        var merger = PairMerger()
    }

    init(_ description: BytePairDescription) throws {
        let vocabulary = try BytePairVocabulary(description)
        preTokenizer = description.preTokenizer
        composesCharacters = description.composesCharacters
        ignoresMerges = description.ignoresMerges
        stopTokens = description.stopTokens
        beginOfText = description.beginOfText
        merges = vocabulary.merges
        bytes = vocabulary.bytes
        offsets = vocabulary.offsets
        byteTokens = vocabulary.byteTokens
        wholePieces = description.ignoresMerges ? vocabulary.wholePieces(addedTokens: description.addedTokens) : [:]
        addedTokens = description.addedTokens
        specialTokens = Set(addedTokens.lazy.filter(\.isSpecial).map(\.id))
        plainScanner = AddedTokenScanner(addedTokens.filter { !$0.isNormalized })
        normalizedScanner = AddedTokenScanner(addedTokens.filter(\.isNormalized))
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
                        withNormalized(UnsafeBufferPointer(rebasing: bytes[range])) { text in
                            appendTokens(
                                of: text, parsingSpecialTokens: parsingSpecialTokens, to: &tokens, &workspace)
                        }
                    }
                }
            }
        }
        return tokens
    }

    public func bytes(of token: Int32) -> [UInt8] { specialTokens.contains(token) ? [] : spelledBytes(of: token) }

    public func spelling(of token: Int32) -> String { String(decoding: spelledBytes(of: token), as: UTF8.self) }

    /// The bytes of a token, special ones included; none outside the vocabulary.
    func spelledBytes(of token: Int32) -> [UInt8] {
        guard token >= 0, Int(token) < vocabularySize else { return [] }
        return Array(bytes[Int(offsets[Int(token)])..<Int(offsets[Int(token) + 1])])
    }

    // MARK: Encoding

    /// Lends the text in its composed form, if the vocabulary wants that. Characters below U+0300 are composed already.
    private func withNormalized(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard composesCharacters, text.contains(where: { $0 >= 0xCC }) else { return body(text) }
        var composed = String(decoding: text, as: UTF8.self).precomposedStringWithCanonicalMapping
        composed.withUTF8(body)
    }

    private func appendTokens(
        of text: UnsafeBufferPointer<UInt8>, parsingSpecialTokens: Bool, to tokens: inout [Int32],
        _ workspace: inout Workspace
    ) {
        normalizedScanner.forEachPart(of: text, parsingSpecialTokens: parsingSpecialTokens) { part in
            switch part {
            case .token(let token): tokens.append(token)
            case .text(let range):
                let text = UnsafeBufferPointer(rebasing: text[range])
                preTokenizer.forEachPiece(of: text) { piece in
                    appendTokens(ofPiece: UnsafeBufferPointer(rebasing: text[piece]), to: &tokens, &workspace)
                }
            }
        }
    }

    @inline(__always)
    private func appendTokens(
        ofPiece piece: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32], _ workspace: inout Workspace
    ) {
        guard let start = piece.baseAddress else { return }
        let key = WordCache.Key(start, count: piece.count)
        if let key, workspace.cache.append(key, to: &tokens) { return }
        let first = tokens.count
        appendNewTokens(ofPiece: piece, to: &tokens, &workspace)
        if let key { workspace.cache.store(key, tokens[first...]) }
    }

    @inline(never)
    private func appendNewTokens(
        ofPiece piece: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32], _ workspace: inout Workspace
    ) {
        if ignoresMerges, let token = wholePieces[Array(piece)] {
            tokens.append(token)
            return
        }
        let letters = piece.lazy.map { self.byteTokens[Int($0)] }.filter { $0 >= 0 }
        workspace.merger.appendMerged(letters, by: merges, to: &tokens)
    }
}
