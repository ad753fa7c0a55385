/// What a row has said so far, as far as penalties for repetition and stop strings ask for it.
struct RowHistory {
    /// The tokens of the prompt and of the row, each once.
    private(set) var said: Set<Int32> = []
    /// The last bytes of the text: as many as the longest stop string can begin in.
    private var tail: [UInt8] = []
    private let stops: [[UInt8]]
    private let keepsTokens: Bool
    private let longest: Int

    init(_ options: SamplingOptions, prompt: [Int32]) {
        keepsTokens = options.repetitionPenalty != 1
        stops = options.stopStrings.map { Array($0.utf8) }
        longest = stops.map(\.count).max() ?? 0
        if keepsTokens { said = Set(prompt) }
    }

    /// Adds a token.
    /// - Returns: whether the text now holds a stop string.
    mutating func append(_ token: Int32, bytes: (Int32) -> [UInt8]) -> Bool {
        if keepsTokens { said.insert(token) }
        guard longest > 0 else { return false }
        tail += bytes(token)
        let found = stops.contains { stop in
            tail.count >= stop.count && (0...tail.count - stop.count).contains { tail[$0...].starts(with: stop) }
        }
        tail.removeFirst(max(tail.count - longest + 1, 0))
        return found
    }
}
