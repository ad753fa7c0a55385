/// The parts of a tokeniser that all kinds have in common in a GGUF file's metadata.
struct GGUFVocabulary {
    private let gguf: GGUFFile
    /// By id.
    let tokens: [String]
    /// Of each token, numbered as in `llama.h` (`llama_token_type`).
    let types: [Int]

    init(_ gguf: GGUFFile) throws {
        self.gguf = gguf
        tokens = try GGUFVocabulary.required(gguf, "tokens") { try $0.array?.strings() }
        types = try GGUFVocabulary.required(gguf, "token_type") { try $0.array?.ints() }
        guard types.count == tokens.count else {
            throw ModelError.damaged(
                gguf.file.path, "its vocabulary has \(tokens.count) tokens but \(types.count) token types")
        }
    }

    func value(_ key: String) -> GGUFValue? { gguf.metadata["tokenizer.ggml.\(key)"] }

    func required<Value>(_ key: String, _ read: (GGUFValue) throws -> Value?) throws -> Value {
        try GGUFVocabulary.required(gguf, key, read)
    }

    static func required<Value>(
        _ gguf: GGUFFile, _ key: String, _ read: (GGUFValue) throws -> Value?
    ) throws -> Value {
        guard let found = gguf.metadata["tokenizer.ggml.\(key)"], let value = try read(found) else {
            throw ModelError.damaged(gguf.file.path, "its metadata has no sound tokenizer.ggml.\(key)")
        }
        return value
    }

    /// Control tokens (type 3) and those of the model's makers (type 4).
    var addedTokens: [AddedToken] {
        zip(tokens, types).enumerated().compactMap { id, token in
            guard token.1 == 3 || token.1 == 4, !token.0.isEmpty else { return nil }
            return AddedToken(id: Int32(id), content: token.0, isSpecial: token.1 == 3)
        }
    }

    /// The spellings of special tokens by the names that transformers gives them.
    func specialTokens() throws -> [String: String] {
        let keys = [
            "bos_token": "bos_token_id", "eos_token": "eos_token_id", "pad_token": "padding_token_id",
            "unk_token": "unknown_token_id",
        ]
        return try keys.compactMapValues { key in try id(key).map { tokens[Int($0)] } }
    }

    /// A special token's id; nil where the file names none.
    func id(_ key: String) throws -> Int32? {
        guard let value = value(key) else { return nil }
        guard let id = value.int, tokens.indices.contains(id) else {
            throw ModelError.damaged(gguf.file.path, "it names a special token outside its vocabulary")
        }
        return Int32(id)
    }
}

extension GGUFFile {
    /// The tokeniser that the file carries in its metadata.
    /// - Throws: `ModelError` when it is of another kind, cuts text in a way not known here, or is incomplete.
    package func tokenizer() throws -> any Tokenizer {
        let model = try GGUFVocabulary.required(self, "model", \.string)
        switch model {
        case "gpt2": return try BytePairTokenizer(self)
        case "llama": return try SentencePieceTokenizer(SentencePieceDescription(self))
        default:
            throw ModelError.unsupported(
                file.path,
                "its tokeniser is of kind \(quoted(model)); known are byte-level BPE (\"gpt2\") and SentencePiece "
                    + "BPE (\"llama\")")
        }
    }
}
