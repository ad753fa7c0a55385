/// The kinds of token; the raw value is how it is written.
enum TokenKind: String, Sendable {
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

    /// Whether it can stand where a field's, a key's or an argument's name is expected.
    var isWord: Bool { self == .word || TokenKind.keywords[rawValue] != nil }
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
