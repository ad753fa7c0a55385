/// Finds cells again after their file was edited.
enum CellMatching {
    /// Where each old cell is among the new ones: those with the same text, in order; between two such cells, what
    /// stands in the same place is taken to be the same cell, changed.
    /// - Returns: the new position for each old one that is still there.
    static func places(of old: [String], in new: [String]) -> [Int: Int] {
        var places: [Int: Int] = [:]
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(offset))
        let inserted = Set(difference.insertions.map(offset))
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            var gap: (old: [Int], new: [Int]) = ([], [])
            while i < old.count, removed.contains(i) { gap.old.append(i); i += 1 }
            while j < new.count, inserted.contains(j) { gap.new.append(j); j += 1 }
            for (before, after) in zip(gap.old, gap.new) { places[before] = after }
            guard i < old.count, j < new.count else { break }
            places[i] = j
            i += 1
            j += 1
        }
        return places
    }

    private static func offset(_ change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
