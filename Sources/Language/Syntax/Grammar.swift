/// How tightly operators bind, loosest first. The whole grammar of operators is this screen.
enum Precedence: Int, Comparable {
    case lowest, pipe, or, and, not, comparison, range, sum, product, negation, power, postfix

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .postfix }
}

struct InfixRule: Sendable {
    enum Meaning: Sendable {
        case pipe, or, and, comparison(BinaryOperator), contained, notContained, range(isClosed: Bool)
        case arithmetic(BinaryOperator), power, call, index, member
    }

    var precedence: Precedence
    var meaning: Meaning

    private init(_ precedence: Precedence, _ meaning: Meaning) {
        self.precedence = precedence
        self.meaning = meaning
    }

    /// By the token's ordinal.
    private static let rules: [InfixRule?] = TokenKind.allCases.map { table[$0] }

    static func of(_ kind: TokenKind) -> InfixRule? { rules[kind.ordinal] }

    private static let table: [TokenKind: InfixRule] = [
        .pipe: InfixRule(.pipe, .pipe),
        .or: InfixRule(.or, .or),
        .and: InfixRule(.and, .and),
        .less: InfixRule(.comparison, .comparison(.less)),
        .lessOrEqual: InfixRule(.comparison, .comparison(.lessOrEqual)),
        .greater: InfixRule(.comparison, .comparison(.greater)),
        .greaterOrEqual: InfixRule(.comparison, .comparison(.greaterOrEqual)),
        .equal: InfixRule(.comparison, .comparison(.equal)),
        .notEqual: InfixRule(.comparison, .comparison(.notEqual)),
        .in: InfixRule(.comparison, .contained),
        .not: InfixRule(.comparison, .notContained),
        .range: InfixRule(.range, .range(isClosed: false)),
        .closedRange: InfixRule(.range, .range(isClosed: true)),
        .plus: InfixRule(.sum, .arithmetic(.add)),
        .minus: InfixRule(.sum, .arithmetic(.subtract)),
        .star: InfixRule(.product, .arithmetic(.multiply)),
        .slash: InfixRule(.product, .arithmetic(.divide)),
        .doubleSlash: InfixRule(.product, .arithmetic(.floorDivide)),
        .percent: InfixRule(.product, .arithmetic(.remainder)),
        .at: InfixRule(.product, .arithmetic(.matrixMultiply)),
        .doubleStar: InfixRule(.power, .power),
        .leftParen: InfixRule(.postfix, .call),
        .leftBracket: InfixRule(.postfix, .index),
        .dot: InfixRule(.postfix, .member),
    ]

    /// The operator of `+=` and the like.
    static func augmented(_ kind: TokenKind) -> BinaryOperator? {
        switch kind {
        case .plusAssign: .add
        case .minusAssign: .subtract
        case .starAssign: .multiply
        case .slashAssign: .divide
        case .doubleSlashAssign: .floorDivide
        case .percentAssign: .remainder
        case .atAssign: .matrixMultiply
        case .doubleStarAssign: .power
        default: nil
        }
    }
}

/// The words of the grammar, which cannot be names.
package enum GrammarWords {
    package static var all: [String] { TokenKind.keywords.keys.sorted() }
}
