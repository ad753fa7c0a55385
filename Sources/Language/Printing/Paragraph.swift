/// Text for people, broken into lines at blanks instead of wherever the terminal ends.
enum Paragraph {
    /// - Parameters:
    ///   - width: columns of a line; only a word that is longer goes beyond it.
    ///   - indent: blanks before every line but the first; at most a third of the width.
    static func wrapped(_ text: String, width: Int, indent: Int) -> String {
        let margin = Array(repeating: Character(" "), count: min(indent, width / 3))
        var rest = Array(text)
        var lines: [String] = []
        while Self.columns(rest) > width, let start = rest.firstIndex(where: { $0 != " " }),
            let cut = breakingPoint(rest, after: start, width: width)
        {
            lines.append(String(rest[..<cut]).trimmedEnd)
            rest = margin + rest[cut...].drop { $0 == " " }
        }
        lines.append(String(rest))
        return lines.joined(separator: "\n")
    }

    /// The last blank within the width, else the first one beyond it that a word follows.
    private static func breakingPoint(_ text: [Character], after start: Int, width: Int) -> Int? {
        let blanks = text.indices.filter { $0 > start && text[$0] == " " && text[$0...].contains { $0 != " " } }
        return blanks.last { columns(text[..<$0]) <= width } ?? blanks.first
    }

    private static func columns(_ text: some Sequence<Character>) -> Int { text.reduce(0) { $0 + $1.columns } }
}

extension String {
    fileprivate var trimmedEnd: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
