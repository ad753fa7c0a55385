/// Candidates on one page below the line: with their summaries while they are few, in columns when they are many.
package struct CandidateListing {
    var columns: Int
    var rows: Int

    /// More candidates are listed without their summaries.
    static let explainedLimit = 20

    package init(columns: Int, rows: Int = CandidateListing.explainedLimit) {
        self.columns = columns
        self.rows = rows
    }

    package func text(_ candidates: [Candidate]) -> String {
        candidates.count <= rows ? described(candidates) : tabulated(candidates)
    }

    private func described(_ candidates: [Candidate]) -> String {
        let width = candidates.map { $0.name.count + $0.suffix.trimmed.count }.max() ?? 0
        return candidates.map { candidate in
            let name = candidate.name + candidate.suffix.trimmedEnd
            guard !candidate.summary.isEmpty else { return cut(name) }
            return cut(name + String(repeating: " ", count: width - name.count + 2) + candidate.summary)
        }.joined(separator: "\n")
    }

    /// Down the columns, as `ls` does it.
    private func tabulated(_ candidates: [Candidate]) -> String {
        // As wide as the longest of those that could be shown at all, at three columns each.
        let width = (candidates.prefix(rows * columns / 3).map(\.name.count).max() ?? 0) + 2
        let across = max(1, (columns - 1) / width)
        let shown = candidates.prefix(across * rows)
        let down = (shown.count + across - 1) / across
        var lines = (0..<down).map { row in
            let names = stride(from: row, to: shown.count, by: down).map { shown[$0].name }
            return cut(names.map { $0 + String(repeating: " ", count: width - $0.count) }.joined().trimmedEnd)
        }
        let hidden = candidates.count - shown.count
        if hidden > 0 { lines.append(cut("... and \(hidden) more; type another letter")) }
        return lines.joined(separator: "\n")
    }

    private func cut(_ line: String) -> String {
        let limit = max(columns - 1, 8)
        return line.count <= limit ? line : line.prefix(limit - 1) + "…"
    }
}
