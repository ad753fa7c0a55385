/// A token with everything that decides where it goes.
struct LayoutToken {
    enum Bracket {
        /// `f(...)`, and the parameters of a function
        case call
        /// `(...)` around an expression
        case group
        case list, index, record, block
    }

    let kind: TokenKind
    let text: String
    /// Columns of its first line, and of its last; they differ only for strings of several lines.
    let width: Int
    let lastWidth: Int
    let isMultiline: Bool
    let trivia: Trivia
    /// Spaces before it where it stands on the line of the token before.
    var space = 0
    /// For brackets: the other one, and what they hold.
    var partner = -1
    var bracket: Bracket?
    var isStatementStart = false
    /// `for` or `if` of a list that is made by a loop.
    var startsClause = false
    /// `-x`, not `a - x`
    var isSign = false
    /// How tightly it binds, where it is an operator with two sides that a line may end after.
    var binary: Precedence?
    /// Whether the author's line break before it stays.
    var keepsBreak = false

    var hasComments: Bool { !trivia.comments.isEmpty }
    /// Whether a new line must begin here.
    var isForced: Bool { keepsBreak || hasComments }
    var opens: Bool { kind == .leftParen || kind == .leftBracket || kind == .leftBrace }
    var closes: Bool { kind == .rightParen || kind == .rightBracket || kind == .rightBrace }

    init(_ token: Token, _ text: String, _ trivia: Trivia) {
        kind = token.kind
        self.text = text
        self.trivia = trivia
        isMultiline = text.utf8.contains(UInt8(ascii: "\n"))
        if isMultiline {
            width = text.prefix { !$0.isNewline }.count
            lastWidth = text.reversed().prefix { !$0.isNewline }.count
        } else {
            width = text.count
            lastWidth = width
        }
    }
}

/// A whole script, ready to be laid out. Indices are those of `tokens`; there is none for the end of the text.
struct AnnotatedScript {
    var tokens: [LayoutToken] = []
    /// What stands behind the last token.
    var end = Trivia()
    /// For each bracket that opens: whether a new line must begin directly inside it, whether one must begin behind a
    /// comma of its own, and its last comma.
    var isBroken: [Int: Bool] = [:]
    var hasRows: [Int: Bool] = [:]
    var lastComma: [Int: Int] = [:]
}
