import Language

/// The percent format of VS Code and jupytext: `# %% title` begins a cell of code, `# %% [markdown]` one of text, in
/// which each line has `# ` before it. What stands before the first mark is a cell too.
extension NotebookDocument {
    /// Reads any text; writing it again gives the same bytes.
    public init(percent text: String) {
        self.init(cells: PercentReader(text).cells())
    }

    /// The notebook as a percent file. A cell that came from one is written as it was.
    public var percentText: String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            if let own = cell.percentText {
                text += own
            } else {
                if !text.isEmpty && !text.hasSuffix("\n") { text += "\n" }
                text += Self.percentText(of: cell) + (index < cells.count - 1 ? "\n" : "")
            }
        }
        return text
    }

    private static func percentText(of cell: NotebookCell) -> String {
        let kind = cell.kind == .code ? [] : ["[\(cell.kind.rawValue)]"]
        let title = cell.title.split(whereSeparator: \.isNewline).joined(separator: " ").trimmed
        let mark = (["# %%"] + kind + (title.isEmpty ? [] : [title])).joined(separator: " ") + "\n"
        guard !cell.isBlank else { return mark }
        if cell.kind == .code { return mark + PercentReader(cell.content + "\n").withoutMarks }
        let lines = cell.content.split(separator: "\n", omittingEmptySubsequences: false)
        return mark + lines.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined()
    }
}

/// Cuts a text at its marks. Works on bytes, as a carriage return and a newline are one character to Swift.
private struct PercentReader {
    /// The lines with their line ends.
    private let lines: [Substring.UTF8View]
    /// Lines that begin inside a string: nothing there is a mark.
    private let linesInStrings: Set<Int>

    init(_ text: String) {
        var lines: [Substring.UTF8View] = []
        var starts: [Int] = []
        var start = text.utf8.startIndex
        var offset = 0
        while start < text.utf8.endIndex {
            let end =
                text.utf8[start...].firstIndex(of: UInt8(ascii: "\n")).map { text.utf8.index(after: $0) }
                ?? text.utf8.endIndex
            lines.append(text[start..<end].utf8)
            starts.append(offset)
            offset += lines[lines.count - 1].count
            start = end
        }
        self.lines = lines
        linesInStrings = Self.linesInStrings(text, starts: starts)
    }

    private static func linesInStrings(_ text: String, starts: [Int]) -> Set<Int> {
        var inside: Set<Int> = []
        var line = 0
        for string in Highlighter(text).spans where string.kind == .string {
            while line < starts.count, starts[line] <= string.span.start { line += 1 }
            // A string that is never closed would swallow every cell behind it.
            guard string.span.end < text.utf8.count else { break }
            while line < starts.count, starts[line] < string.span.end {
                inside.insert(line)
                line += 1
            }
        }
        return inside
    }

    /// The text with another `#` before each comment that would begin a cell.
    var withoutMarks: String {
        lines.indices.map { line in
            let text = String(Substring(lines[line]))
            return !linesInStrings.contains(line) && Mark(Self.text(lines[line])) != nil ? "#" + text : text
        }.joined()
    }

    func cells() -> [NotebookCell] {
        var cells: [NotebookCell] = []
        var start = 0
        var mark: Mark?
        for line in 0...lines.count {
            let next = line < lines.count && !linesInStrings.contains(line) ? Mark(Self.text(lines[line])) : nil
            guard next != nil || line == lines.count else { continue }
            if mark != nil || line > start { cells += self.cells(mark, start..<line) }
            (mark, start) = (next, line)
        }
        return cells
    }

    /// The cell of some lines, of which the first is the mark if there is one. Text ends at its first line of code,
    /// as a run of the whole file takes it: what follows is a cell of its own.
    private func cells(_ mark: Mark?, _ range: Range<Int>) -> [NotebookCell] {
        let body = (mark == nil ? range.lowerBound : range.lowerBound + 1)..<range.upperBound
        let kind = mark?.kind ?? .code
        guard kind != .code else { return [code(mark, range, body)] }
        let end = body.first { !Self.isComment(Self.text(lines[$0])) } ?? body.upperBound
        var content = body.lowerBound..<end
        while let last = content.last, Self.text(lines[last]).allSatisfy(\.isWhitespace) { content.removeLast() }
        var cell = NotebookCell(
            kind: kind, title: mark?.title ?? "",
            content: content.map { Self.uncommented(Self.text(lines[$0])) }.joined(separator: "\n"),
            firstLine: body.lowerBound + 1)
        cell.percentText = joined(range.lowerBound..<end)
        let rest = end..<range.upperBound
        return [cell] + (rest.isEmpty ? [] : [code(nil, rest, rest)])
    }

    private func code(_ mark: Mark?, _ range: Range<Int>, _ body: Range<Int>) -> NotebookCell {
        var content = body
        while let first = content.first, Self.text(lines[first]).allSatisfy(\.isWhitespace) { content.removeFirst() }
        while let last = content.last, Self.text(lines[last]).allSatisfy(\.isWhitespace) { content.removeLast() }
        var cell = NotebookCell(
            kind: .code, title: mark?.title ?? "",
            content: content.map { Self.text(lines[$0]) }.joined(separator: "\n"),
            firstLine: content.lowerBound + 1)
        cell.percentText = joined(range)
        return cell
    }

    private func joined(_ range: Range<Int>) -> String { range.map { String(Substring(lines[$0])) }.joined() }

    /// A line without its end.
    private static func text(_ line: Substring.UTF8View) -> String {
        var line = line
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(Substring(line))
    }

    private static func isComment(_ line: String) -> Bool {
        line.allSatisfy(\.isWhitespace) || line.hasPrefix("#")
    }

    private static func uncommented(_ line: String) -> String {
        line.hasPrefix("# ") ? String(line.dropFirst(2)) : line.hasPrefix("#") ? String(line.dropFirst()) : line
    }
}

/// The line that begins a cell.
private struct Mark {
    var kind = NotebookCell.Kind.code
    var title: String

    /// `# %%`, `#%% title`, `# %% [markdown] title`; nil for every other line.
    init?(_ line: String) {
        guard line.hasPrefix("#") else { return nil }
        var rest = line.dropFirst().drop { $0 == " " || $0 == "\t" }
        guard rest.hasPrefix("%%") else { return nil }
        rest = rest.dropFirst(2)
        guard rest.first.map({ $0.isWhitespace || $0 == "[" }) ?? true else { return nil }
        title = String(rest).trimmed
        for (word, kind) in [("[markdown]", NotebookCell.Kind.markdown), ("[md]", .markdown), ("[raw]", .raw)] {
            guard let shorter = Self.removing(word, from: title) else { continue }
            (self.kind, title) = (kind, shorter)
            return
        }
    }

    /// The title without the word at its beginning or end.
    private static func removing(_ word: String, from title: String) -> String? {
        let lower = title.lowercased()
        // Lower case may be longer than the text; then there is no plain word to take off.
        guard lower.count == title.count else { return nil }
        if lower.hasPrefix(word) { return String(title.dropFirst(word.count)).trimmed }
        return lower.hasSuffix(word) ? String(title.dropLast(word.count)).trimmed : nil
    }
}
