import Language

/// Where a cell uses a result by the prompt's names `ans` and `out[3]`.
public struct ResultUse: Equatable, Sendable {
    public var span: SourceSpan
    /// The cell that gave the result; nil where only a run tells, as in `out[i]`.
    public var cell: Int?
}

/// Cells of the prompt as parts of a script, which has neither `ans` nor `out`: there the results have names of their
/// own, `out_3` for that of cell 3.
enum ScriptText {
    static func name(_ cell: Int) -> String { "out_\(cell)" }

    /// The cell's text with the results that it uses by their names.
    /// - Parameter namesResult: whether its own result gets its name, too.
    static func of(_ cell: RunCell, namesResult: Bool) -> String {
        var edits = cell.uses.compactMap { use in use.cell.map { (use.span.start..<use.span.end, name($0)) } }
        if namesResult, cell.hasResult, let start = LastValue.offset(in: cell.text) {
            edits.append((start..<start, name(cell.number) + " = "))
        }
        var bytes = Array(cell.text.utf8)
        // From the end, so that offsets stay right; of two at one place the name that is bound goes first.
        for (range, text) in edits.sorted(by: { ($0.0.lowerBound, $0.0.count) > ($1.0.lowerBound, $1.0.count) }) {
            bytes.replaceSubrange(range, with: text.utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where a text that is about to run uses results.
    static func uses(in text: String, _ results: Results, _ interpreter: Interpreter) -> [ResultUse] {
        guard text.contains("ans") || text.contains("out") else { return [] }
        let use = NameUse(of: text)
        let names = use.reads.intersection(["ans", "out"]).filter { results.owns($0, in: interpreter) }
        guard !names.isEmpty else { return [] }
        let bytes = Array(text.utf8)
        let spans = Highlighter(text).spans.filter { $0.kind != .comment }
        func word(_ index: Int) -> String {
            spans.indices.contains(index)
                ? String(decoding: bytes[spans[index].span.start..<spans[index].span.end], as: UTF8.self) : ""
        }
        return spans.indices.compactMap { index in
            let kind = spans[index].kind
            guard kind == .name || kind == .callee, names.contains(word(index)), word(index - 1) != "." else {
                return nil
            }
            let span = spans[index].span
            // What the cell binds anew is not the result from there on.
            if use.binds.contains(word(index)) { return ResultUse(span: span, cell: nil) }
            if word(index) == "ans" { return ResultUse(span: span, cell: results.latestNumber) }
            guard word(index + 1) == "[" else { return ResultUse(span: span, cell: nil) }
            let end = word(index + 2) == "-" ? index + 4 : index + 3
            let number = Int((index + 2..<end).map(word).joined())
            guard word(end) == "]", let number, let cell = results.number(at: number) else {
                return ResultUse(span: span, cell: nil)
            }
            return ResultUse(span: SourceSpan(span.start, spans[end].span.end), cell: cell)
        }
    }
}
