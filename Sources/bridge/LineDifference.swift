/// Two texts side by side, as `diff -u` shows them.
enum LineDifference {
    /// A line with its mark: ` ` in both, `-` only in the old text, `+` only in the new one.
    private struct Line {
        var mark: Character
        var text: Substring
    }

    /// Lines shown around each change.
    private static let context = 3
    /// Above this many lines between the first and the last change they count as one change.
    private static let searchedLines = 4_000

    static func unified(from old: String, to new: String, name: String) -> String {
        let lines = edits(cut(old), cut(new))
        var result = "--- \(name)\n+++ \(name) (laid out)\n"
        var shown = 0
        while let change = lines[shown...].firstIndex(where: { $0.mark != " " }) {
            let start = max(shown, change - context)
            var end = change
            var quiet = 0
            while end < lines.count, quiet <= 2 * context {
                quiet = lines[end].mark == " " ? quiet + 1 : 0
                end += 1
            }
            end -= max(0, quiet - context)
            result += heading(lines, start, end)
            for line in lines[start..<end] { result += "\(line.mark)\(line.text)\n" }
            shown = end
        }
        return result
    }

    private static func cut(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func heading(_ lines: [Line], _ start: Int, _ end: Int) -> String {
        func part(_ mark: Character) -> String {
            let first = lines[..<start].count { $0.mark == " " || $0.mark == mark }
            let count = lines[start..<end].count { $0.mark == " " || $0.mark == mark }
            return "\(mark)\(count == 0 ? first : first + 1),\(count)"
        }
        return "@@ \(part("-")) \(part("+")) @@\n"
    }

    private static func edits(_ old: [Substring], _ new: [Substring]) -> [Line] {
        var head = 0
        while head < min(old.count, new.count), old[head] == new[head] { head += 1 }
        var tail = 0
        while tail < min(old.count, new.count) - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
        let same = { (lines: ArraySlice<Substring>) in lines.map { Line(mark: " ", text: $0) } }
        let middle = changes(Array(old[head..<(old.count - tail)]), Array(new[head..<(new.count - tail)]))
        return same(old[..<head]) + middle + same(old[(old.count - tail)...])
    }

    private static func changes(_ old: [Substring], _ new: [Substring]) -> [Line] {
        guard old.count + new.count <= searchedLines else {
            return old.map { Line(mark: "-", text: $0) } + new.map { Line(mark: "+", text: $0) }
        }
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [Line] = []
        var position = 0
        for (index, line) in old.enumerated() {
            if removed.contains(index) {
                lines.append(Line(mark: "-", text: line))
                continue
            }
            while inserted.contains(position) {
                lines.append(Line(mark: "+", text: new[position]))
                position += 1
            }
            lines.append(Line(mark: " ", text: line))
            position += 1
        }
        return lines + new[position...].map { Line(mark: "+", text: $0) }
    }
}
