/// Groups of texts as the training path reads them: every row of a group side by side, since the rows influence each
/// other and only the whole group in one forward gives the probabilities that the sampler drew from.
///
/// The sampler never feeds the last token of a row (the stop token, or the one that hit the limit), so a row's inputs
/// are its prompt and its tokens but the last. Those are the places where it is alive, that is, seen by its siblings.
/// From the last of them on, nobody saw it.
public struct TokenBatch: Sendable {
    /// Groups G, rows of a group W, length T.
    public let groups: Int
    public let width: Int
    public let length: Int
    /// (G, W, T), padded with zeros at the right.
    public let tokens: [Int32]
    /// (G, W, T): whether a row is a key for its siblings' Bridge at this place.
    public let alive: [Bool]
    /// The number of inputs of each row, (G, W); 0 for a row that pads a narrow group.
    public let lengths: [Int]

    /// The tokens to predict, row after row in the order (group, row, step), prompts left out.
    public let targets: [Int32]
    /// For each target, the place in `tokens` whose hidden state predicts it.
    public let targetPlaces: [Int32]
    /// The run of targets of each row, (G, W): targets `targetStarts[row] ..< targetStarts[row + 1]`.
    public let targetStarts: [Int]

    /// A batch of whole groups. Narrower groups are padded with rows that are never alive.
    /// - Parameter groups: of each, the prompt, and what every row said after it, the stop token included where there
    ///   was one.
    /// - Throws: `ModelError` for an empty batch, group or prompt.
    public init(_ groups: [(prompt: [Int32], rows: [[Int32]])]) throws {
        guard !groups.isEmpty else { throw ModelError("a batch needs at least one group") }
        for group in groups {
            guard !group.prompt.isEmpty else { throw ModelError("a group in the batch has an empty prompt") }
            guard !group.rows.isEmpty else { throw ModelError("a group in the batch has no rows") }
        }
        let width = groups.map(\.rows.count).max() ?? 1
        let inputs = groups.flatMap { group in group.rows.map { group.prompt.count + max($0.count - 1, 0) } }
        let length = inputs.max() ?? 1
        var tokens = [Int32](repeating: 0, count: groups.count * width * length)
        var alive = [Bool](repeating: false, count: tokens.count)
        var lengths = [Int](repeating: 0, count: groups.count * width)
        var targets: [Int32] = [], places: [Int32] = [], starts = [0]
        for (g, group) in groups.enumerated() {
            for w in 0..<width {
                defer { starts.append(targets.count) }
                guard w < group.rows.count else { continue }
                let row = g * width + w, said = group.rows[w]
                let inputs = group.prompt + said.dropLast()
                lengths[row] = inputs.count
                for (t, token) in inputs.enumerated() {
                    tokens[row * length + t] = token
                    alive[row * length + t] = true
                }
                for (step, token) in said.enumerated() {
                    targets.append(token)
                    places.append(Int32(row * length + group.prompt.count - 1 + step))
                }
            }
        }
        self.groups = groups.count
        self.width = width
        self.length = length
        self.tokens = tokens
        self.alive = alive
        self.lengths = lengths
        self.targets = targets
        targetPlaces = places
        targetStarts = starts
    }

    /// A batch of what was sampled.
    public init(_ groups: [SampledGroup]) throws {
        try self.init(groups.map { (prompt: $0.prompt, rows: $0.rows.map(\.tokens)) })
    }

    /// The targets of a row.
    public func targetRange(group: Int, row: Int) -> Range<Int> {
        targetStarts[group * width + row]..<targetStarts[group * width + row + 1]
    }
}
