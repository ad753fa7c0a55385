/// A source without errors as tokens, and where its statements and blocks begin.
package struct SourceOutline {
    let source: Source
    /// The last is `.end`.
    let tokens: [Token]
    /// Positions among the tokens, in the order of the parser.
    let statementStarts: [Int]
    let blockStarts: [Int]

    /// - Throws: the errors of the syntax.
    package init(_ source: Source) throws(DiagnosticsError) {
        var lexer = Lexer(source)
        tokens = lexer.tokens()
        var parser = Parser(source: source, tokens: tokens, diagnostics: lexer.diagnostics)
        var endsWithSemicolon = false
        _ = parser.statements(until: .end, endsWithSemicolon: &endsWithSemicolon)
        guard parser.diagnostics.isEmpty else {
            throw DiagnosticsError(
                phase: .checking, diagnostics: parser.diagnostics.sorted { $0.span.start < $1.span.start })
        }
        self.source = source
        statementStarts = parser.statementStarts
        blockStarts = parser.blockStarts
    }

    /// Whether both are the same program with the same comments. A newline has no meaning but to end a statement, so
    /// equal tokens, cut into the same statements and blocks, are the same tree.
    package func agrees(with other: SourceOutline) -> Bool {
        guard tokens.count == other.tokens.count, statementStarts == other.statementStarts,
            blockStarts == other.blockStarts, comments == other.comments
        else { return false }
        return zip(tokens, other.tokens).allSatisfy { mine, others in
            mine.kind == others.kind
                && source.bytes[mine.span.start..<mine.span.end].elementsEqual(
                    other.source.bytes[others.span.start..<others.span.end])
        }
    }

    /// Where the tokens stand, as UTF-8 offsets.
    package var spans: [SourceSpan] { tokens.dropLast().map(\.span) }

    /// The comments in their order, without the space at their ends.
    package var comments: [String] {
        tokens.indices.flatMap { trivia(before: $0).comments.map(\.trimmed) }
    }
}
