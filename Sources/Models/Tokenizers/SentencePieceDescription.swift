/// A byte-pair vocabulary in the manner of SentencePiece, as Llama 2 has it, before it is checked.
struct SentencePieceDescription {
    /// Where text gets a space before it, so that its first word is spelled like the others.
    enum SpacePrefix: Equatable, Sendable {
        case none
        /// Before every stretch of text between special tokens, whatever it starts with (a `Prepend` normaliser).
        case everywhere
        /// Before every stretch that does not start with a space (`Metaspace`, `always`).
        case wherever
        /// Before the whole text only, unless it starts with a space (`Metaspace`, `first`).
        case first
    }

    /// Two tokens that become one. Lower ranks go first; several pairs may share one: then the leftmost in the text
    /// goes first.
    struct Merge: Sendable {
        let left: Int32
        let right: Int32
        let token: Int32
        let rank: UInt32
    }

    /// What messages call it: the path of its file.
    var source: String
    /// By id, with "▁" for the space; an empty one is an id that is not in use.
    var tokens: [String]
    /// Pairs of tokens, and what they become.
    var merges: [Merge]
    var addedTokens: [AddedToken]
    var spacePrefix: SpacePrefix
    /// Whether characters outside the vocabulary become tokens of their bytes, spelled "<0x0A>".
    var fallsBackToBytes: Bool
    /// What stands for characters outside the vocabulary where there are no tokens of bytes.
    var unknownToken: Int32?
    /// Whether a run of such characters is one token.
    var fusesUnknown = false
    /// Whether decoding a whole text takes one space off its beginning.
    var stripsFirstSpace: Bool
    /// The id before every text, if the model wants one.
    var beginOfText: Int32?
    var stopTokens: [Int32] = []

    static let space: Character = "▁"

    /// The byte that a token such as "<0x0A>" stands for.
    static func byte(of token: String) -> UInt8? {
        let spelling = Array(token.utf8)
        guard spelling.count == 6, token.hasPrefix("<0x"), token.hasSuffix(">") else { return nil }
        let digits = token.dropFirst(3).dropLast()
        return digits.allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isLowercase } ? UInt8(digits, radix: 16) : nil
    }

    static func spelling(of byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
    }
}

