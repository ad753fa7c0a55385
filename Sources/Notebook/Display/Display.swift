import Language

/// An object that a terminal shows in several lines, when it is a result.
protocol Summarised {
    func summary(columns: Int, hasUnicode: Bool) -> String
}

/// How a result is shown: as the language prints it, fitted to a terminal, and there with the course of its numbers.
public struct Display {
    private let console: Console

    public init(console: Console) { self.console = console }

    /// Shows a value; nil is not shown.
    /// - Parameter number: of the cell that gave it; `out[number]` stands before it then.
    public func show(_ value: Value, number: Int? = nil) {
        guard !value.isNull else { return }
        console.endLine()
        guard let number else { return console.print(text(value) + "\n" + trends(value)) }
        let label = Self.resultLabel.opening + "\(number)" + Self.resultLabel.closing
        let painted = console.output.hasColour ? "\u{1B}[2m\(label)\u{1B}[0m" : label
        let beside = text(value, besides: label.count + 1)
        guard beside.contains("\n") else { return console.print("\(painted) \(beside)\n" + trends(value)) }
        // Above a value of several lines, so that tables have the whole width. Objects do not change with it.
        let isLaidOut = value.asList != nil || value.asRecord != nil
        console.print("\(painted)\n" + (isLaidOut ? text(value) : beside) + "\n" + trends(value))
    }

    private func trends(_ value: Value) -> String {
        let output = console.output
        guard output.isTerminal, output.hasUnicode else { return "" }
        let lines = Trends.lines(value, columns: output.columns())
        return lines.map { (output.hasColour ? "\u{1B}[2m\($0)\u{1B}[0m" : $0) + "\n" }.joined()
    }

    /// What stands before a result, around its number.
    static let resultLabel = (opening: "out[", closing: "]:")

    /// Records that a table shows however low the window is.
    private static let fewestRows = 10

    /// Fitted to a terminal, of which `besides` columns are taken; elsewhere a value that has no lines of its own keeps
    /// to one.
    private func text(_ value: Value, besides taken: Int = 0) -> String {
        guard console.output.isTerminal else {
            return value.asString == nil ? Printer.display(value) : Printer.repr(value)
        }
        let columns = console.output.columns()
        if let object = value.object as? any Summarised {
            return object.summary(columns: columns, hasUnicode: console.output.hasUnicode)
        }
        // Room for what stands around a table: the header, the line that says what is left out, the courses of its
        // numbers, the next prompt.
        let rows = max(Self.fewestRows, console.output.rows() - 6 - Trends.lines(value, columns: columns).count)
        return Printer.layout(value, budget: PrintBudget(width: max(20, columns) - taken, rows: rows))
    }
}
