import Language
import Plots

/// A figure in a script's hands. On a terminal it prints as a picture made of characters.
final class FigureObject: NativeObject {
    let figure: Figure
    let environment: LibraryEnvironment

    init(_ figure: Figure, environment: LibraryEnvironment) {
        self.figure = figure
        self.environment = environment
    }

    override var typeName: String { "Figure" }
    override class var fields: [TypeField] {
        [
            TypeField("title", "String", "above the plot"),
        ]
    }
    override func member(_ name: String) -> Value? { name == "title" ? .string(figure.title) : nil }
    override func isEqual(to other: Object) -> Bool { (other as? FigureObject)?.figure == figure }

    override func describe(_ budget: inout PrintBudget) -> String {
        let output = environment.console.output
        // Inside a list, and where there is no room for axes, a figure is a word.
        guard output.isTerminal, output.columns() > Self.fewestColumns, budget.depth >= PrintBudget().depth else {
            return name
        }
        let columns = min(output.columns() - 1, Self.mostColumns)
        let look = GnuplotSession.TextLook(hasColour: output.hasColour)
        do throws(PlotError) {
            return try environment.plots.render(figure, columns: columns, rows: columns / 4, look: look)
        } catch {
            return "\(name), not drawn: \(error.message)"
        }
    }

    private static let fewestColumns = 40, mostColumns = 110

    /// What stands for it in text.
    var name: String {
        let parts = figure.panels.isEmpty ? "\(figure.series.count) series" : "\(figure.panels.count) panels"
        return "<Figure\(figure.title.isEmpty ? "" : " \"\(figure.title)\""): \(parts)>"
    }
}
