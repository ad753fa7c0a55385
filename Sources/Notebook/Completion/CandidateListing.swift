import Language

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
        let names = candidates.map { $0.name + $0.suffix.trimmedEnd }
        let width = names.map(\.columns).max() ?? 0
        let hasRoom = width + Self.narrowestSummary < columns
        return zip(names, candidates).map { name, candidate in
            guard hasRoom, !candidate.summary.isEmpty else { return cut(name) }
            return cut(name.padded(to: width + 2) + candidate.summary)
        }.joined(separator: "\n")
    }

    /// Columns below which a summary says nothing.
    private static let narrowestSummary = 12

    /// Down the columns, as `ls` does it.
    private func tabulated(_ candidates: [Candidate]) -> String {
        // As wide as the longest of those that could be shown at all, at three columns each.
        let width = (candidates.prefix(rows * columns / 3).map(\.name.columns).max() ?? 0) + 2
        let across = max(1, (columns - 1) / width)
        let shown = candidates.prefix(across * rows)
        let down = (shown.count + across - 1) / across
        var lines = (0..<down).map { row in
            let names = stride(from: row, to: shown.count, by: down).map { shown[$0].name }
            return cut(names.map { $0.padded(to: width) }.joined().trimmedEnd)
        }
        let hidden = candidates.count - shown.count
        if hidden > 0 { lines.append(cut("... and \(hidden) more; type another letter")) }
        return lines.joined(separator: "\n")
    }

    private func cut(_ line: String) -> String {
        let limit = max(columns - 1, 8)
        return line.columns <= limit ? line : line.prefix(columns: limit - 1) + "…"
    }
}
