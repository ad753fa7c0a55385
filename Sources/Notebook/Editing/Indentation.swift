import Language

/// Where lines of a block begin.
enum Indentation {
    static let step = SourceFormatter.indentation

    /// The spaces that a line after `text` begins with.
    static func after(_ text: String) -> String {
        let code = Highlighter(text)
        if code.endsInsideString { return "" }
        let open = Brackets(code.spans).open.last
        let start = open.map { ofLine(at: $0, in: text) + blanks } ?? ofStatement(in: text, code)
        // In round and square brackets the next line stands a step further in already.
        let bracket = open.map { text.utf8[text.utf8.index(text.startIndex, offsetBy: $0)] }
        let isInList = bracket != nil && bracket != UInt8(ascii: "{")
        return goesOn(before: text.utf8.count, in: text, code) && !isInList ? start + blanks : start
    }

    /// The spaces before a closing bracket that is the first of its line: those of the line it was opened on. nil where
    /// no bracket is open.
    static func ofClosing(after text: String) -> String? {
        Brackets(Highlighter(text).spans).open.last.map { ofLine(at: $0, in: text) }
    }

    static let blanks = String(repeating: " ", count: step)

    /// The white space before the statement that the end of the text is in, outside brackets.
    private static func ofStatement(in text: String, _ code: Highlighter) -> String {
        var line = text.utf8.count
        while true {
            let start = lineStart(line, in: text)
            guard start > 0, goesOn(before: start, in: text, code) else { return ofLine(at: line, in: text) }
            line = start - 1
        }
    }

    /// Whether what stands before an offset ends with an operator, so that the statement goes on behind it.
    private static func goesOn(before end: Int, in text: String, _ code: Highlighter) -> Bool {
        guard let last = code.spans.last(where: { $0.span.start < end && $0.kind != .comment }) else { return false }
        let word = String(decoding: Array(text.utf8)[last.span.start..<last.span.end], as: UTF8.self)
        return last.kind == .operation ? ![",", ":", ";"].contains(word) : ["and", "or", "not", "in"].contains(word)
    }

    private static func lineStart(_ offset: Int, in text: String) -> Int {
        let index = text.utf8.index(text.startIndex, offsetBy: offset)
        let newline = text.utf8[..<index].lastIndex(of: UInt8(ascii: "\n"))
        return newline.map { text.utf8.distance(from: text.startIndex, to: $0) + 1 } ?? 0
    }

    /// The white space that the line around `offset` begins with.
    private static func ofLine(at offset: Int, in text: String) -> String {
        let line = text.utf8.dropFirst(lineStart(offset, in: text)).prefix { $0 != UInt8(ascii: "\n") }
        return String(Substring(line).prefix { $0 == " " || $0 == "\t" })
    }
}
