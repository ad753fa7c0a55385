/// What the pre-tokenisers need to know of a character: a letter (`\p{L}`), a number (`\p{N}`), white space (`\s`), a
/// line break that some of them treat apart, or anything else.
enum CharacterClass: UInt8 {
    case letter, number, space, lineBreak, other

    /// Carriage return and line feed have a class of their own; they are white space too.
    @inline(__always)
    var isWhitespace: Bool { self == .space || self == .lineBreak }

    private static let ascii: [CharacterClass] = (0..<128).map { CharacterClass(slow: Unicode.Scalar(UInt8($0))) }

    /// Lends the table for ASCII, for loops that look up many characters.
    static func withASCIITable<Result>(_ body: (UnsafeBufferPointer<CharacterClass>) throws -> Result) rethrows
        -> Result
    {
        try ascii.withUnsafeBufferPointer(body)
    }

    init(slow scalar: Unicode.Scalar) {
        if scalar == "\n" || scalar == "\r" {
            self = .lineBreak
            return
        }
        if scalar.properties.isWhitespace {
            self = .space
            return
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        default: self = .other
        }
    }
}
