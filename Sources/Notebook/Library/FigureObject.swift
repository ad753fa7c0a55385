import Interruption
import Language
import Plots

/// A figure in a script's hands. On a terminal it prints as a picture, with the path of an SVG file.
final class FigureObject: NativeObject {
    let figure: Figure
    let environment: LibraryEnvironment
    /// Where it was saved for looking at it outside the terminal.
    private var path: String?

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

    /// - Throws: `PlotError`, `Interrupted`.
    func save(to path: String) throws {
        try interruptible { () throws(PlotError) in try environment.plots.save(figure, to: path) }
    }

    /// - Throws: `PlotError`, `Interrupted`.
    func script() throws -> String { try interruptible { () throws(PlotError) in try figure.script() } }

    private func interruptible<Result>(_ work: () throws(PlotError) -> Result) throws -> Result {
        do throws(PlotError) { return try work() } catch {
            if error == .interrupted { throw Interrupted() }
            throw error
        }
    }

    /// Every number of the figure, a record a point.
    /// - Throws: `Interrupted`.
    func rows() throws -> [Value] {
        var rows: [Value] = []
        do {
            try figure.forEachRow { row in
                if rows.count % 1024 == 0 { try Interruption.check() }
                var fields: [(String, Value)] = row.panel.map { [("panel", .int($0))] } ?? []
                fields.append(("series", .string(row.series)))
                fields += row.cells.map { ($0.name, .float($0.value)) }
                rows.append(.object(RecordObject(fields)))
            }
        } catch {
            Interruption.leave(rows)
            throw error
        }
        return rows
    }

    override func describe(_ budget: inout PrintBudget) -> String {
        let output = environment.console.output
        // Inside a list, and where there is no room for axes, a figure is a word.
        guard output.isTerminal, output.columns() > Self.fewestColumns, budget.depth >= PrintBudget().depth else {
            return name
        }
        do throws(PlotError) {
            let picture = try picture(columns: min(output.columns() - 1, Self.mostColumns))
            return picture + (savedPath().map { "\n" + $0 } ?? "")
        } catch {
            return "\(name), not drawn: \(error.message)"
        }
    }

    /// Pixels where the terminal shows them, else characters.
    private func picture(columns: Int) throws(PlotError) -> String {
        let output = environment.console.output
        if let size = output.pixels() {
            let width = min(size.width, figure.drawnSize.width)
            let height = width * figure.drawnSize.height / max(figure.drawnSize.width, 1)
            if let bytes = try? environment.plots.sixel(figure, width: width, height: height) {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        guard output.hasUnicode else {
            let look = GnuplotSession.TextLook(hasColour: output.hasColour, hasUnicode: false)
            return try environment.plots.render(figure, columns: columns, rows: columns / 4, look: look)
        }
        return try CharacterPicture(columns: columns, hasColour: output.hasColour).text(figure, rows: columns / 5)
    }

    /// The figure as an SVG file for a browser, in a folder of the session's own; nil where it cannot be drawn.
    private func savedPath() -> String? {
        if let path { return path }
        guard let folder = environment.figureFolder() else { return nil }
        environment.figureCount += 1
        let place = "\(folder)/figure-\(environment.figureCount).svg"
        guard (try? environment.plots.save(figure, to: place)) != nil else { return nil }
        path = place
        return place
    }

    private static let fewestColumns = 40, mostColumns = 110

    /// What stands for it in text.
    var name: String {
        let parts = figure.panels.isEmpty ? "\(figure.series.count) series" : "\(figure.panels.count) panels"
        return "<Figure\(figure.title.isEmpty ? "" : " \"\(figure.title)\""): \(parts)>"
    }
}
