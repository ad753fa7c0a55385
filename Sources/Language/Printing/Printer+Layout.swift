extension Printer {
    /// What a prompt shows: records as a table where it fits, everything else broken over lines where it is wider than the
    /// budget's width. Plain elements fill the lines, lists and records inside have one each.
    public static func layout(_ value: Value, budget: PrintBudget) -> String {
        if let lines = (value.object as? NativeObject)?.lines(budget) { return lines }
        if let table = TableText(value, budget: budget) { return table.text }
        if let matrix = Matrix(value, budget: budget) { return matrix.text }
        let text = repr(value, budget: budget)
        guard text.columns > budget.width, !text.contains("\n") else { return text }
        if text.hasPrefix("<") { return Paragraph.wrapped(text, width: budget.width, indent: 2) }
        return Layout(width: budget.width).broken(text[...], column: 0)
    }
}

/// Breaks the text of a list or record between its elements.
private struct Layout {
    let width: Int

    /// - Parameter column: where the text begins.
    func broken(_ text: Substring, column: Int) -> String {
        guard column + text.columns > width, let open = opening(of: text), let close = text.last, "]}".contains(close) else {
            return String(text)
        }
        let head = text[...open]
        let inside = column + head.columns
        let pieces = Layout.elements(text[text.index(after: open)...].dropLast())
        let isNested = pieces.contains { opening(of: $0) != nil }
        let body = isNested
            ? pieces.map { broken($0, column: inside) }.joined(separator: ",\n" + blanks(inside))
            : filled(pieces, column: inside)
        return head + body + String(close)
    }

    /// The bracket that the text is enclosed in, also after a field's name.
    private func opening(of text: Substring) -> String.Index? {
        guard let index = text.firstIndex(where: { "[{\"<(".contains($0) }), "[{".contains(text[index]) else { return nil }
        return index == text.startIndex || text[..<index].hasSuffix(": ") ? index : nil
    }

    private func filled(_ pieces: [Substring], column: Int) -> String {
        var (text, at) = ("", column)
        for (number, piece) in pieces.enumerated() {
            // The comma or bracket after the piece needs room too.
            if number > 0 {
                let fits = at + 2 + piece.columns < width
                text += fits ? ", " : ",\n" + blanks(column)
                at = fits ? at + 2 : column
            }
            text += piece
            at += piece.columns
        }
        return text
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// Splits at the commas that are in no bracket, no string and no number such as `4,900`.
    private static func elements(_ text: Substring) -> [Substring] {
        var pieces: [Substring] = []
        var (depth, isString, isEscaped) = (0, false, false)
        var start = text.startIndex
        for index in text.indices {
            let character = text[index]
            if isString {
                if isEscaped { isEscaped = false } else if character == "\\" { isEscaped = true } else if character == "\"" { isString = false }
                continue
            }
            switch character {
            case "\"": isString = true
            case "[", "{", "<", "(": depth += 1
            case "]", "}", ">", ")": depth -= 1
            case "," where depth == 0 && text[index...].hasPrefix(", "):
                pieces.append(text[start..<index].drop { $0 == " " })
                start = text.index(after: index)
            default: break
            }
        }
        return pieces + [text[start...].drop { $0 == " " }]
    }
}
