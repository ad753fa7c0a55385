/// What the pre-tokenisers need to know of a character: a letter (`\p{L}`), a number (`\p{N}`), white space (`\s`), a
/// line break that some of them treat apart, or anything else.
enum CharacterClass: UInt8 {
    case letter, number, space, lineBreak, other

    /// Carriage return and line feed have a class of their own; they are white space too.
    @inline(__always)
    var isWhitespace: Bool { self == .space || self == .lineBreak }

    /// Of all characters of the basic plane; asking Unicode for each of a text's takes longer than merging its tokens.
    nonisolated(unsafe) private static let basicPlane: UnsafePointer<CharacterClass> = {
        let table = UnsafeMutablePointer<CharacterClass>.allocate(capacity: 0x10000)
        for value in 0..<UInt32(0x10000) {
            (table + Int(value)).initialize(to: Unicode.Scalar(value).map(CharacterClass.init(slow:)) ?? .other)
        }
        return UnsafePointer(table)
    }()

    /// The table of the basic plane, for loops that look up many characters.
    static var table: UnsafePointer<CharacterClass> { basicPlane }

    init(_ scalar: Unicode.Scalar) {
        self = scalar.value < 0x10000 ? CharacterClass.basicPlane[Int(scalar.value)] : CharacterClass(slow: scalar)
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
