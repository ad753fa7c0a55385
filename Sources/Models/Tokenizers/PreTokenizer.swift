/// How a text is cut into pieces before byte-pair merging; merges never cross a cut. Each model family has a regular
/// expression for it; they are written out here as scanners, and fixtures of Hugging Face `tokenizers` check them.
public enum PreTokenizer: String, Sendable, CaseIterable {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    case gpt2
    /// Every digit by itself, then as GPT-2 between the digits.
    case smolLM2
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
    /// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    case llama3
    /// As Llama 3, but with `\p{N}` for the numbers.
    case qwen2

    /// The pre-tokeniser under the name that a GGUF file gives it (`tokenizer.ggml.pre`), or nil when unknown.
    init?(ggufName: String) {
        switch ggufName {
        case "gpt-2", "gpt2", "default": self = .gpt2
        case "smollm": self = .smolLM2
        case "llama-bpe", "llama3", "llama-v3", "smaug-bpe": self = .llama3
        case "qwen2", "deepseek-r1-qwen": self = .qwen2
        default: return nil
        }
    }

    /// Cuts a text; the pieces are all of it, in order.
    public func pieces(of text: String) -> [String] {
        var text = text
        var pieces: [String] = []
        text.withUTF8 { bytes in
            forEachPiece(of: bytes) { pieces.append(String(decoding: bytes[$0], as: UTF8.self)) }
        }
        return pieces
    }

    /// Calls `body` with the place of every piece in turn.
    /// - Parameter bytes: valid UTF-8.
    @inline(__always)
    func forEachPiece(of bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) throws -> Void) rethrows {
        guard let base = bytes.baseAddress else { return }
        var scanner = PieceScanner(bytes: base, end: bytes.count, classes: CharacterClass.table)
        switch self {
        case .gpt2: try scanner.forEachGPT2Piece(body)
        case .smolLM2: try scanner.forEachSmolLM2Piece(end: bytes.count, body)
        case .llama3: try scanner.forEachLlama3Piece(digits: 3, body)
        case .qwen2: try scanner.forEachLlama3Piece(digits: 1, body)
        }
    }
}

/// A position in UTF-8 text and the steps that the scanners share.
struct PieceScanner {
    let bytes: UnsafePointer<UInt8>
    /// The text ends here, for what looks ahead too.
    var end: Int
    /// Of the basic plane.
    let classes: UnsafePointer<CharacterClass>
    var offset = 0

    /// The class and the length in bytes of the character at a place before the end.
    @inline(__always)
    func character(at place: Int) -> (class: CharacterClass, length: Int) {
        let byte = bytes[place]
        return byte < 0x80 ? (classes[Int(byte)], 1) : longCharacter(at: place)
    }

    @inline(never)
    private func longCharacter(at place: Int) -> (class: CharacterClass, length: Int) {
        let scalar = scalar(at: place)
        let isBasic = scalar.value < 0x10000
        return (isBasic ? classes[Int(scalar.value)] : CharacterClass(slow: scalar), UTF8.width(scalar))
    }

    /// The character at a place where a character of two to four bytes starts.
    func scalar(at place: Int) -> Unicode.Scalar {
        let first = UInt32(bytes[place])
        func continuation(_ i: Int) -> UInt32 { place + i < end ? UInt32(bytes[place + i]) & 0x3F : 0 }
        let value =
            switch first {
            case 0..<0x80: first
            case 0x80..<0xE0: (first & 0x1F) << 6 | continuation(1)
            case 0xE0..<0xF0: (first & 0x0F) << 12 | continuation(1) << 6 | continuation(2)
            default: (first & 0x07) << 18 | continuation(1) << 12 | continuation(2) << 6 | continuation(3)
            }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    /// The end of the run of characters of one class from a place on.
    @inline(__always)
    func endOfRun(_ wanted: CharacterClass, from start: Int) -> Int {
        var place = start
        while place < end {
            let next = character(at: place)
            guard next.class == wanted else { break }
            place += next.length
        }
        return place
    }

    /// The length of a contraction such as `'re` at an apostrophe, or 0.
    @inline(__always)
    func contraction(at place: Int, ignoringCase: Bool) -> Int {
        guard bytes[place] == UInt8(ascii: "'"), place + 1 < end else { return 0 }
        let caseBit: UInt8 = ignoringCase ? 0x20 : 0
        let first = bytes[place + 1] | caseBit
        let second = place + 2 < end ? bytes[place + 2] | caseBit : 0
        switch (first, second) {
        case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _): return 2
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return 3
        // The long s, U+017F, is an s when case does not matter.
        default: return ignoringCase && bytes[place + 1] == 0xC5 && second == 0xBF ? 3 : 0
        }
    }

    /// The end of the piece of white space that starts here, by `\s+(?!\S)|\s+`: a run gives its last character back to
    /// what follows it, unless it has no other or nothing follows.
    @inline(__always)
    func endOfWhitespace(from start: Int) -> Int {
        var place = start
        var last = start
        while place < end {
            let next = character(at: place)
            guard next.class.isWhitespace else { break }
            last = place
            place += next.length
        }
        return place < end && last > start ? last : place
    }
}
