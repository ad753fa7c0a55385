import JSON

extension BytePairTokenizer: SavedTokenizer {
    package func jsonText() -> String { json().text(indented: true) }

    package convenience init(json: JSONValue, source: String, stopTokens: [Int32] = []) throws {
        try self.init(BytePairDescription(json, source: source, stopTokens: stopTokens))
    }

    /// The tokeniser as a `tokenizer.json` that Hugging Face `tokenizers` reads.
    package func json() -> JSONValue {
        let addedIDs = Set(added.tokens.map(\.id))
        func spelling(_ token: Int32) -> String {
            let bytes = tokenBytes[token]
            if addedIDs.contains(token) { return String(decoding: bytes, as: UTF8.self) }
            return String(String.UnicodeScalarView(bytes.map { ByteAlphabet.scalars[Int($0)] }))
        }
        var vocabulary: JSONObject = [:]
        for token in 0..<Int32(vocabularySize) { vocabulary[spelling(token)] = .int(Int(token)) }
        let merges = merges.sorted.map { JSONValue.array([.string(spelling($0.left)), .string(spelling($0.right))]) }
        return [
            "version": "1.0", "truncation": nil, "padding": nil,
            "added_tokens": .array(added.tokens.map(\.json)),
            "normalizer": composesCharacters ? ["type": "NFC"] : nil,
            "pre_tokenizer": preTokenizer.json,
            "post_processor": BytePairTokenizer.postProcessor(beginOfText.map { ($0, self.spelling(of: $0)) }),
            "decoder": PreTokenizer.byteLevel(usesExpression: true),
            "model": [
                "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
                "end_of_word_suffix": nil, "fuse_unk": false, "byte_fallback": false,
                "ignore_merges": .bool(ignoresMerges), "vocab": .object(vocabulary), "merges": .array(merges),
            ],
        ]
    }

    /// What puts a token before every text; null where there is none.
    static func postProcessor(_ beginOfText: (id: Int32, spelling: String)?) -> JSONValue {
        guard let (id, begin) = beginOfText else { return .null }
        let single: JSONValue = [
            ["SpecialToken": ["id": .string(begin), "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
        ]
        return [
            "type": "TemplateProcessing", "single": single, "pair": single,
            "special_tokens": .object([
                begin: ["id": .string(begin), "ids": [.int(Int(id))], "tokens": [.string(begin)]]
            ]),
        ]
    }
}

extension BytePairDescription {
    init(_ json: JSONValue, source: String, stopTokens: [Int32]) throws {
        guard let model = json["model"], let vocabulary = TokenizerDocument.members(model["vocab"]),
            let merges = model["merges"]?.array
        else {
            throw ModelError.damaged(source, "it has no model with a vocabulary and merges")
        }
        let kind = model["type"]?.string ?? "BPE"
        let fallsBack = model["byte_fallback"]?.bool ?? false
        guard kind == "BPE", !fallsBack, json["decoder"]?["type"]?.string == "ByteLevel" else {
            throw ModelError.unsupported(source, "its tokeniser is not byte-level BPE")
        }
        try TokenizerDocument.refuseOptions(of: model, source)
        let addedTokens = try (json["added_tokens"]?.array ?? []).map { try AddedToken($0, source: source) }
        self.init(
            source: source, tokens: try TokenizerDocument.tokens(vocabulary, addedTokens, source),
            merges: try merges.map { try BytePairDescription.merge($0, source) }, addedTokens: addedTokens,
            preTokenizer: try PreTokenizer(json["pre_tokenizer"] ?? .null, source: source),
            composesCharacters: try BytePairDescription.composes(json["normalizer"] ?? .null, source),
            ignoresMerges: model["ignore_merges"]?.bool ?? false,
            beginOfText: BytePairDescription.beginOfText(json["post_processor"] ?? .null, addedTokens))
        self.stopTokens = BytePairDescription.stopTokens(
            first: stopTokens.filter { tokens.indices.contains(Int($0)) }, added: addedTokens)
    }

    static func merge(_ json: JSONValue, _ source: String) throws -> (left: String, right: String) {
        if let text = json.string, let pair = splitMerge(text) { return pair }
        if let pair = json.array, pair.count == 2, let left = pair[0].string, let right = pair[1].string {
            return (left, right)
        }
        throw ModelError.damaged(source, "one of its merges is not a pair of tokens")
    }

    private static func composes(_ normalizer: JSONValue, _ source: String) throws -> Bool {
        if normalizer.isNull { return false }
        if normalizer["type"]?.string == "NFC" { return true }
        if normalizer["type"]?.string == "Sequence", let parts = normalizer["normalizers"]?.array {
            return try parts.map { try composes($0, source) }.contains(true)
        }
        throw ModelError.unsupported(
            source, "its tokeniser changes text by \(quoted(normalizer["type"]?.string ?? "?")); only NFC is known")
    }

    /// The special token that a post-processor puts before the text.
    static func beginOfText(_ processor: JSONValue, _ added: [AddedToken]) -> Int32? {
        if let parts = processor["processors"]?.array {
            return parts.lazy.compactMap { beginOfText($0, added) }.first
        }
        let name = processor["single"]?.array?.first?["SpecialToken"]?["id"]?.string
        return name.flatMap { name in added.first { $0.content == name }?.id }
    }
}

extension AddedToken {
    init(_ json: JSONValue, source: String) throws {
        guard let number = json["id"]?.int, let id = Int32(exactly: number), id >= 0,
            let content = json["content"]?.string
        else { throw ModelError.damaged(source, "one of its added tokens has no id or no content") }
        func flag(_ name: String) -> Bool { json[name]?.bool ?? false }
        self.init(
            id: id, content: content, isSpecial: flag("special"), isNormalized: flag("normalized"),
            stripsLeft: flag("lstrip"), stripsRight: flag("rstrip"), isSingleWord: flag("single_word"))
    }

    var json: JSONValue {
        [
            "id": .int(Int(id)), "content": .string(content), "single_word": .bool(isSingleWord),
            "lstrip": .bool(stripsLeft), "rstrip": .bool(stripsRight), "normalized": .bool(isNormalized),
            "special": .bool(isSpecial),
        ]
    }
}
