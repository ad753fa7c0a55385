import Language

/// The colours of code that is being edited, and the bracket that belongs to the one at the cursor.
enum CodeStyles {
    static func of(_ buffer: EditBuffer, marksBracket: Bool) -> [(span: SourceSpan, code: String)] {
        let spans = Highlighter(buffer.text).spans
        let marked = marksBracket ? Brackets(spans).pair(at: buffer.offset) : nil
        return spans.compactMap { piece in
            if let marked, piece.span.start == marked.opening || piece.span.start == marked.closing {
                return (piece.span, SyntaxColours.matchedBracket)
            }
            return SyntaxColours.code(piece.kind).map { (piece.span, $0) }
        }
    }

    /// Code in the terminal's colours.
    static func painted(_ code: String, hasColour: Bool) -> String {
        guard hasColour else { return code }
        let bytes = Array(code.utf8)
        var text = ""
        var end = 0
        for piece in Highlighter(code).spans {
            text += String(decoding: bytes[end..<piece.span.start], as: UTF8.self)
            let plain = String(decoding: bytes[piece.span.start..<piece.span.end], as: UTF8.self)
            text += SyntaxColours.code(piece.kind).map { "\u{1B}[\($0)m\(plain)\u{1B}[0m" } ?? plain
            end = piece.span.end
        }
        return text + String(decoding: bytes[end...], as: UTF8.self)
    }
}

/// Which brackets belong together, by the order they stand in.
struct Brackets {
    /// Offsets of the two halves.
    struct Pair: Equatable {
        var opening: Int
        var closing: Int
    }

    private(set) var pairs: [Pair] = []
    /// Opening brackets without a closing one, outermost first.
    private(set) var open: [Int] = []

    init(_ spans: [HighlightedSpan]) {
        for piece in spans {
            if piece.kind == .opening { open.append(piece.span.start) }
            if piece.kind == .closing, let opening = open.popLast() {
                pairs.append(Pair(opening: opening, closing: piece.span.start))
            }
        }
    }

    /// The pair of the bracket before the cursor, else of the one under it.
    func pair(at cursor: Int) -> Pair? {
        for offset in [cursor - 1, cursor] {
            if let pair = pairs.first(where: { $0.opening == offset || $0.closing == offset }) { return pair }
        }
        return nil
    }
}
