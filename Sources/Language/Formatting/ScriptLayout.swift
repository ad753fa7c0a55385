/// Decides from left to right which tokens begin a line. What does not fit is broken at its outermost bracket first.
struct ScriptLayout {
    enum Mode {
        /// All on one line.
        case flat
        /// Nothing is broken but brackets inside: `f(x -> {`
        case hugging
        /// Lines inside, where the author broke them and where they do not fit.
        case rows
        /// A line for each element or statement.
        case column
    }

    /// A bracket that is open, or the file.
    struct Frame {
        var open: Int
        var close: Int
        var bracket: LayoutToken.Bracket
        var mode: Mode
        /// The indentation of its closing bracket's line.
        var base: Int
        var item = Item()

        var isExpanded: Bool { mode == .rows || mode == .column }
        var content: Int { open < 0 ? 0 : base + SourceFormatter.indentation }
    }

    /// The statement or element that is being laid out.
    struct Item {
        /// Whether its pipes begin lines, once that is decided.
        var breaksPipes: Bool?
        /// How tightly the last operator binds, and the one before it.
        var lastOperator: Precedence?
        var earlierOperator: Precedence?
    }

    let lineWidth: Int
    let script: AnnotatedScript
    let tokens: [LayoutToken]
    let measures: Measures
    var lines = LineBuffer()
    var frames: [Frame]
    /// How the blocks behind `else` and `catch` are laid out: as the first of the chain.
    var blockModes: [Int: Mode] = [:]
    /// Indentation of the line that is being written, and whether it begins with `|>` or `.`.
    var lineIndent = 0
    var isChainLine = false
    private var isInText = false

    init(_ script: AnnotatedScript, lineWidth: Int) {
        self.lineWidth = lineWidth
        self.script = script
        tokens = script.tokens
        measures = Measures(script.tokens)
        frames = [Frame(open: -1, close: script.tokens.count, bracket: .block, mode: .rows, base: 0)]
    }

    mutating func run() -> String {
        for index in tokens.indices { place(index) }
        place(script.end, behindComments: nil, hasSpaceAbove: true, indent: 0)
        return lines.text()
    }

    var frame: Frame {
        get { frames[frames.count - 1] }
        set { frames[frames.count - 1] = newValue }
    }

    private mutating func place(_ index: Int) {
        let token = tokens[index]
        let isClosing = index == frame.close
        let start = isClosing ? closingIndent(index) : lineStart(index)
        if let start {
            let isElement =
                token.isStatementStart || (!isClosing && index > 0 && tokens[index - 1].kind == .comma)
            place(
                token.trivia, behindComments: start, hasSpaceAbove: index > 0 && index - 1 != frame.open,
                indent: isClosing ? frame.content : start, keepsBlankLine: isElement && index - 1 != frame.open)
            lineIndent = start
            isChainLine = token.kind == .pipe || token.kind == .dot
        }
        lines.write(token, space: start == nil ? token.space : 0)
        if isClosing { frames.removeLast() }
        if let precedence = token.binary {
            frame.item.earlierOperator = frame.item.lastOperator
            frame.item.lastOperator = precedence
        }
        if token.opens { open(index) }
    }

    /// Writes the comments and begins the line behind them.
    /// - Parameters:
    ///   - behindComments: the indentation of that line; nil at the end of the text.
    ///   - hasSpaceAbove: whether an empty line may stand before the first comment.
    private mutating func place(
        _ trivia: Trivia, behindComments: Int?, hasSpaceAbove: Bool, indent: Int, keepsBlankLine: Bool = true
    ) {
        for (position, comment) in trivia.comments.enumerated() {
            if comment.isTrailing {
                lines.write(trailing: comment)
                continue
            }
            let isVerbatim = isInText
            if comment.marksCell { isInText = comment.marksText }
            let mayBeBlank = position > 0 || hasSpaceAbove
            lines.startLine(
                indent: indent, blankLines: !mayBeBlank ? 0 : isVerbatim ? comment.blankLines : min(1, comment.blankLines))
            lines.write(ownLine: comment, verbatim: isVerbatim && isInText)
        }
        guard let behindComments else { return }
        let isAllowed = keepsBlankLine || (!trivia.comments.isEmpty && behindComments == indent)
        lines.startLine(indent: behindComments, blankLines: isAllowed ? min(1, trivia.blankLines) : 0)
    }

    private func closingIndent(_ index: Int) -> Int? {
        frame.isExpanded || tokens[index].hasComments ? frame.base : nil
    }
}
