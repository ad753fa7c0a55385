/// Numbers of cells as they are written behind a command: `3`, `3..9` (without 9, as in the language), `3..=9`, and
/// several of these with commas between them.
struct CellNumbers {
    let numbers: [Int]

    /// The longest list, so that a slip does not fill the memory.
    private static let limit = 100_000

    /// - Throws: `PromptCommandError` for anything else.
    init(_ text: String) throws {
        var numbers: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = Self.range(String(part).trimmed), range.count <= Self.limit else {
                throw PromptCommandError("`\(text)` names no cells: write 3, 3..9 (up to 8), 3..=9 or 3,5,7")
            }
            numbers += range
        }
        self.numbers = numbers
    }

    private static func range(_ text: String) -> Range<Int>? {
        if let number = Int(text), number >= 1, number < Int.max { return number..<(number + 1) }
        let isClosed = text.contains("..=")
        let ends = text.split(separator: isClosed ? "..=" : "..", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 1, last < Int.max else { return nil }
        let end = isClosed ? last + 1 : last
        return first < end ? first..<end : nil
    }
}
