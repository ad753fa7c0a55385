/// Makes programs that nobody would write out of real ones.
public struct Mutator {
    var random: RandomSource
    let corpus: Corpus

    public init(random: RandomSource, corpus: Corpus) {
        self.random = random
        self.corpus = corpus
    }

    public mutating func program() -> [UInt8] {
        var bytes = random.pick(corpus.scripts)
        if bytes.count > 1500, !random.once(in: 20) { bytes = lines(of: bytes) }
        for _ in 0..<random.pick([1, 1, 1, 2, 3]) { bytes = mutated(bytes) }
        return Array(bytes.prefix(20_000))
    }

    /// A few lines in a row.
    private mutating func lines(of bytes: [UInt8]) -> [UInt8] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let start = random.below(lines.count)
        return Array(lines[start...].prefix(random.int(3...25)).joined(separator: [UInt8(ascii: "\n")]))
    }

    private mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        switch random.below(14) {
        case 0: return flipped(bytes)
        case 1: return Array(bytes.prefix(random.below(bytes.count + 1)))
        case 2: return Array(bytes.dropFirst(random.below(bytes.count + 1)))
        case 3: return bracketless(bytes)
        case 4: return spliced(bytes)
        case 5: return repeated(bytes)
        case 6: return inserted(bytes)
        default: return withTokens(bytes)
        }
    }

    private mutating func flipped(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return bytes }
        var bytes = bytes
        for _ in 0..<random.int(1...4) { bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8)) }
        return bytes
    }

    private mutating func bracketless(_ bytes: [UInt8]) -> [UInt8] {
        let brackets = bytes.indices.filter { "()[]{}\"'".utf8.contains(bytes[$0]) }
        guard !brackets.isEmpty else { return bytes }
        var bytes = bytes
        bytes.remove(at: random.pick(brackets))
        return bytes
    }

    private mutating func spliced(_ bytes: [UInt8]) -> [UInt8] {
        let other = random.pick(corpus.scripts)
        let start = random.below(other.count)
        return Array(bytes.prefix(random.below(bytes.count + 1)) + other[start...].prefix(random.int(1...400)))
    }

    /// A piece many times: depth and length.
    private mutating func repeated(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return bytes }
        let start = random.below(bytes.count)
        let piece = bytes[start...].prefix(random.int(1...12))
        let count = random.once(in: 30) ? 1200 : random.int(2...40)
        return Array(bytes.prefix(start) + (0..<count).flatMap { _ in piece } + bytes[start...])
    }

    private static let pieces: [[UInt8]] = [
        "\"", "\"\"\"", "{", "}", "(", ")", "[", "]", "\n", ";", "..", "|>", "->", "=", "#", "\\", "\r", "\0", "\u{FEFF}",
        "é", "👩‍👩‍👧", "9223372036854775807", "1e999", "0x", "1e", "for", "if", "fn", "not", "in", "{x:", "\\u{", "r\"", "e\u{301}",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x80], [0xF0, 0x9F], [0x80]]

    private mutating func inserted(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes.insert(contentsOf: random.pick(Self.pieces), at: random.below(bytes.count + 1))
        return bytes
    }

    // MARK: - Tokens

    private static let numbers = [
        "0", "1", "-1", "2", "9223372036854775807", "(-9223372036854775807 - 1)", "9223372036854775808", "nan", "inf",
        "-inf", "1e308", "5e-324", "0.0", "-0.0", "nil", "true", "\"\"", "[]", "{}", "1000", "65536", "1e16",
    ]

    private mutating func withTokens(_ bytes: [UInt8]) -> [UInt8] {
        var tokens = Self.tokens(bytes)
        let visible = tokens.indices.filter { tokens[$0].first! > UInt8(ascii: " ") }
        guard !visible.isEmpty else { return bytes }
        let place = random.pick(visible)
        switch random.below(7) {
        case 0: tokens.remove(at: place)
        case 1: tokens.insert(tokens[place], at: place)
        case 2: tokens.swapAt(place, random.pick(visible))
        case 3: tokens[place] = tokens[random.pick(visible)]
        case 4:
            let digits = visible.filter { tokens[$0].first!.isASCIIDigit }
            tokens[digits.isEmpty ? place : random.pick(digits)] = Array(random.pick(Self.numbers).utf8)
        case 5:
            let names = visible.filter { tokens[$0].first!.isASCIILetter }
            guard !names.isEmpty else { return bytes }
            tokens[random.pick(names)] = tokens[random.pick(names)]
        default:
            let count = min(random.int(1...8), tokens.count - place)
            tokens.removeSubrange(place..<place + count)
        }
        return Array(tokens.joined())
    }

    /// Words, numbers and white space in one piece each, everything else byte by byte.
    private static func tokens(_ bytes: [UInt8]) -> [[UInt8]] {
        var tokens: [[UInt8]] = []
        for byte in bytes {
            if let last = tokens.last?.last, joins(last, byte) {
                tokens[tokens.count - 1].append(byte)
            } else {
                tokens.append([byte])
            }
        }
        return tokens
    }

    private static func joins(_ left: UInt8, _ right: UInt8) -> Bool {
        if left == UInt8(ascii: " ") { return right == left }
        let isWord = { (byte: UInt8) in byte.isASCIIDigit || byte.isASCIILetter || byte >= 0x80 }
        return isWord(left) && isWord(right)
    }
}

extension UInt8 {
    fileprivate var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    fileprivate var isASCIILetter: Bool {
        (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z")) || self == UInt8(ascii: "_")
    }
}
