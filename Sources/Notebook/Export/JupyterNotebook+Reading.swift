import JSON
import Language

/// Why a file cannot be read as a notebook.
struct NotebookFileError: Error, CustomStringConvertible {
    let description: String
}

extension NotebookDocument {
    /// The cells of an `.ipynb` file, without their outputs.
    /// - Parameter name: what errors call the file.
    /// - Throws: an error that says in a line what is wrong with the file.
    public init(jupyter text: String, name: String) throws {
        self = try JupyterNotebook.read(text, name: name).document
    }
}

extension JupyterNotebook {
    /// The cells of a file, and what they gave when they ran last.
    static func read(_ text: String, name: String) throws -> (document: NotebookDocument, records: [CellRecord?]) {
        func failure(_ reason: String) -> NotebookFileError {
            NotebookFileError(description: "cannot read \(name) as a Jupyter notebook: \(reason)")
        }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: text)
        } catch {
            throw failure("line \(error.line): \(error.reason)")
        }
        guard let format = json["nbformat"]?.int else { throw failure("it has no `nbformat`") }
        guard format == 4 else { throw failure("it has nbformat \(format); save it as nbformat 4 with Jupyter") }
        guard let items = json["cells"]?.array else { throw failure("it has no list of `cells`") }
        var cells: [NotebookCell] = []
        var records: [CellRecord?] = []
        for (index, item) in items.enumerated() {
            guard let kind = item["cell_type"]?.string, let source = joined(item["source"]) else {
                throw failure("cell \(index + 1) has no `cell_type` or no `source`")
            }
            guard let kind = NotebookCell.Kind(rawValue: kind) else {
                throw failure("cell \(index + 1) is neither code nor markdown nor raw, but `\(kind)`")
            }
            let cell = NotebookCell(
                kind: kind, title: item["metadata"]?["title"]?.string ?? "", content: trimmed(source, kind),
                id: identifier(item["id"]))
            cells.append(cell)
            records.append(record(item, cell))
        }
        return (NotebookDocument(cells: cells), records)
    }

    /// Blank lines at the ends of code mean nothing, and a percent file could not keep them.
    private static func trimmed(_ source: String, _ kind: NotebookCell.Kind) -> String {
        var lines = source.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let first = lines.first, first.allSatisfy(\.isWhitespace) { lines.removeFirst() }
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private static func identifier(_ json: JSONValue?) -> String? {
        guard let id = json?.string, (1...64).contains(id.utf8.count) else { return nil }
        let isPlain = id.utf8.allSatisfy { byte in
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        return isPlain ? id : nil
    }

    /// A string, or the strings of a list put together.
    private static func joined(_ json: JSONValue?) -> String? {
        if let text = json?.string { return text }
        guard let parts = json?.array else { return nil }
        let strings = parts.compactMap(\.string)
        return strings.count == parts.count ? strings.joined() : nil
    }

    private static func record(_ item: JSONValue, _ cell: NotebookCell) -> CellRecord? {
        let known = item["metadata"]?["bridge"]
        let outputs = (item["outputs"]?.array ?? []).compactMap(output)
        let order = item["execution_count"]?.int
        guard cell.kind == .code, known != nil || order != nil || !outputs.isEmpty else { return nil }
        let hasFailed = outputs.contains { if case .failure = $0 { true } else { false } }
        let ending = known?["ending"]?.string.flatMap(CellRecord.Ending.init) ?? (hasFailed ? .failed : .finished)
        return CellRecord(
            hash: known?["hash"]?.string ?? cell.hash, order: order, seconds: max(0, known?["seconds"]?.double ?? 0),
            ending: ending, outputs: outputs)
    }

    /// Outputs of kinds that Bridge does not write are taken by their text.
    private static func output(_ json: JSONValue) -> CellOutput? {
        switch json["output_type"]?.string {
        case "stream": return joined(json["text"]).map { .text(TerminalText.plain($0)) }
        case "error":
            let trace = (json["traceback"]?.array ?? []).compactMap(\.string).joined(separator: "\n") + "\n"
            let code = json["ename"]?.string ?? "error"
            let message = json["evalue"]?.string ?? ""
            let text = trace == "\n" ? "\(code): \(message)\n" : TerminalText.plain(trace)
            return .failure(CellFailure(code: code, message: message, text: text))
        case "execute_result", "display_data":
            guard let data = json["data"] else { return nil }
            let text = joined(data["text/plain"]).map(TerminalText.plain) ?? ""
            var value = ShownValue(text: text, table: data[tableType].flatMap(table), svg: joined(data[svgType]))
            if let known = json["metadata"]?["bridge"] {
                value.narrowSVG = joined(known["narrow"])
                value.hasColourScale = known["colour_scale"]?.bool ?? false
            }
            return .value(value, isResult: json["output_type"]?.string == "execute_result")
        default: return nil
        }
    }

    private static func table(_ json: JSONValue) -> Table? {
        guard let fields = json["schema"]?["fields"]?.array, let rows = json["data"]?.array else { return nil }
        let columns = fields.compactMap { $0["name"]?.string }
        guard !columns.isEmpty, columns.count == fields.count, Set(columns).count == columns.count else { return nil }
        let isNumber = fields.map { ["number", "integer"].contains($0["type"]?.string) }
        return Table(
            columns: columns, rows: rows.map { row in columns.map { row[$0].map(cellText) ?? "" } }, isNumber: isNumber,
            omittedRows: max(0, json["omitted_rows"]?.int ?? 0))
    }

    private static func cellText(_ json: JSONValue) -> String { json.string ?? json.text() }
}
