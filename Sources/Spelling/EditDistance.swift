/// Finds the name that was meant.
package enum EditDistance {
    /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
    package static func between(_ left: String, _ right: String) -> Int {
        let a = Array(left.utf8)
        let b = Array(right.utf8)
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            before = previous
            previous = row
        }
        return previous[b.count]
    }

    /// The nearest candidates, best first; only those near enough to be meant.
    package static func nearest(to name: String, in candidates: some Sequence<String>, limit: Int = 3) -> [String] {
        let lowered = name.lowercased()
        let allowed = max(1, name.utf8.count / 3)
        var scored: [(String, Int)] = []
        for candidate in Set(candidates)
        where candidate != name && abs(candidate.utf8.count - name.utf8.count) <= allowed {
            let distance = between(lowered, candidate.lowercased())
            // A name of one letter is near every other such name, and means none of them.
            let isRelated = distance < min(name.utf8.count, candidate.utf8.count)
            if distance <= allowed, isRelated { scored.append((candidate, distance)) }
        }
        scored.sort { ($0.1, $0.0) < ($1.1, $1.0) }
        return scored.prefix(limit).map(\.0)
    }

    /// "did you mean `x`?", or what there is when nothing is near and the choice is small.
    package static func suggestion(for name: String, in candidates: [String], listing: Bool = false) -> String? {
        if let best = nearest(to: name, in: candidates, limit: 1).first { return "did you mean `\(best)`?" }
        guard listing, !candidates.isEmpty, candidates.count <= 16 else { return nil }
        return "there is " + candidates.map { "`\($0)`" }.joined(separator: ", ")
    }
}
