import Language

/// The terminal's colours for code.
enum SyntaxColours {
    /// The parameters of the escape sequence `ESC [ ... m`; nil for plain text.
    static func code(_ kind: HighlightedSpan.Kind) -> String? {
        switch kind {
        case .keyword: "35"
        case .number, .constant: "33"
        case .string: "32"
        case .comment: "2"
        case .callee: "36"
        case .name, .label, .opening, .closing, .operation: nil
        }
    }

    static let matchedBracket = "1;4"
    static let prompt = "1;36"
    static let hint = "2"
}
