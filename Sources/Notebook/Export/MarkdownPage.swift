import FoundationEssentials
import Language
import Training

/// A notebook as Markdown: code and outputs in fenced blocks, tables as tables, pictures in files beside the page.
struct MarkdownPage {
    let text: String
    /// The pictures: name within the folder, and SVG.
    let pictures: [(name: String, svg: String)]
    private let folder: String

    /// - Parameter stem: the page's path without its ending; the pictures' folder is named after it.
    init(_ page: NotebookPage, stem: String) {
        folder = stem + "_files"
        let folderName = String(folder.split(separator: "/").last ?? "files")
        var writer = MarkdownWriter(folder: folderName)
        if page.entries.first.map({ $0.cell.kind != .markdown }) ?? true {
            writer.add("# " + MarkdownWriter.escaped(page.title))
        }
        for entry in page.entries { writer.add(entry) }
        text = writer.blocks.joined(separator: "\n\n") + "\n"
        pictures = writer.pictures
    }

    /// Writes the page, and before it the pictures' folder where there are any.
    /// - Throws: `RuntimeError` that names the path and the reason.
    func write(to path: String) throws {
        if !pictures.isEmpty {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw RuntimeError("cannot make the folder \(folder): \(FileFailure.reason(error))", code: "E300")
            }
        }
        for picture in pictures { try TextFile.write(picture.svg, to: "\(folder)/\(picture.name)") }
        try TextFile.write(text, to: path)
    }
}

private struct MarkdownWriter {
    let folder: String
    var blocks: [String] = []
    var pictures: [(name: String, svg: String)] = []

    init(folder: String) { self.folder = folder }

    mutating func add(_ block: String) { blocks.append(block) }

    mutating func add(_ entry: NotebookPage.Entry) {
        switch entry.cell.kind {
        case .markdown: add(entry.cell.content)
        case .raw: add(Self.fenced(entry.cell.content, language: ""))
        case .code:
            if !entry.cell.title.isEmpty { add("## " + Self.escaped(entry.cell.title)) }
            if !entry.cell.isBlank { add(Self.fenced(entry.cell.content, language: "bridge")) }
            for reason in entry.staleReasons { add("> **Stale:** \(Self.escaped(reason))") }
            for output in entry.record?.outputs ?? [] { add(output, cell: entry.number ?? 0) }
            if let record = entry.record, record.order != nil { add("*\(record.time)*") }
            if entry.record == nil, entry.cell.isRunnable { add("*not run*") }
        }
    }

    private mutating func add(_ output: CellOutput, cell: Int) {
        switch output {
        case .text(let text): add(Self.fenced(text, language: "text"))
        case .failure(let failure): add(Self.fenced(failure.text, language: "text"))
        case .value(let value, _):
            if let svg = value.svg {
                let name = "cell-\(cell)-\(pictures.count + 1).svg"
                pictures.append((name, svg))
                add("![\(Self.escaped(value.description))](<\(Self.linked(folder))/\(name)>)")
            } else if let table = value.table {
                add(Self.table(table))
            } else {
                add(Self.fenced(value.text, language: "text"))
            }
        }
    }

    /// The fence is longer than any run of backticks inside.
    private static func fenced(_ text: String, language: String) -> String {
        var longest = 0, run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
    }

    private static func table(_ table: Table) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.map(escaped).joined(separator: " | ") + " |" }
        var lines = table.rows.map(line)
        if table.omittedRows > 0 {
            let note = "... \(table.omittedRows) more ..."
            lines.insert(line([note] + table.columns.dropFirst().map { _ in "" }), at: table.omissionIndex)
        }
        let rule = "|" + table.isNumber.map { $0 ? "---:|" : "---|" }.joined()
        return ([line(table.columns), rule] + lines).joined(separator: "\n")
    }

    /// In angle brackets a target may hold blanks, but no angle brackets.
    private static func linked(_ path: String) -> String {
        path.replacing("<", with: "%3C").replacing(">", with: "%3E")
    }

    /// On one line, with what Markdown would read as marks written as themselves.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if character.isNewline {
                result += " "
            } else {
                if "\\`*_[]<>|#&~".contains(character) { result += "\\" }
                result.append(character)
            }
        }
        return result
    }
}
