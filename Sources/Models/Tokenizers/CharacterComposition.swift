// Foundation's composition takes characters beyond U+FFFF for those with the same lower 16 bits. The standard library
// composes rightly, but does not offer it to everybody yet.
@_spi(_Unicode) import Swift

/// Unicode's composed form (NFC) of UTF-8 text, piece by piece: in time that is linear in the text's length, and
/// nearly none where the text is composed already.
///
/// It is that of Unicode 9.0, as `tokenizers` has it, so that a model gets the tokens that it was trained on:
/// characters that came later stay as and where they are.
enum CharacterComposition {
    /// A piece is at least as long as this, so that the call of the library pays.
    private static let pieceLength = 256

    /// Lends the composed form of a text.
    /// - Parameter text: valid UTF-8.
    static func withComposed(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard var change = firstChange(in: text, from: 0) else { return body(text) }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 16)
        var done = 0
        while true {
            result.append(contentsOf: text[done..<change.start])
            done = endOfPiece(in: text, from: change)
            let piece = String(decoding: text[change.start..<done], as: UTF8.self)
            appendComposed(piece, to: &result)
            guard let next = firstChange(in: text, from: done) else { break }
            change = next
        }
        result.append(contentsOf: text[done...])
        result.withUnsafeBufferPointer(body)
    }

    private static func appendComposed(_ piece: String, to result: inout [UInt8]) {
        let scalars = piece.unicodeScalars
        guard scalars.contains(where: { !isOld($0) || decomposedVowel($0) != nil }) else {
            return append(piece, to: &result)
        }
        var old = String.UnicodeScalarView()
        for scalar in scalars {
            if isOld(scalar) {
                if let marks = decomposedVowel(scalar) { old.append(contentsOf: marks) } else { old.append(scalar) }
            } else {
                append(String(old), to: &result)
                old.removeAll(keepingCapacity: true)
                result.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
        append(String(old), to: &result)
    }

    private static func append(_ text: String, to result: inout [UInt8]) {
        for scalar in text._nfc {
            result.append(contentsOf: UTF8.encode(scalar)!)
        }
    }

    /// The next character that may be changed by composing, and the start of what it may be composed with.
    private static func firstChange(
        in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (start: Int, place: Int)? {
        var place = start, boundary = start
        while place < text.count {
            // All that comes before U+0300 is composed, and composes with nothing before it.
            if text[place] < 0xCC {
                boundary = place
                place += text[place] < 0x80 ? 1 : 2
                continue
            }
            guard let scalar = text.scalar(at: place) else { return nil }
            guard isSettled(scalar.value) else { return (boundary, place) }
            boundary = place
            place += UTF8.width(scalar)
        }
        return nil
    }

    /// The end of a piece that starts with a change: where a character stands that composes with nothing before it.
    private static func endOfPiece(in text: UnsafeBufferPointer<UInt8>, from change: (start: Int, place: Int)) -> Int {
        var place = change.place
        while let scalar = text.scalar(at: place) {
            if place - change.start >= pieceLength, isSettled(scalar.value) { return place }
            place += UTF8.width(scalar)
        }
        return text.count
    }

    /// Tibetan vowels that stand for two marks: the standard library does not put those in order with the marks before.
    private static func decomposedVowel(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
        switch scalar {
        case "\u{F73}": ["\u{F71}", "\u{F72}"]
        case "\u{F75}": ["\u{F71}", "\u{F74}"]
        case "\u{F81}": ["\u{F71}", "\u{F80}"]
        default: nil
        }
    }

    /// Whether a character was there in Unicode 9.0, or is none that changes or moves.
    private static func isOld(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x1_0000, scalar.properties.canonicalCombiningClass == .notReordered { return true }
        return scalar.properties.age.map { $0.major <= 9 } ?? false
    }

    /// Whether a character stays as it is and composes with nothing before it (`NFC_Quick_Check` is Yes and the
    /// combining class 0): true only of blocks where all are so. Characters that this leaves out are looked at by the
    /// library.
    private static func isSettled(_ value: UInt32) -> Bool {
        switch value {
        case 0..<0x300: true
        case 0x4E00...0x9FFF, 0x3400...0x4DBF: true  // Chinese characters
        case 0x48A...0x58F, 0x388...0x482, 0x375...0x37D: true  // Greek, Cyrillic, Armenian
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x3000...0x3029: true  // kana, East Asian punctuation
        case 0xAC00...0xD7A3: true  // Hangul syllables
        case 0x5D0...0x5EA, 0x621...0x64A, 0xE01...0xE30: true  // Hebrew, Arabic, Thai letters
        case 0x2010...0x2027, 0x2030...0x205E, 0xFF01...0xFFEE: true  // punctuation, full width
        case 0x1F300...0x1FAFF, 0x20000...0x2A6DF: true  // pictures, rarer Chinese characters
        default: false
        }
    }
}
