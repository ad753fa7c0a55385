/// A notebook's source: its cells, without anything that a run gave.
public struct NotebookDocument: Equatable, Sendable {
    public var cells: [NotebookCell]

    public init(cells: [NotebookCell]) { self.cells = cells }

    /// The runnable cells' positions in `cells`. Cell 1 of what a user reads is the first of them.
    public var runnable: [Int] { cells.indices.filter { cells[$0].isRunnable } }

    /// What users call the cell at a position, from 1; nil for one that cannot be run.
    public func number(of index: Int) -> Int? { runnable.firstIndex(of: index).map { $0 + 1 } }

    /// The position of the cell that users call `number`; nil where there is none.
    public func index(ofCell number: Int) -> Int? {
        let runnable = runnable
        return runnable.indices.contains(number - 1) ? runnable[number - 1] : nil
    }

    /// The first heading of the text; nil where there is none.
    public var title: String? {
        for cell in cells where cell.kind == .markdown {
            if let heading = MarkdownRenderer.headings(in: cell.content).first { return heading.text }
        }
        return nil
    }
}
