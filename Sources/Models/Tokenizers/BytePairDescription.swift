/// A byte-level byte-pair vocabulary as model files describe it, before it is checked.
struct BytePairDescription {
    /// What messages call it: the path of its file.
    var source: String
    /// By id, spelled in `ByteAlphabet`; an empty one is an id that is not in use.
    var tokens: [String]
    /// The two halves of each merge, the first to be merged first.
    var merges: [(left: String, right: String)]
    var addedTokens: [AddedToken]
    var preTokenizer: PreTokenizer
    /// Whether text is put into Unicode's composed form (NFC) first, as Qwen2 does.
    var composesCharacters = false
    /// Whether a piece that is in the vocabulary as a whole is never merged from its bytes, as in Llama 3.
    var ignoresMerges = false
    /// The id before every text, if the model wants one.
    var beginOfText: Int32?
    var stopTokens: [Int32] = []

    /// Special tokens that end a text or a turn in the models known here.
    static let stopSpellings = [
        "<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "<｜end▁of▁sentence｜>", "<|eom_id|>",
    ]

    /// The ids that the file names first, and the other known ends of texts that are special tokens here.
    static func stopTokens(first: [Int32], added: [AddedToken]) -> [Int32] {
        var stopTokens = first
        for spelling in stopSpellings {
            guard let token = added.first(where: { $0.isSpecial && $0.content == spelling }) else { continue }
            if !stopTokens.contains(token.id) { stopTokens.append(token.id) }
        }
        return stopTokens
    }
}
