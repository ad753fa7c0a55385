/// A node of the syntax tree. Everything is an expression, statements included.
final class Expression {
    let kind: Kind
    let span: SourceSpan

    init(_ kind: Kind, _ span: SourceSpan) {
        self.kind = kind
        self.span = span
    }

    enum Kind {
        case null, bool(Bool), int(Int), float(Double), string(String)
        case template([Piece])
        case name(String)
        case list([Expression])
        /// `(a, b)`: only a target of an assignment.
        case tuple([Expression])
        case record([Field])
        case block([Expression])
        case unary(UnaryOperator, Expression)
        /// `+x`, which is `x` where `-x` is allowed.
        case plus(Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `a < b <= c`: each operand is evaluated once.
        case comparison(Expression, [(Comparison, Expression)])
        case and(Expression, Expression)
        case or(Expression, Expression)
        case range(Expression, Expression, isClosed: Bool)
        case call(Expression, [Argument])
        case member(Expression, Identifier)
        case index(Expression, [Subscript])
        case function(FunctionLiteral)
        /// `fn name(...) { ... }`
        case definition(Identifier, FunctionLiteral)
        case conditional(Expression, then: Expression, otherwise: Expression?)
        case forLoop(Target, in: Expression, body: Expression)
        case whileLoop(Expression, body: Expression)
        case comprehension(Comprehension)
        case breakLoop, continueLoop
        case returnValue(Expression?)
        indirect case tryCatch(Expression, name: Identifier?, handler: Expression)
        case noGrad(Expression)
        indirect case importFile(path: String, pathSpan: SourceSpan, name: Identifier)
        case assignment(Target, Expression)
        case augmented(Target, BinaryOperator, Expression)
    }
}

struct Identifier {
    var name: String
    var span: SourceSpan
}

enum Comparison {
    case order(BinaryOperator)
    case contained(isNegated: Bool)
}

enum Piece {
    case text(String)
    case value(Expression, format: [Piece]?)
}

struct Field {
    var key: String
    var keySpan: SourceSpan
    var value: Expression
}

struct Argument {
    var name: Identifier?
    var value: Expression
}

enum Subscript {
    case value(Expression)
    case slice(Expression?, Expression?, Expression?)
}

/// What can stand left of `=`.
indirect enum Target {
    case name(Identifier)
    case member(Expression, Identifier)
    case index(Expression, [Subscript])
    case tuple([Target], SourceSpan)

    /// The names it binds.
    var names: [Identifier] {
        switch self {
        case .name(let identifier): [identifier]
        case .tuple(let targets, _): targets.flatMap(\.names)
        case .member, .index: []
        }
    }
}

/// A function as written. The checker notes the scope here and the compiler reads it.
final class FunctionLiteral {
    /// `nil` for `x -> ...`.
    let name: String?
    let parameters: [ParameterSyntax]
    let body: Expression
    let span: SourceSpan
    var scope: Scope?

    init(name: String?, parameters: [ParameterSyntax], body: Expression, span: SourceSpan) {
        self.name = name
        self.parameters = parameters
        self.body = body
        self.span = span
    }
}

struct ParameterSyntax {
    var name: Identifier
    var defaultValue: Expression?
}

/// `[body for target in iterable if condition ...]`. Its names are its own.
final class Comprehension {
    enum Clause {
        case iterate(Target, Expression)
        case filter(Expression)
    }

    let body: Expression
    let clauses: [Clause]
    /// The function's own names for the comprehension's; set by the checker.
    var hiddenNames: [String: String] = [:]

    init(body: Expression, clauses: [Clause]) {
        self.body = body
        self.clauses = clauses
    }
}
