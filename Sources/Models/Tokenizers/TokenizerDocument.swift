import JSON

/// A `tokenizer.json` that was read. Names in it are compared by their code points: a vocabulary may hold both "é" as
/// one code point and as two, which for Swift are equal strings.
package struct TokenizerDocument {
    let json: JSONValue
    /// What messages call it: its path.
    let source: String

    /// - Throws: `ModelError` when the file cannot be read or is not JSON.
    package init(path: String) throws {
        let file = try MappedFile(path: path)
        self = try file.withBytes(in: 0..<file.byteCount) { try TokenizerDocument(parsing: $0, source: path) }
    }

    /// - Throws: `ModelError` that names the place where the bytes stop being JSON.
    package init(parsing bytes: UnsafeRawBufferPointer, source: String) throws {
        var reader = JSONReader(bytes, TokenizerDocumentBuilder())
        do {
            self.init(try reader.document(), source: source)
        } catch {
            throw ModelError.damaged(
                source, "it is not JSON at line \(error.line), column \(error.column): \(error.reason)")
        }
    }

    package init(_ json: JSONValue, source: String) {
        self.json = json
        self.source = source
    }

    /// The members of an object, also of one whose names Swift holds for equal.
    static func members(_ value: JSONValue?) -> [(name: String, value: JSONValue)]? {
        if let object = value?.object { return object.map { ($0.key, $0.value) } }
        return value?.array?.compactMap { pair in
            guard let pair = pair.array, pair.count == 2, let name = pair[0].string else { return nil }
            return (name, pair[1])
        }
    }

    /// The vocabulary by id. Ids may leave gaps, but not so many that a damaged file would fill the memory.
    static func tokens(
        _ vocabulary: [(name: String, value: JSONValue)], _ added: [AddedToken], _ source: String
    ) throws -> [String] {
        let limit = 2 * (vocabulary.count + added.count) + 65_536
        var tokens: [String] = []
        func place(_ token: String, _ id: Int?) throws {
            guard let id, 0..<limit ~= id else {
                throw ModelError.damaged(source, "the token \(quoted(token)) has no sound id")
            }
            while tokens.count <= id { tokens.append("") }
            tokens[id] = token
        }
        for (token, id) in vocabulary { try place(token, id.int) }
        for token in added {
            let id = Int(token.id)
            if tokens.indices.contains(id), !tokens[id].isEmpty, !tokens[id].utf8.elementsEqual(token.content.utf8) {
                throw ModelError.damaged(
                    source,
                    "the added token \(quoted(token.content)) has the id \(id) of the token \(quoted(tokens[id]))")
            }
            try place(token.content, id)
        }
        return tokens
    }

    /// Options of a BPE model under which other tokens would come out than this program gives.
    static func refuseOptions(of model: JSONValue, _ source: String) throws {
        for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let text = model[option]?.string, !text.isEmpty {
                throw ModelError.unsupported(source, "its tokeniser has a \(option), which is not known")
            }
        }
        if let dropout = model["dropout"]?.double, dropout > 0 {
            throw ModelError.unsupported(source, "its tokeniser has a dropout, so that a text has no tokens of its own")
        }
    }

    /// The tokeniser that it describes.
    /// - Parameter stopTokens: the ids that end a text, from the model's configuration; the known ones are added.
    /// - Throws: `ModelError` when it is of a kind not known here, or is damaged.
    package func tokenizer(stopTokens: [Int32] = []) throws -> any Tokenizer {
        let model = json["model"]
        if json["decoder"]?["type"]?.string != "ByteLevel", model?["type"]?.string ?? "BPE" == "BPE" {
            return try SentencePieceTokenizer(SentencePieceDescription(self, stopTokens: stopTokens))
        }
        return try BytePairTokenizer(json: json, source: source, stopTokens: stopTokens)
    }
}

/// A tokeniser that can be written as a `tokenizer.json`.
package protocol SavedTokenizer: Tokenizer {
    /// The text of a `tokenizer.json` that Hugging Face `tokenizers` reads.
    func jsonText() -> String
}

/// A text that equals another only if its code points do.
struct TokenSpelling: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (a: TokenSpelling, b: TokenSpelling) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// Builds `JSONValue`s; an object with two names that Swift holds for equal becomes a list of pairs.
private struct TokenizerDocumentBuilder: JSONBuilder {
    struct Members {
        var object: JSONObject = [:]
        var pairs: [JSONValue]?
        var names: Set<TokenSpelling> = []
    }

    static func null() -> JSONValue { .null }
    static func bool(_ value: Bool) -> JSONValue { .bool(value) }
    static func int(_ value: Int) -> JSONValue { .int(value) }
    static func largeInteger(_ rounded: Double) -> JSONValue? { .double(rounded) }
    static func double(_ value: Double) -> JSONValue { .double(value) }
    static func string(_ value: String) -> JSONValue { .string(value) }
    static func array(_ elements: [JSONValue]) -> JSONValue { .array(elements) }
    static func abandon(_ elements: [JSONValue]) {}
    static var shouldStop: Bool { false }

    func members(nesting: Int) -> Members { Members() }

    func add(_ value: JSONValue, named name: String, to members: inout Members) -> Bool {
        if members.pairs == nil {
            guard let index = members.object.index(forKey: name) else {
                members.object[name] = value
                return true
            }
            if members.object.keys[index].utf8.elementsEqual(name.utf8) { return false }
            members.pairs = members.object.map { .array([.string($0.key), $0.value]) }
            members.names = Set(members.object.keys.map(TokenSpelling.init))
            members.object = [:]
        }
        members.pairs?.append(.array([.string(name), value]))
        return members.names.insert(TokenSpelling(name)).inserted
    }

    func object(_ members: Members, nesting: Int) -> JSONValue {
        members.pairs.map { .array($0) } ?? .object(members.object)
    }
}
