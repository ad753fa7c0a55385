/// Text to token ids and back. A token stands for a run of bytes; special tokens (end of text, chat markers) stand for
/// no text at all.
public protocol Tokenizer: Sendable {
    /// Ids are 0 ..< vocabularySize.
    var vocabularySize: Int { get }

    /// The ids that end a text. The first one is the one to append to training texts. May be empty.
    var stopTokens: [Int32] { get }

    /// The id that the model expects before every text (as in Llama 3), or nil (as in SmolLM2 and Qwen2).
    var beginOfText: Int32? { get }

    /// The ids of a text, without `beginOfText`.
    /// - Parameter parsingSpecialTokens: whether the spelling of a special token, such as `<|im_start|>`, becomes that
    ///   token (needed for chat templates) or is taken as ordinary characters.
    /// - Throws: `ModelError` if the text holds something that the vocabulary cannot express.
    func encode(_ text: String, parsingSpecialTokens: Bool) throws -> [Int32]

    /// The bytes that a token adds to the text: part of a UTF-8 character, possibly; none for a special token or an id
    /// outside the vocabulary.
    func bytes(of token: Int32) -> [UInt8]

    /// Appends what `bytes(of:)` gives to others.
    func append(bytesOf token: Int32, to bytes: inout [UInt8])

    /// The byte that a token stands for, where characters outside the vocabulary are spelled by their bytes; nil for
    /// every other token.
    func fallbackByte(of token: Int32) -> UInt8?

    /// Whether the space that encoding may put before a text's first word is taken off again where a text is decoded
    /// from its beginning (SentencePiece).
    var stripsFirstSpace: Bool { get }

    /// A readable spelling of any token, special ones included, for inspection: "<|im_end|>", " the".
    func spelling(of token: Int32) -> String
}

extension Tokenizer {
    public var beginOfText: Int32? { nil }
    public var stripsFirstSpace: Bool { false }

    public func append(bytesOf token: Int32, to bytes: inout [UInt8]) { bytes += self.bytes(of: token) }

    public func fallbackByte(of token: Int32) -> UInt8? { nil }

    /// The ids of a text; special tokens that are spelled out in it are recognised.
    public func encode(_ text: String) throws -> [Int32] { try encode(text, parsingSpecialTokens: true) }

    /// The ids of a text that nothing stands before: `beginOfText`, where there is one, and the text.
    public func encodeFromBeginning(_ text: String, parsingSpecialTokens: Bool = true) throws -> [Int32] {
        (beginOfText.map { [$0] } ?? []) + (try encode(text, parsingSpecialTokens: parsingSpecialTokens))
    }

    /// The text of a run of tokens as it goes on from other text; special tokens add nothing, bytes that are not UTF-8
    /// become U+FFFD: a run of tokens that stand for single bytes one for every byte, as in Hugging Face `tokenizers`.
    public func decode(_ tokens: some Sequence<Int32>) -> String {
        var text = DecodedBytes()
        for token in tokens { text.append(token, self) }
        text.endRun()
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// The text of tokens that stand at the beginning of a text: what `encode` made them of.
    /// - Parameter modelSize: ids below it that the vocabulary lacks add nothing: models are often made with more
    ///   places than their vocabulary fills, and may say them.
    /// - Throws: `ModelError` for any other id outside the vocabulary.
    public func decodeFromBeginning(_ tokens: some Sequence<Int32>, modelSize: Int = 0) throws -> String {
        let size = max(vocabularySize, modelSize)
        if let wrong = tokens.first(where: { $0 < 0 || $0 >= size }) {
            throw ModelError("the token \(wrong) is not in the vocabulary; ids are 0 to \(size - 1)")
        }
        let text = decode(tokens)
        return stripsFirstSpace && text.utf8.first == UInt8(ascii: " ") ? String(text.utf8.dropFirst()) ?? text : text
    }

    public func spelling(of token: Int32) -> String { decode([token]) }
}

/// The bytes of tokens one after another.
private struct DecodedBytes: Sendable {
    var bytes: [UInt8] = []
    /// A run of tokens that stand for single bytes: whether it is text is known when it has ended.
    private var run: [UInt8] = []

    mutating func append(_ token: Int32, _ tokenizer: any Tokenizer) {
        if let byte = tokenizer.fallbackByte(of: token) { return run.append(byte) }
        guard !run.isEmpty else { return tokenizer.append(bytesOf: token, to: &bytes) }
        // Special tokens end no run.
        let own = tokenizer.bytes(of: token)
        if !own.isEmpty {
            endRun()
            bytes += own
        }
    }

    mutating func endRun() {
        if String(validating: run, as: UTF8.self) != nil {
            bytes += run
        } else {
            for _ in run { bytes += [0xEF, 0xBF, 0xBD] }
        }
        run.removeAll(keepingCapacity: true)
    }
}

/// Decodes a stream of tokens into text, holding back the bytes of a character until all of them are there.
public struct StreamingDecoder: Sendable {
    private let tokenizer: any Tokenizer
    private var pending = DecodedBytes()

    public init(_ tokenizer: any Tokenizer) { self.tokenizer = tokenizer }

    /// The characters that are complete now that this token has come.
    public mutating func append(_ token: Int32) -> String {
        pending.append(token, tokenizer)
        let complete = pending.bytes.count - Self.incompleteSuffixLength(pending.bytes)
        guard complete > 0 else { return "" }
        defer { pending.bytes.removeFirst(complete) }
        return String(decoding: pending.bytes[..<complete], as: UTF8.self)
    }

    /// What is still held back at the end of the text, as U+FFFD if it is part of a character.
    public mutating func finish() -> String {
        defer { pending = DecodedBytes() }
        pending.endRun()
        return String(decoding: pending.bytes, as: UTF8.self)
    }

    /// The length of a beginning of a UTF-8 character at the end of the bytes: 0 to 3.
    private static func incompleteSuffixLength(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0b1100_0000 == 0b1000_0000 { continue }  // a continuation byte: look further back
            let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return needed > back ? back : 0
        }
        return 0
    }
}
