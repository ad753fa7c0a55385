/// Keeps the `=` of consecutive lines below each other where the author put them so.
struct AssignmentAlignment {
    private struct Member {
        var equals: Int
        /// Columns of what stands before `=`.
        var width: Int
    }

    private var members: [Member] = []
    /// Where the `=` of the members stands behind the beginning of their statements, in the source.
    private var column = -1
    /// The statement at the beginning of whose line we are, while its `=` may still come.
    private var statement: Int?
    private var followsMember = false
    private var groups: [[Member]] = []

    /// Sees every token directly in a block, in order.
    mutating func note(_ index: Int, _ tokens: [LayoutToken], _ outline: SourceOutline, startsLine: Bool) {
        let token = tokens[index]
        if token.isStatementStart, startsLine {
            if statement != nil { followsMember = false }
            if token.trivia.blankLines > 0 || token.trivia.comments.contains(where: { !$0.isTrailing }) {
                followsMember = false
            }
            statement = index
        } else if startsLine || token.isStatementStart {
            leave()
        }
        guard token.kind == .assign, let start = statement else { return }
        let target = SourceSpan(outline.tokens[start].span.start, outline.tokens[index].span.start)
        guard !outline.source.bytes[target.start..<target.end].contains(UInt8(ascii: "\n")) else { return leave() }
        statement = nil
        let position = outline.source.text(of: target).count
        if !followsMember || position != column { close() }
        column = position
        followsMember = true
        let width = (start..<index).reduce(0) { $0 + tokens[$1].width + ($1 > start ? tokens[$1].space : 0) }
        members.append(Member(equals: index, width: width))
    }

    /// The statement has no `=` on its first line.
    private mutating func leave() {
        if statement != nil { followsMember = false }
        statement = nil
    }

    private mutating func close() {
        if members.count > 1 { groups.append(members) }
        members = []
    }

    /// Puts spaces before the `=` that are to stand below each other.
    mutating func finish(_ tokens: inout [LayoutToken]) {
        close()
        for group in groups {
            let widest = group.map(\.width).max() ?? 0
            for member in group { tokens[member.equals].space = 1 + widest - member.width }
        }
        groups = []
    }
}
