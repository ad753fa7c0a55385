extension SentencePieceDescription {
    /// Kinds of tokens, numbered as in `llama.h` (`llama_token_type`).
    private enum Kind {
        static let normal = 1, unknown = 2, control = 3, userDefined = 4, byte = 6
    }

    /// Reads the tokeniser of kind "llama" that a GGUF file carries in its metadata: tokens, and scores that say which
    /// go first. The SentencePiece library knows no merges; any two tokens that make a third are one.
    init(_ gguf: GGUFFile) throws {
        let metadata = try GGUFVocabulary(gguf)
        let tokens = metadata.tokens, types = metadata.types
        guard let scores = try gguf.metadata["tokenizer.ggml.scores"]?.array?.doubles(), scores.count == tokens.count
        else { throw ModelError.damaged(gguf.file.path, "its metadata has no sound tokenizer.ggml.scores") }
        self.init(
            source: gguf.file.path, tokens: tokens,
            merges: try SentencePieceDescription.merges(of: tokens, scores: scores, source: gguf.file.path) {
                types[$0] == Kind.normal
            },
            addedTokens: metadata.addedTokens,
            spacePrefix: metadata.value("add_space_prefix")?.bool ?? true ? .everywhere : .none,
            fallsBackToBytes: types.contains(Kind.byte),
            unknownToken: try metadata.id("unknown_token_id")
                ?? types.firstIndex(of: Kind.unknown).map { Int32($0) },
            fusesUnknown: true, stripsFirstSpace: metadata.value("add_space_prefix")?.bool ?? true)
        if metadata.value("add_bos_token")?.bool ?? true { beginOfText = try metadata.id("bos_token_id") }
        stopTokens = BytePairDescription.stopTokens(
            first: [try metadata.id("eos_token_id")].compactMap(\.self), added: addedTokens)
    }
}
