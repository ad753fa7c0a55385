/// What is written of a notebook: its cells with their last outputs, as one value, so that writing depends on nothing
/// else.
public struct NotebookPage: Sendable {
    public struct Entry: Sendable {
        public var cell: NotebookCell
        /// What users call it; nil for text.
        public var number: Int?
        public var record: CellRecord?
        /// Why what the record holds may be out of date; empty when it is not.
        public var staleReasons: [String]

        public init(cell: NotebookCell, number: Int?, record: CellRecord?, staleReasons: [String] = []) {
            self.cell = cell
            self.number = number
            self.record = record
            self.staleReasons = staleReasons
        }
    }

    /// The file's name without its folders.
    public var fileName: String
    /// The first heading of the text, else the file's name without its ending.
    public var title: String
    /// Blank cells are left out.
    public var entries: [Entry]

    public init(fileName: String, title: String, entries: [Entry]) {
        self.fileName = fileName
        self.title = title
        self.entries = entries
    }

    public init(_ notebook: LoadedNotebook) {
        let document = notebook.document
        let stale = notebook.staleReasons
        let fileName = String(notebook.name.split(separator: "/").last ?? "notebook")
        let stem = fileName.split(separator: ".").dropLast().joined(separator: ".")
        self.init(
            fileName: fileName, title: document.title ?? (stem.isEmpty ? fileName : stem),
            entries: document.cells.indices.filter { !document.cells[$0].isBlank || !document.cells[$0].title.isEmpty }
                .map { index in
                    Entry(
                        cell: document.cells[index], number: document.number(of: index),
                        record: notebook.records[index],
                        staleReasons: StaleReason.texts(of: stale[index] ?? [], number: document.number(of:)))
                })
    }

    /// Seconds that all cells took; nil where none ran.
    var seconds: Double? {
        let times = entries.compactMap { $0.record?.order == nil ? nil : $0.record?.seconds }
        return times.isEmpty ? nil : times.reduce(0, +)
    }
}
