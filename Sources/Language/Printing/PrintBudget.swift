/// How much printing may still cost. Every printer takes from it, so that no value, however large, deep or circular,
/// prints without end.
public struct PrintBudget {
    /// Characters that may still be written.
    public var characters: Int
    /// Elements shown of one list before a count stands for the rest.
    public var elements: Int
    /// Levels of lists and records that are opened.
    public var depth: Int
    /// The line width that tables and wrapped lists keep to.
    public var width: Int
    /// Records shown of a table, so that it fits a screen.
    public var rows: Int

    public init(
        characters: Int = 20_000, elements: Int = 100, depth: Int = 6, width: Int = 100, rows: Int = .max
    ) {
        self.rows = rows
        self.characters = characters
        self.elements = elements
        self.depth = depth
        self.width = width
    }
}
