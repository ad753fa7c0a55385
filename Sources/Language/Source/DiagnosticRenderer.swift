/// Turns diagnostics into text. The long form has message, place, source lines with carets, suggestion, notes and
/// calls; the short form is a line each, for editors and logs.
public struct DiagnosticRenderer: Sendable {
    public enum Form: String, Sendable { case long, short }

    public var form: Form
    /// Whether to use terminal colours.
    public var colour: Bool
    /// Longer source lines are cut around the caret.
    public var maximumLineWidth: Int
    /// More calls than this are cut in the middle.
    public var maximumCalls: Int

    public init(
        form: Form = .long, colour: Bool = false, maximumLineWidth: Int = 160, maximumCalls: Int = Self.callsShown
    ) {
        self.form = form
        self.colour = colour
        self.maximumLineWidth = maximumLineWidth
        self.maximumCalls = maximumCalls
    }

    /// The calls of a trace that are shown: half of them innermost, half outermost.
    public static let callsShown = 8

    /// All of them, in the long form an empty line between each two; ends with a newline unless there are none.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined(separator: form == .long ? "\n" : "")
    }

    public func render(_ diagnostic: Diagnostic) -> String {
        form == .long ? long(diagnostic) : short(diagnostic)
    }

    /// A message may hold a text of any length, such as the name of a file.
    public static func cut(_ message: String) -> String {
        guard message.utf8.count > longestMessage else { return message }
        return "\(message.prefix(longestMessage / 2)) ... \(message.suffix(longestMessage / 10))"
    }

    private static let longestMessage = 4_000

    /// `study.bridge:12:41`
    static func place(_ source: Source, _ span: SourceSpan) -> String {
        let position = source.position(of: span.start)
        return "\(source.name):\(position.line):\(position.column)"
    }

    /// `study.bridge:12:41: error[E032]: message; suggestion`
    private func short(_ diagnostic: Diagnostic) -> String {
        let message = [Self.cut(diagnostic.message), diagnostic.hint].filter { !$0.isEmpty }.joined(separator: "; ")
        let line = Self.place(diagnostic.source, diagnostic.span) + ": " + title(diagnostic) + " " + message
        return line.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n"
    }

    private func long(_ diagnostic: Diagnostic) -> String {
        let excerpts = self.excerpts(diagnostic)
        let digits = excerpts.map { String($0.lastLine).count }.max() ?? 1
        let margin = String(repeating: " ", count: digits)
        var lines = [title(diagnostic) + " " + paint(Self.cut(diagnostic.message), .emphasis)]
        for (index, excerpt) in excerpts.enumerated() {
            let place = index == 0 ? Self.place(diagnostic.source, diagnostic.span) : excerpt.place
            lines.append(paint("\(margin)\(index == 0 ? "-->" : ":::") ", .margin) + place)
            lines.append(paint("\(margin) |", .margin))
            lines += excerpt.lines(digits: digits, renderer: self)
        }
        for note in diagnostic.notes { lines.append(paint("\(margin) = ", .margin) + note) }
        lines += callLines(diagnostic.calls, margin: margin)
        return lines.joined(separator: "\n") + "\n"
    }

    private func title(_ diagnostic: Diagnostic) -> String {
        let code = diagnostic.code.isEmpty ? "" : "[\(diagnostic.code)]"
        return paint(
            "\(diagnostic.severity.rawValue)\(code):", diagnostic.severity == .error ? .error : .emphasis)
    }

    /// The error's own source first, then other files.
    private func excerpts(_ diagnostic: Diagnostic) -> [SourceExcerpt] {
        var excerpts = [SourceExcerpt(diagnostic.source)]
        excerpts[0].add(diagnostic.span, "^", diagnostic.hint)
        for mark in diagnostic.marks {
            var index = excerpts.firstIndex { $0.source === mark.source }
            if index == nil {
                index = excerpts.count
                excerpts.append(SourceExcerpt(mark.source))
            }
            excerpts[index ?? 0].add(mark.span, "-", mark.label)
        }
        return excerpts
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
            let place = Self.place(call.source, call.span)
            lines.append(paint("\(margin) = ", .margin) + "in \(Self.title(call)), called at \(place)")
        }
        return lines
    }

    /// `f(x: 3)`; a function without a name is described.
    private static func title(_ call: Diagnostic.Call) -> String {
        let list = call.arguments.map { $0.joined(separator: ", ") }
        if call.function.contains(" ") { return call.function + (list.map { " (\($0))" } ?? "") }
        return "`\(call.function)\(list.map { "(\($0))" } ?? "")`"
    }

    enum Style: String { case error = "31;1", emphasis = "1", margin = "34" }

    func paint(_ text: String, _ style: Style) -> String {
        colour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
