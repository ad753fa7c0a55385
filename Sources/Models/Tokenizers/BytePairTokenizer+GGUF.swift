extension BytePairTokenizer {
    /// The byte-level tokeniser that a GGUF file carries in its metadata.
    /// - Throws: `ModelError` when it cuts text in a way not known here, or is incomplete.
    public convenience init(_ gguf: GGUFFile) throws {
        try self.init(BytePairDescription(gguf))
    }
}

extension BytePairDescription {
    init(_ gguf: GGUFFile) throws {
        let path = gguf.file.path
        let metadata = try GGUFVocabulary(gguf)
        let preName = metadata.value("pre")?.string ?? "default"
        guard let preTokenizer = PreTokenizer(ggufName: preName) else {
            throw ModelError.unsupported(
                path,
                "its tokeniser cuts text in the way \(quoted(preName)); known are gpt-2, smollm, llama-bpe and qwen2")
        }
        let merges = try metadata.required("merges") { value in
            try value.array?.strings()?.map { text in
                guard let merge = splitMerge(text) else {
                    throw ModelError.damaged(path, "its metadata has no sound tokenizer.ggml.merges")
                }
                return merge
            }
        }
        self.init(
            source: path, tokens: metadata.tokens, merges: merges, addedTokens: metadata.addedTokens,
            preTokenizer: preTokenizer, composesCharacters: preTokenizer == .qwen2,
            ignoresMerges: preTokenizer == .llama3)
        let addsBegin = metadata.value("add_bos_token")?.bool ?? (preTokenizer == .llama3)
        if addsBegin { beginOfText = try metadata.id("bos_token_id") }
        stopTokens = BytePairDescription.stopTokens(
            first: [try metadata.id("eos_token_id")].compactMap(\.self), added: addedTokens)
    }
}

/// The halves of a merge written as "left right".
func splitMerge(_ text: String) -> (left: String, right: String)? {
    guard let space = text.utf8.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    let right = text[text.utf8.index(after: space)...]
    guard space > text.startIndex, !right.isEmpty, !right.utf8.contains(UInt8(ascii: " ")) else { return nil }
    return (String(text[..<space]), String(right))
}
