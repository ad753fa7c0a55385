/// A comment from its `#` to the end of its line.
struct Comment {
    /// Without the carriage return that may end it.
    var text: String
    /// Where it begins in the source's line, counted in characters from 0.
    var column: Int
    /// Whether code stands before it on its line.
    var isTrailing: Bool
    /// Empty lines before it.
    var blankLines: Int

    /// Without space at its end.
    var trimmed: String {
        let kept = text.utf8.lastIndex { ![UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains($0) }
        return kept.map { String(text[...$0]) } ?? ""
    }
    /// `# %% title` begins a cell of a notebook.
    var marksCell: Bool { text.hasPrefix("# %%") }
    /// `# %% [markdown]` begins a cell of text, where spaces and empty lines mean something.
    var marksText: Bool { marksCell && (text.contains("[markdown]") || text.contains("[md]")) }
}

/// What stands between two tokens.
struct Trivia {
    var comments: [Comment] = []
    /// Empty lines before the next token.
    var blankLines = 0
}

extension SourceOutline {
    /// The comments and empty lines before a token.
    func trivia(before index: Int) -> Trivia {
        var trivia = Trivia()
        let bytes = source.bytes
        var offset = index > 0 ? tokens[index - 1].span.end : 0
        let end = tokens[index].span.start
        var newlines = index > 0 ? 0 : 1
        while offset < end {
            if bytes[offset] == UInt8(ascii: "\n") { newlines += 1 }
            guard bytes[offset] == UInt8(ascii: "#") else {
                offset += 1
                continue
            }
            let start = offset
            while offset < end, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
            let isEnded = offset > start && bytes[offset - 1] == UInt8(ascii: "\r")
            trivia.comments.append(
                Comment(
                    text: source.text(of: SourceSpan(start, isEnded ? offset - 1 : offset)), column: column(of: start),
                    isTrailing: newlines == 0, blankLines: max(0, newlines - 1)))
            newlines = 0
        }
        trivia.blankLines = max(0, newlines - 1)
        return trivia
    }

    /// Characters between the beginning of the line and an offset.
    func column(of offset: Int) -> Int {
        var start = offset
        while start > 0, source.bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return source.text(of: SourceSpan(start, offset)).count
    }
}
