import Language

/// Text as HTML shows it.
enum HTMLText {
    /// Safe as content and in quoted attributes. Characters that HTML does not allow are left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default:
                let isControl =
                    scalar.value < 32 || (127..<160).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE
                if !isControl { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// Source with a `span` around each word, string, number and comment, of the class that `HTMLStyle` colours.
    static func highlighted(_ code: String) -> String {
        let bytes = Array(code.utf8)
        func text(_ start: Int, _ end: Int) -> String { escaped(String(decoding: bytes[start..<end], as: UTF8.self)) }
        var result = ""
        var end = 0
        for piece in Highlighter(code).spans {
            guard let style = HTMLStyle.name(of: piece.kind) else { continue }
            let span = piece.span
            result += text(end, span.start)
            result += "<span class=\"\(style)\">\(text(span.start, span.end))</span>"
            end = span.end
        }
        return result + text(end, bytes.count)
    }
}

/// A table as HTML, for pages and for Jupyter.
enum HTMLTable {
    static func text(_ table: Table) -> String {
        let head = zip(table.columns, table.isNumber).map { name, isNumber in
            "<th scope=\"col\"\(alignment(isNumber))>\(HTMLText.escaped(name))</th>"
        }
        var rows = table.rows.map { row in
            "<tr>"
                + zip(row, table.isNumber).map { cell, isNumber in
                    "<td\(alignment(isNumber))>\(HTMLText.escaped(cell))</td>"
                }.joined() + "</tr>"
        }
        if table.omittedRows > 0 {
            let note = "<tr><td colspan=\"\(table.columns.count)\">… \(table.omittedRows) more …</td></tr>"
            rows.insert(note, at: table.omissionIndex)
        }
        let body = rows.joined(separator: "\n")
        return "<table>\n<thead><tr>\(head.joined())</tr></thead>\n<tbody>\n\(body)\n</tbody>\n</table>\n"
    }

    private static func alignment(_ isNumber: Bool) -> String { isNumber ? " style=\"text-align: right\"" : "" }
}
