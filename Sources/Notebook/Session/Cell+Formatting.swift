import Language

extension Cell {
    /// The text in the one style of the language; nil where it has syntax errors, which are reported on the console.
    public func formatted(reportingTo console: Console) -> String? {
        do throws(DiagnosticsError) {
            return try SourceFormatter.format(source)
        } catch {
            console.report(DiagnosticRenderer(colour: console.error.hasColour).render(error.diagnostics))
            return nil
        }
    }
}
