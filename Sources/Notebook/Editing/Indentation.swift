import Language

/// Where lines of a block begin.
enum Indentation {
    static let step = 4

    /// The spaces that a line after `text` begins with.
    static func after(_ text: String) -> String {
        let code = Highlighter(text)
        if code.endsInsideString { return "" }
        let line = ofLine(at: text.utf8.count, in: text)
        guard let open = Brackets(code.spans).open.last else { return line }
        return ofLine(at: open, in: text) + String(repeating: " ", count: step)
    }

    /// The spaces before a closing bracket that is the first of its line: those of the line it was opened on. nil where
    /// no bracket is open.
    static func ofClosing(after text: String) -> String? {
        Brackets(Highlighter(text).spans).open.last.map { ofLine(at: $0, in: text) }
    }

    /// The white space that the line around `offset` begins with.
    private static func ofLine(at offset: Int, in text: String) -> String {
        let index = text.utf8.index(text.startIndex, offsetBy: offset)
        let start = text[..<index].lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
        return String(text[start..<index].prefix { $0 == " " || $0 == "\t" })
    }
}
