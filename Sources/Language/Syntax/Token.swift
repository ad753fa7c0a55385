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

    /// Everything that is no word, by its first byte, the longest first.
    static let symbols: [[(bytes: [UInt8], kind: TokenKind)]] = {
        var result = [[(bytes: [UInt8], kind: TokenKind)]](repeating: [], count: 128)
        for kind in TokenKind.allCases {
            let bytes = Array(kind.rawValue.utf8)
            guard !bytes.contains(where: { $0.isWordPart || $0 == UInt8(ascii: " ") }) else { continue }
            result[Int(bytes[0])].append((bytes, kind))
        }
        return result.map { $0.sorted { $0.bytes.count > $1.bytes.count } }
    }()

    /// Its position among all kinds.
    var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

    /// Whether it can stand where a field's, a key's or an argument's name is expected.
    var isWord: Bool { self == .word || (ordinal >= TokenKind.fn.ordinal && ordinal <= TokenKind.noGrad.ordinal) }
}

struct Token {
    var kind: TokenKind
    var span: SourceSpan
    /// Whether a newline stands between this token and the one before.
    var startsLine = false
    var literal = Literal.none

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
