/// The lines that have been laid out so far.
struct LineBuffer {
    private struct Line {
        var text: String
        /// Columns of the code; of its last line where a string goes over several.
        var width: Int
        var comment: Comment?
    }

    private var lines: [Line] = []
    /// Columns of the line that is being written.
    var column: Int { lines.last?.width ?? 0 }

    mutating func startLine(indent: Int, blankLines: Int = 0) {
        if !lines.isEmpty { for _ in 0..<blankLines { lines.append(Line(text: "", width: 0)) } }
        lines.append(Line(text: String(repeating: " ", count: indent), width: indent))
    }

    mutating func write(_ token: LayoutToken, space: Int) {
        let last = lines.count - 1
        lines[last].text += String(repeating: " ", count: space) + token.text
        lines[last].width = token.isMultiline ? token.lastWidth : lines[last].width + space + token.width
    }

    mutating func write(ownLine comment: Comment, verbatim: Bool) {
        lines[lines.count - 1].text += verbatim ? comment.text : comment.trimmed
    }

    mutating func write(trailing comment: Comment) { lines[lines.count - 1].comment = comment }

    /// Everything, with comments that the author put below each other below each other.
    func text() -> String {
        var lines = self.lines
        var start = 0
        while start < lines.count {
            var end = start
            while end < lines.count, !lines[end].text.isEmpty { end += 1 }
            LineBuffer.placeComments(&lines[start..<end])
            start = end + 1
        }
        return lines.map { $0.text + "\n" }.joined()
    }

    /// Writes the comments behind the code of a paragraph: two spaces away, or further where one of the same column
    /// needs it.
    private static func placeComments(_ lines: inout ArraySlice<Line>) {
        var columns: [Int: Int] = [:]
        for line in lines {
            guard let comment = line.comment else { continue }
            columns[comment.column] = max(columns[comment.column, default: 0], line.width + 2)
        }
        for index in lines.indices {
            guard let comment = lines[index].comment, let column = columns[comment.column] else { continue }
            lines[index].text += String(repeating: " ", count: column - lines[index].width) + comment.trimmed
        }
    }
}
