/// Lays scripts out in the one style of the language: two spaces a level, lines of at most 100 columns, spaces around
/// operators. It moves tokens and comments and changes none of them; an author's line breaks stay where they help to
/// read. What comes out has the same meaning, and laying it out again changes nothing.
public enum SourceFormatter {
    package static let indentation = 2

    /// The source laid out; it ends with a newline unless it is empty.
    /// - Throws: the errors of the syntax; a source that has any is not laid out.
    public static func format(_ source: Source) throws(DiagnosticsError) -> String {
        try format(source, lineWidth: 100)
    }

    package static func format(_ source: Source, lineWidth: Int) throws(DiagnosticsError) -> String {
        let outline = try SourceOutline(source)
        var layout = ScriptLayout(Annotator.annotate(outline), lineWidth: lineWidth)
        let text = layout.run()
        guard hasSameMeaning(outline, text) else {
            let diagnostic = Diagnostic(
                code: "E025", message: "this cannot be laid out without changing what it means", source: source,
                span: SourceSpan(0, 0), suggestion: "it is left as it is; please report it")
            throw DiagnosticsError(phase: .checking, diagnostics: [diagnostic])
        }
        return text
    }

    /// The last word before anything is written: the text has the outline's tokens, statements, blocks and comments.
    private static func hasSameMeaning(_ outline: SourceOutline, _ text: String) -> Bool {
        guard let again = try? SourceOutline(Source(name: outline.source.name, text: text)) else { return false }
        return again.agrees(with: outline)
    }
}
