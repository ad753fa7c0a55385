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

    /// The distance takes time with the square of the length.
    private static let longestName = 200

    /// The nearest candidates, best first; only those near enough to be meant.
    /// - Parameter fits: whether a candidate can stand in the place; one that cannot counts as one letter further off.
    package static func nearest(
        to name: String, in candidates: some Sequence<String>, limit: Int = 3, fits: (String) -> Bool = { _ in true }
    ) -> [String] {
        guard name.utf8.count <= longestName else { return [] }
        let lowered = name.lowercased()
        let allowed = max(1, name.utf8.count / 3)
        var scored: [(String, Int)] = []
        for candidate in Set(candidates)
        where candidate != name {
            if name.utf8.count >= 3, candidate.hasPrefix(name) {
                // `temp` is `temperature`, unless a slip of the finger explains it better.
                scored.append((candidate, fits(candidate) ? 2 : 3))
                continue
            }
            guard abs(candidate.utf8.count - name.utf8.count) <= allowed else { continue }
            let distance = between(lowered, candidate.lowercased())
            // A name of one letter is near every other such name, and means none of them.
            let isRelated = distance < min(name.utf8.count, candidate.utf8.count)
            if distance <= allowed, isRelated { scored.append((candidate, distance + (fits(candidate) ? 0 : 1))) }
        }
        // Of equals the one that begins with the same letter.
        func order(_ entry: (String, Int)) -> (Int, Int, String) {
            (entry.1, entry.0.first == name.first ? 0 : 1, entry.0)
        }
        scored.sort { order($0) < order($1) }
        return scored.prefix(limit).map(\.0)
    }

    /// "did you mean `x`?", or what there is when nothing is near and the choice is small.
    package static func suggestion(for name: String, in candidates: [String], listing: Bool = false) -> String? {
        if let best = nearest(to: name, in: candidates, limit: 1).first { return "did you mean `\(best)`?" }
        guard listing, !candidates.isEmpty, candidates.count <= 16 else { return nil }
        return "there is " + candidates.map { "`\($0)`" }.joined(separator: ", ")
    }
}
