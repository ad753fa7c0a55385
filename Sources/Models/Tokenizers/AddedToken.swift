/// A token that is recognised in the text before anything else, whole: chat markers, the end of the text, and what a
/// model's makers added to the vocabulary later. The fields are those of Hugging Face's `AddedToken`.
struct AddedToken: Equatable, Sendable {
    let id: Int32
    /// How it is spelled in text; not empty.
    var content: String
    /// Special tokens stand for no text.
    var isSpecial = true
    /// Whether it is looked for in the normalised text rather than in the text as given.
    var isNormalized = false
    /// Whether it takes in the white space before it.
    var stripsLeft = false
    /// Whether it takes in the white space behind it.
    var stripsRight = false
    /// Whether it counts only where no letter or number touches it.
    var isSingleWord = false
}

/// The added tokens of a vocabulary, and how they are found in text.
struct AddedTokens: Sendable {
    let tokens: [AddedToken]
    /// Finds those that are looked for in the text as given, and in the normalised text.
    let plain: AddedTokenScanner
    let normalized: AddedTokenScanner
    private let special: Set<Int32>

    /// - Parameter prefix: what normalising puts before text, and so before tokens that are looked for in it.
    init(_ tokens: [AddedToken], normalizedPrefix prefix: String = "") {
        self.tokens = tokens
        special = Set(tokens.lazy.filter(\.isSpecial).map(\.id))
        plain = AddedTokenScanner(tokens.filter { !$0.isNormalized })
        normalized = AddedTokenScanner(
            tokens.filter(\.isNormalized).map { token in
                var token = token
                token.content = prefix + token.content
                return token
            })
    }

    func isSpecial(_ token: Int32) -> Bool { special.contains(token) }
}
