extension BytePairTokenizer {
    /// The tokeniser that a GGUF file carries in its metadata.
    /// - Throws: `ModelError` when it is of another kind (such as the SentencePiece one of Llama 2), cuts text in a way
    ///   not known here, or is incomplete.
    public convenience init(_ gguf: GGUFFile) throws {
        try self.init(BytePairDescription(gguf))
    }
}

extension BytePairDescription {
    init(_ gguf: GGUFFile) throws {
        let path = gguf.file.path
        func required<Value>(_ value: Value?, _ key: String) throws -> Value {
            guard let value else { throw ModelError.damaged(path, "its metadata has no sound tokenizer.ggml.\(key)") }
            return value
        }
        func value(_ key: String) -> GGUFValue? { gguf.metadata["tokenizer.ggml.\(key)"] }

        let model = try required(value("model")?.string, "model")
        guard model == "gpt2" else {
            throw ModelError.unsupported(
                path, "its tokeniser is of kind \(quoted(model)); only byte-level BPE (\"gpt2\") can be used")
        }
        let preName = value("pre")?.string ?? "default"
        guard let preTokenizer = PreTokenizer(ggufName: preName) else {
            throw ModelError.unsupported(
                path,
                "its tokeniser cuts text in the way \(quoted(preName)); known are gpt-2, smollm, llama-bpe and qwen2")
        }
        let tokens = try required(value("tokens")?.array?.strings(), "tokens")
        let merges = try required(value("merges")?.array?.strings(), "merges").map { text in
            try required(splitMerge(text), "merges")
        }
        let types = try required(value("token_type")?.array?.ints(), "token_type")
        guard types.count == tokens.count else {
            throw ModelError.damaged(path, "its vocabulary has \(tokens.count) tokens but \(types.count) token types")
        }
        self.init(
            source: path, tokens: tokens, merges: merges,
            addedTokens: BytePairDescription.addedTokens(tokens, types), preTokenizer: preTokenizer,
            composesCharacters: preTokenizer == .qwen2, ignoresMerges: preTokenizer == .llama3)
        let addsBegin = value("add_bos_token")?.bool ?? (preTokenizer == .llama3)
        if addsBegin { beginOfText = try BytePairDescription.id(value("bos_token_id"), of: tokens, path) }
        let end = try BytePairDescription.id(value("eos_token_id"), of: tokens, path)
        addStopTokens(first: [end].compactMap(\.self))
    }

    /// Control tokens (type 3) and those of the model's makers (type 4); numbered in `llama.h`, `llama_token_type`.
    private static func addedTokens(_ tokens: [String], _ types: [Int]) -> [AddedToken] {
        zip(tokens, types).enumerated().compactMap { id, token in
            guard token.1 == 3 || token.1 == 4, !token.0.isEmpty else { return nil }
            return AddedToken(id: Int32(id), content: token.0, isSpecial: token.1 == 3)
        }
    }

    private static func id(_ value: GGUFValue?, of tokens: [String], _ path: String) throws -> Int32? {
        guard let value else { return nil }
        guard let id = value.int, tokens.indices.contains(id) else {
            throw ModelError.damaged(path, "it names a special token outside its vocabulary")
        }
        return Int32(id)
    }
}

/// The halves of a merge written as "left right".
func splitMerge(_ text: String) -> (left: String, right: String)? {
    guard let space = text.utf8.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    let right = text[text.utf8.index(after: space)...]
    guard space > text.startIndex, !right.isEmpty, !right.utf8.contains(UInt8(ascii: " ")) else { return nil }
    return (String(text[..<space]), String(right))
}
