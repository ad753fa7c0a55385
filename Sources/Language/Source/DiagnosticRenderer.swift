/// Turns diagnostics into text: message, place, source line, caret, suggestion, notes and calls.
public struct DiagnosticRenderer: Sendable {
    /// Whether to use terminal colours.
    public var colour: Bool
    /// Longer source lines are cut around the caret.
    public var maximumLineWidth: Int
    /// More calls than this are cut in the middle.
    public var maximumCalls: Int

    public init(colour: Bool = false, maximumLineWidth: Int = 160, maximumCalls: Int = 8) {
        self.colour = colour
        self.maximumLineWidth = maximumLineWidth
        self.maximumCalls = maximumCalls
    }

    /// All of them, an empty line between each two; ends with a newline unless there are none.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined(separator: "\n")
    }

    public func render(_ diagnostic: Diagnostic) -> String {
        let position = diagnostic.source.position(of: diagnostic.span.start)
        let number = String(position.line)
        let margin = String(repeating: " ", count: number.count)
        var lines = [heading(diagnostic)]
        lines.append(paint("\(margin)--> ", .margin) + "\(diagnostic.source.name):\(position.line):\(position.column)")
        lines.append(paint("\(margin) |", .margin))
        let (text, pointer) = excerpt(diagnostic, position)
        lines.append(paint("\(number) | ", .margin) + text)
        lines.append(paint("\(margin) | ", .margin) + pointer)
        for note in diagnostic.notes { lines.append(paint("\(margin) = ", .margin) + note) }
        lines += callLines(diagnostic.calls, margin: margin)
        return lines.joined(separator: "\n") + "\n"
    }

    private func heading(_ diagnostic: Diagnostic) -> String {
        paint("\(diagnostic.severity.rawValue):", diagnostic.severity == .error ? .error : .emphasis)
            + " " + paint(diagnostic.message, .emphasis)
    }

    /// The source line and the carets below it, both cut to the maximum width.
    private func excerpt(_ diagnostic: Diagnostic, _ position: SourcePosition) -> (String, String) {
        let line = Array(diagnostic.source.line(position.line))
        let column = min(position.column - 1, line.count)
        let covered = diagnostic.source.text(of: diagnostic.span).prefix { !$0.isNewline }.count
        let first = column > maximumLineWidth - 20 ? column - maximumLineWidth / 2 : 0
        let last = min(line.count, first + maximumLineWidth)
        let width = max(1, min(covered, last - column))
        let padding = String(line[first..<column].map { $0 == "\t" ? "\t" : " " })
        let hint = [diagnostic.label, diagnostic.suggestion].compactMap(\.self).joined(separator: "; ")
        let carets = String(repeating: "^", count: width) + (hint.isEmpty ? "" : " " + hint)
        return (String(line[first..<last]), padding + paint(carets, .error))
    }

    private func callLines(_ calls: [Diagnostic.Call], margin: String) -> [String] {
        var lines: [String] = []
        let half = maximumCalls / 2
        for (index, call) in calls.enumerated() {
            if calls.count > maximumCalls, index >= half, index < calls.count - half {
                if index == half {
                    lines.append(paint("\(margin) = ", .margin) + "... \(calls.count - 2 * half) more calls ...")
                }
                continue
            }
            let position = call.source.position(of: call.span.start)
            lines.append(
                paint("\(margin) = ", .margin)
                    + "in `\(call.function)`, called at \(call.source.name):\(position.line):\(position.column)")
        }
        return lines
    }

    private enum Style: String { case error = "31;1", emphasis = "1", margin = "34" }

    private func paint(_ text: String, _ style: Style) -> String {
        colour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
