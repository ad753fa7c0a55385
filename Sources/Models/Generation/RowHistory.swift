/// What a row has said so far, as far as penalties for repetition and stop strings ask for it.
struct RowHistory {
    /// The tokens of the prompt and of the row, each once.
    private(set) var said: Set<Int32> = []
    /// The last bytes of the text: as many as the longest stop string can begin in.
    private var tail: [UInt8] = []
    private let stops: [[UInt8]]
    private let keepsTokens: Bool
    private let longest: Int

    /// - Parameter limit: the most tokens that will be added.
    init(_ options: SamplingOptions, prompt: [Int32], limit: Int) {
        keepsTokens = options.repetitionPenalty != 1
        stops = options.stopStrings.map { Array($0.utf8) }
        longest = stops.map(\.count).max() ?? 0
        if longest > 0 { tail.reserveCapacity(longest + RowHistory.longTokenBytes) }
        if keepsTokens {
            said.reserveCapacity(prompt.count + limit)
            said.formUnion(prompt)
        }
    }

    private static let longTokenBytes = 512

    /// Adds a token.
    /// - Returns: whether the text now holds a stop string.
    mutating func append(_ token: Int32, _ tokenizer: any Tokenizer) -> Bool {
        if keepsTokens { said.insert(token) }
        guard longest > 0 else { return false }
        tokenizer.append(bytesOf: token, to: &tail)
        var found = false
        for stop in stops where tail.count >= stop.count && !found {
            found = (0...tail.count - stop.count).contains { tail[$0...].starts(with: stop) }
        }
        tail.removeFirst(max(tail.count - longest + 1, 0))
        return found
    }
}
