/// The kinds of token; the raw value is how it is written.
enum TokenKind: String, Sendable, CaseIterable {
    case integer = "a number", float = "a Float", string = "a string", word = "a name", end = "the end"

    case fn, `if`, `else`, `for`, `in`, `while`, `break`, `continue`, `return`, `try`, `catch`, `import`, `as`
    case and, or, not
    case `true`, `false`, null = "nil", noGrad = "no_grad"

    case leftParen = "(", rightParen = ")", leftBracket = "[", rightBracket = "]", leftBrace = "{", rightBrace = "}"
    case comma = ",", colon = ":", semicolon = ";", dot = ".", arrow = "->", pipe = "|>"
    case plus = "+", minus = "-", star = "*", slash = "/", doubleSlash = "//", percent = "%", at = "@"
    case doubleStar = "**"
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case range = "..", closedRange = "..="
    case assign = "=", plusAssign = "+=", minusAssign = "-=", starAssign = "*=", slashAssign = "/="
    case doubleSlashAssign = "//=", percentAssign = "%=", atAssign = "@=", doubleStarAssign = "**="

    static let keywords: [String: TokenKind] = {
        let all: [TokenKind] = [
            .fn, .if, .else, .for, .in, .while, .break, .continue, .return, .try, .catch, .import, .as, .and, .or, .not,
            .true, .false, .null, .noGrad,
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue, $0) })
    }()

    /// How a word or a sign of the language is written: its bytes, the first one lowest.
    struct Spelling {
        var bytes: UInt64
        var length: Int
        var kind: TokenKind

        init(_ kind: TokenKind) {
            let text = Array(kind.rawValue.utf8)
            bytes = text.reversed().reduce(0) { $0 << 8 | UInt64($1) }
            length = text.count
            self.kind = kind
        }
    }

    /// The keywords, by their first byte.
    static let words = spellings { keywords[$0.rawValue] != nil }
    /// Everything that is no word, by its first byte, the longest first.
    static let signs = spellings { kind in
        !kind.rawValue.utf8.contains { $0.isWordPart || $0 == UInt8(ascii: " ") }
    }

    private static func spellings(where isWanted: (TokenKind) -> Bool) -> [[Spelling]] {
        var result = [[Spelling]](repeating: [], count: 128)
        for spelling in allCases.filter(isWanted).map(Spelling.init) {
            result[Int(spelling.bytes & 0xFF)].append(spelling)
        }
        return result.map { $0.sorted { $0.length > $1.length } }
    }

    /// Its position among all kinds.
    var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

    /// The bracket that closes this one.
    var closing: TokenKind? {
        switch self {
        case .leftParen: .rightParen
        case .leftBracket: .rightBracket
        case .leftBrace: .rightBrace
        default: nil
        }
    }

    /// Whether it can stand where a field's, a key's or an argument's name is expected.
    var isWord: Bool { self == .word || (ordinal >= TokenKind.fn.ordinal && ordinal <= TokenKind.noGrad.ordinal) }
}

/// There are many: the order of the fields makes them 24 bytes.
struct Token {
    var literal = Literal.none
    var kind: TokenKind
    /// Whether a newline stands between this token and the one before.
    var startsLine = false
    var span: SourceSpan

    init(kind: TokenKind, span: SourceSpan, startsLine: Bool = false, literal: Literal = .none) {
        self.kind = kind
        self.span = span
        self.startsLine = startsLine
        self.literal = literal
    }

    enum Literal {
        case none
        case int(Int)
        /// 2^63, which only a minus before it makes an Int.
        case beyondLargest
        case float(Double)
        case template([TemplatePart])
    }
}

/// A piece of a string literal.
enum TemplatePart {
    case text(String)
    /// `{tokens:format}`
    case expression([Token], format: [TemplatePart]?)
}
