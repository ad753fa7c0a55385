/// Answers in constant time how wide a run of tokens is on one line, and where the next line break must be.
struct Measures {
    private let tokens: [LayoutToken]
    /// Columns of all tokens before each, every one with the space before it.
    private var before: [Int] = [0]
    /// The next token at or behind each that begins a line or is a string of several lines.
    private var nextBreak: [Int]

    init(_ tokens: [LayoutToken]) {
        self.tokens = tokens
        before.reserveCapacity(tokens.count + 1)
        for token in tokens { before.append(before[before.count - 1] + token.space + token.width) }
        nextBreak = Array(repeating: tokens.count, count: tokens.count + 1)
        for index in tokens.indices.reversed() {
            nextBreak[index] = tokens[index].isForced || tokens[index].isMultiline ? index : nextBreak[index + 1]
        }
    }

    /// The first token from `start` through `end` before which or in which a line must end.
    func firstBreak(_ start: Int, _ end: Int) -> Int? {
        let found = nextBreak[min(start, tokens.count)]
        return found <= end && found < tokens.count ? found : nil
    }

    /// Columns from `start` through `end`, with the space before `start`; up to the first line break that must be.
    func width(_ start: Int, _ end: Int) -> Int {
        guard start <= end else { return 0 }
        if tokens[start].isMultiline { return tokens[start].space + tokens[start].width }
        guard let found = firstBreak(start + 1, end) else { return before[end + 1] - before[start] }
        return (tokens[found].isForced ? before[found] : before[found + 1]) - before[start]
    }
}
