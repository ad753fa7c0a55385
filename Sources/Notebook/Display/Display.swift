import Language

/// How a result is shown: as the language prints it, or by a hook that knows better, such as one that draws figures.
public struct Display {
    /// Shows a value in its own way, or returns false and leaves it to the next.
    public typealias Hook = (_ value: Value, _ console: Console) -> Bool

    private let console: Console
    /// Asked in turn before the value is printed.
    public var hooks: [Hook] = []

    public init(console: Console) { self.console = console }

    /// Shows a value; nil is not shown.
    /// - Parameter number: of the cell that gave it; `out[number]` stands before it then.
    public func show(_ value: Value, number: Int? = nil) {
        guard !value.isNull else { return }
        for hook in hooks where hook(value, console) { return }
        console.endLine()
        let text = text(value)
        console.print(label(number, isAbove: text.contains("\n")) + text + "\n")
    }

    /// Above a value of several lines, so that tables keep their columns.
    private func label(_ number: Int?, isAbove: Bool) -> String {
        guard let number else { return "" }
        let label = "out[\(number)]:"
        return (console.output.hasColour ? "\u{1B}[2m\(label)\u{1B}[0m" : label) + (isAbove ? "\n" : " ")
    }

    /// Fitted to a terminal; elsewhere a value that has no lines of its own keeps to one.
    private func text(_ value: Value) -> String {
        guard console.output.isTerminal else {
            return value.asString == nil ? Printer.display(value) : Printer.repr(value)
        }
        return Printer.layout(value, budget: PrintBudget(width: max(20, console.output.columns())))
    }
}
