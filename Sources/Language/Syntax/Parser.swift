/// A source as a tree. Errors are collected: after one the parser goes on at the next statement.
struct Program {
    var statements: [Expression]
    /// Whether the last statement ended with `;`.
    var endsWithSemicolon: Bool
    var diagnostics: [Diagnostic]
    /// Whether the first error is that the text ended too early.
    var isIncomplete: Bool
    /// Names that statements with syntax errors may bind; nothing is said of them elsewhere.
    var uncertainNames: Set<String>
}

/// Recursive descent for statements, Pratt for operators (see `InfixRule.table`).
struct Parser {
    let source: Source
    var tokens: [Token]
    var position = 0
    var diagnostics: [Diagnostic]
    /// Inside round and square brackets and records a newline means nothing.
    var newlinesEndStatements = true
    var depth = 0
    /// Operators on the deepest path of what was parsed last. What is bracketed on the left counts too: the tree is as
    /// deep, and the checker and the compiler go down it.
    var height = 0
    var isIncomplete = false
    /// The brackets around the place, outermost first.
    var opened: [Token] = []
    var uncertainNames: Set<String> = []
    /// Which diagnostics ended the statement they are in, and up to where it was read.
    var failures: [Int: Int] = [:]
    /// Up to where the names of failed statements are noted.
    var notedEnd = 0
    /// Where the bracket at each position is closed, once that has been asked; see `matchingBracket`.
    var closings: [Int32] = []
    /// Set where a bracket is not closed and the next statement stands here.
    var isAtNextStatement = false
    /// Bodies without braces around the place; see `indentedBlock`.
    var bodiesWithoutBraces = 0
    /// Where a block of `{ }` seems to end in the wrong place; see `noteIndentation`.
    var suspect: (opened: Token, closed: Token)?
    /// Where statements and blocks begin, as positions among the tokens, for the layout of scripts.
    var statementStarts: [Int] = []
    var blockStarts: [Int] = []

    /// Unwinds to the statement that is being parsed; the diagnostic is noted already.
    struct Failure: Error {}

    init(source: Source, tokens: [Token], diagnostics: [Diagnostic] = []) {
        self.source = source
        self.tokens = tokens
        self.diagnostics = diagnostics
    }

    static func parse(_ source: Source) -> Program {
        var lexer = Lexer(source)
        let tokens = lexer.tokens()
        var parser = Parser(source: source, tokens: tokens, diagnostics: lexer.diagnostics)
        parser.isIncomplete = lexer.endsInsideString
        var endsWithSemicolon = false
        let statements = parser.statements(until: .end, endsWithSemicolon: &endsWithSemicolon)
        return Program(
            statements: statements, endsWithSemicolon: endsWithSemicolon,
            diagnostics: parser.withoutConsequences(ofLexer: lexer.diagnostics), isIncomplete: parser.isIncomplete,
            uncertainNames: parser.uncertainNames)
    }
}

// MARK: - Tokens

extension Parser {
    var current: Token { tokens[position] }
    var kind: TokenKind { tokens[position].kind }
    var previousEnd: Int { position > 0 ? tokens[position - 1].span.end : 0 }

    func peek(_ distance: Int = 1) -> TokenKind { tokens[min(position + distance, tokens.count - 1)].kind }

    @discardableResult
    mutating func advance() -> Token {
        let token = tokens[position]
        if position < tokens.count - 1 { position += 1 }
        return token
    }

    mutating func take(_ wanted: TokenKind) -> Bool {
        guard kind == wanted else { return false }
        advance()
        return true
    }

    @discardableResult
    mutating func expect(_ wanted: TokenKind, _ context: String, opened: Token? = nil) throws -> Token {
        if kind == wanted { return advance() }
        if let opened { throw unclosed(opened, wanted) }
        let expected = context.isEmpty ? "`\(wanted.rawValue)`" : "`\(wanted.rawValue)` \(context)"
        throw fail(
            "E010", "expected \(expected), found \(describe(current))", current.span, suggestion: afterExpression)
    }

    mutating func word(_ context: String) throws -> Identifier {
        guard kind == .word else {
            let isKeyword = kind.isWord
            throw fail(
                "E011", "expected a name \(context), found \(describe(current))", current.span,
                suggestion: isKeyword
                    ? "`\(kind.rawValue)` is a word of the language: choose another name"
                    : kind == .assign ? "the word before it cannot be a name: choose another" : nil)
        }
        return identifier()
    }

    /// The current token's text as an identifier.
    mutating func identifier() -> Identifier {
        let token = advance()
        return Identifier(name: source.text(of: token.span), span: token.span)
    }

    func describe(_ token: Token) -> String {
        switch token.kind {
        case .end: token.span.start < token.span.end ? "`\(source.text(of: token.span))`" : "the end of the text"
        case .string: "a string"
        default: "`\(source.text(of: token.span))`"
        }
    }

    func span(from start: Int) -> SourceSpan { SourceSpan(start, max(start, previousEnd)) }

    mutating func fail(
        _ code: String, _ message: String, _ span: SourceSpan, label: String? = nil, suggestion: String? = nil,
        marks: [Diagnostic.Mark] = []
    ) -> Failure {
        if kind == .end, diagnostics.isEmpty { isIncomplete = true }
        failures[diagnostics.count] = current.startsLine || kind == .end ? previousEnd : current.span.start
        report(code, message, span, label: label, suggestion: suggestion, marks: marks)
        return Failure()
    }

    mutating func report(
        _ code: String, _ message: String, _ span: SourceSpan, label: String? = nil, suggestion: String? = nil,
        marks: [Diagnostic.Mark] = []
    ) {
        diagnostics.append(
            Diagnostic(
                code: code, message: message, source: source, span: span, label: label, suggestion: suggestion,
                marks: marks))
    }

    func mark(_ span: SourceSpan, _ label: String) -> Diagnostic.Mark {
        Diagnostic.Mark(source: source, span: span, label: label)
    }

    /// Runs a parser one level deeper.
    mutating func nested<Result>(_ parse: (inout Parser) throws -> Result) throws -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Limits.nesting else {
            throw fail(
                "E015", "this is nested too deeply: at most \(Limits.nesting) levels are allowed", current.span,
                suggestion: "give the inner part a name")
        }
        return try parse(&self)
    }

    /// Runs a parser for what stands inside brackets, where newlines mean nothing, or inside a block, where they do.
    mutating func withNewlines<Result>(_ matter: Bool, _ parse: (inout Parser) throws -> Result) rethrows -> Result {
        let before = newlinesEndStatements
        newlinesEndStatements = matter
        defer { newlinesEndStatements = before }
        return try parse(&self)
    }

    /// Parses what stands in the bracket that was just opened, with its closing bracket.
    mutating func bracketed<Result>(
        _ token: Token, newlines matter: Bool = false, _ parse: (inout Parser) throws -> Result
    ) throws -> Result {
        opened.append(token)
        defer { opened.removeLast() }
        return try withNewlines(matter, parse)
    }
}
