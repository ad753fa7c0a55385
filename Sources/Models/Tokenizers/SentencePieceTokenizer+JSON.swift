import JSON

extension SentencePieceDescription {
    /// Reads a `tokenizer.json` of Hugging Face `tokenizers` whose model is BPE over characters.
    init(_ document: TokenizerDocument, stopTokens: [Int32]) throws {
        let json = document.json, source = document.source
        guard let model = json["model"], let vocabulary = TokenizerDocument.members(model["vocab"]),
            let merges = model["merges"]?.array
        else { throw ModelError.damaged(source, "it has no model with a vocabulary and merges") }
        let addedTokens = try (json["added_tokens"]?.array ?? []).map { try AddedToken($0, source: source) }
        let tokens = try TokenizerDocument.tokens(vocabulary, addedTokens, source)
        self.init(
            source: source, tokens: tokens,
            merges: try SentencePieceDescription.merges(merges, of: tokens, source), addedTokens: addedTokens,
            spacePrefix: try SentencePieceDescription.spacePrefix(json, source),
            fallsBackToBytes: model["byte_fallback"]?.bool ?? false,
            stripsFirstSpace: SentencePieceDescription.stripsFirstSpace(json["decoder"] ?? .null),
            beginOfText: BytePairDescription.beginOfText(json["post_processor"] ?? .null, addedTokens))
        if let unknown = model["unk_token"]?.string {
            unknownToken = vocabulary.first { $0.name == unknown }?.value.int.flatMap { Int32(exactly: $0) }
        }
        fusesUnknown = model["fuse_unk"]?.bool ?? false
        try TokenizerDocument.refuseOptions(of: model, source)
        self.stopTokens = BytePairDescription.stopTokens(
            first: stopTokens.filter { tokens.indices.contains(Int($0)) }, added: addedTokens)
    }

    private static func merges(_ list: [JSONValue], of tokens: [String], _ source: String) throws -> [Merge] {
        var ids: [TokenSpelling: Int32] = [:]
        ids.reserveCapacity(tokens.count)
        for (id, token) in tokens.enumerated() where !token.isEmpty { ids[TokenSpelling(token)] = Int32(id) }
        return try list.enumerated().map { index, merge in
            let pair = try BytePairDescription.merge(merge, source)
            guard let left = ids[TokenSpelling(pair.left)], let right = ids[TokenSpelling(pair.right)],
                let token = ids[TokenSpelling(pair.left + pair.right)], let rank = UInt32(exactly: index)
            else {
                throw ModelError.damaged(
                    source,
                    "merge \(index) of \(quoted(pair.left)) and \(quoted(pair.right)) names a token that is not in the "
                        + "vocabulary")
            }
            return Merge(left: left, right: right, token: token, rank: rank)
        }
    }

    /// The two ways in which such files put a space before the text and spell spaces "▁".
    private static func spacePrefix(_ json: JSONValue, _ source: String) throws -> SpacePrefix {
        let normalizers = steps(json["normalizer"], "normalizers")
        let preTokenizers = steps(json["pre_tokenizer"], "pretokenizers")
        func isReplacement(_ step: JSONValue) -> Bool {
            step["type"]?.string == "Replace" && step["pattern"]?["String"]?.string == " "
                && step["content"]?.string == "▁"
        }
        func isPrefix(_ step: JSONValue) -> Bool {
            step["type"]?.string == "Prepend" && step["prepend"]?.string == "▁"
        }
        if preTokenizers.isEmpty {
            if normalizers.count == 1, isReplacement(normalizers[0]) { return .none }
            if normalizers.count == 2, isPrefix(normalizers[0]), isReplacement(normalizers[1]) { return .everywhere }
        }
        if normalizers.isEmpty, preTokenizers.count == 1, let step = preTokenizers.first,
            step["type"]?.string == "Metaspace", step["replacement"]?.string ?? "▁" == "▁",
            step["split"]?.bool == false
        {
            switch step["prepend_scheme"]?.string ?? "always" {
            case "always": return .wherever
            case "first": return .first
            case "never": return .none
            default: break
            }
        }
        let names = (normalizers + preTokenizers).map { quoted($0["type"]?.string ?? "?") }
        throw ModelError.unsupported(
            source,
            "its tokeniser prepares text by \(names.joined(separator: ", ")), which is neither byte-level BPE nor that "
                + "of Llama 2")
    }

    private static func steps(_ value: JSONValue?, _ list: String) -> [JSONValue] {
        guard let value, !value.isNull else { return [] }
        return value["type"]?.string == "Sequence" ? value[list]?.array ?? [] : [value]
    }

    private static func stripsFirstSpace(_ decoder: JSONValue) -> Bool {
        let parts = steps(decoder, "decoders")
        return parts.contains { part in
            part["type"]?.string == "Strip" && part["content"]?.string == " " && part["start"]?.int ?? 0 > 0
                || part["type"]?.string == "Metaspace" && part["prepend_scheme"]?.string != "never"
        }
    }
}

extension SentencePieceTokenizer: SavedTokenizer {
    package func jsonText() -> String {
        var text = JSONText(indented: true)
        text.open("{")
        let members: JSONObject = [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": .array(added.tokens.map(\.json)),
            "normalizer": normalizer, "pre_tokenizer": preTokenizer,
            "post_processor": BytePairTokenizer.postProcessor(beginOfText.map { ($0, spelling(of: $0)) }),
            "decoder": decoder,
        ]
        for (name, value) in members {
            text.name(name)
            value.write(to: &text)
        }
        text.name("model")
        writeModel(&text)
        text.close("}")
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private func writeModel(_ text: inout JSONText) {
        let tokens = vocabulary.spellings
        text.open("{")
        let options: JSONObject = [
            "type": "BPE", "dropout": nil,
            "unk_token": vocabulary.unknownToken.map { .string(tokens[Int($0)]) } ?? .null,
            "continuing_subword_prefix": nil, "end_of_word_suffix": nil, "fuse_unk": .bool(vocabulary.fusesUnknown),
            "byte_fallback": .bool(!vocabulary.byteTokens.isEmpty), "ignore_merges": false,
        ]
        for (name, value) in options {
            text.name(name)
            value.write(to: &text)
        }
        // Not through an object: names that Swift holds for equal may be different tokens.
        text.name("vocab")
        text.open("{")
        for (id, token) in tokens.enumerated() where !token.isEmpty {
            text.name(token)
            text.int(id)
        }
        text.close("}")
        text.name("merges")
        text.open("[")
        for merge in vocabulary.merges.sorted {
            text.next()
            JSONValue.array([.string(tokens[Int(merge.left)]), .string(tokens[Int(merge.right)])]).write(to: &text)
        }
        text.close("]")
        text.close("}")
    }

    private static let replacement: JSONValue = ["type": "Replace", "pattern": ["String": " "], "content": "▁"]

    private var normalizer: JSONValue {
        switch spacePrefix {
        case .none: SentencePieceTokenizer.replacement
        case .everywhere:
            [
                "type": "Sequence",
                "normalizers": [["type": "Prepend", "prepend": "▁"], SentencePieceTokenizer.replacement],
            ]
        case .wherever, .first: .null
        }
    }

    private var preTokenizer: JSONValue {
        switch spacePrefix {
        case .none, .everywhere: .null
        case .wherever, .first:
            [
                "type": "Metaspace", "replacement": "▁", "prepend_scheme": spacePrefix == .first ? "first" : "always",
                "split": false,
            ]
        }
    }

    private var decoder: JSONValue {
        var steps: [JSONValue] = [
            ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "ByteFallback"],
            ["type": "Fuse"],
        ]
        if stripsFirstSpace { steps.append(["type": "Strip", "content": " ", "start": 1, "stop": 0]) }
        return ["type": "Sequence", "decoders": .array(steps)]
    }
}
