/// A prompt to be continued by several rows at once. The rows of a group see each other if the model has a Bridge;
/// groups never see each other.
public struct GroupRequest: Equatable, Sendable {
    public var prompt: [Int32]
    /// The number of rows.
    public var width: Int
    /// What the random draws are named after, together with the seed and the row: the same numbers give the same text.
    public var problem: Int
    public var group: Int

    public init(prompt: [Int32], width: Int, problem: Int = 0, group: Int = 0) {
        self.prompt = prompt
        self.width = width
        self.problem = problem
        self.group = group
    }
}

/// What one row produced.
public struct SampledRow: Equatable, Sendable {
    /// The tokens after the prompt; the last one is the stop token if the row finished.
    public var tokens: [Int32]
    /// Of each token, the log-probability under the distribution it was drawn from: temperature applied, and
    /// renormalised where top_k, top_p or min_p left tokens out. Greedy rows record it at temperature 1.
    public var logProbabilities: [Float]
    /// Whether a stop token or a stop string came; false if the row was cut off by `maxTokens`, the context length or
    /// an interruption.
    public var finished: Bool

    public init(tokens: [Int32] = [], logProbabilities: [Float] = [], finished: Bool = false) {
        self.tokens = tokens
        self.logProbabilities = logProbabilities
        self.finished = finished
    }

    mutating func append(_ token: Int32, _ logProbability: Float) {
        tokens.append(token)
        logProbabilities.append(logProbability)
    }

    /// Gives back the room that is not needed.
    mutating func end(finished: Bool) {
        tokens = tokens.map { $0 }
        logProbabilities = logProbabilities.map { $0 }
        self.finished = finished
    }

    /// What the row says: the text of its tokens up to one that ends it, and before the first stop string.
    public func text(_ tokenizer: any Tokenizer, _ options: SamplingOptions) -> String {
        let stops = options.stopTokens(of: tokenizer)
        return options.cut(tokenizer.decode(tokens.prefix { !stops.contains($0) }))
    }
}

/// What the rows of a group produced.
public struct SampledGroup: Equatable, Sendable {
    public var prompt: [Int32]
    public var rows: [SampledRow]
    public var problem: Int
    public var group: Int

    public init(prompt: [Int32], rows: [SampledRow], problem: Int = 0, group: Int = 0) {
        self.prompt = prompt
        self.rows = rows
        self.problem = problem
        self.group = group
    }

    /// Makes room for so many tokens a row.
    mutating func reserve(_ tokens: Int) {
        for row in rows.indices {
            rows[row].tokens.reserveCapacity(tokens)
            rows[row].logProbabilities.reserveCapacity(tokens)
        }
    }

    public var width: Int { rows.count }
    /// Tokens produced by all rows.
    public var tokenCount: Int { rows.reduce(0) { $0 + $1.tokens.count } }
}

/// One token, as it is produced.
public struct TokenEvent: Equatable, Sendable {
    /// The request's place in the list given to the sampler.
    public let request: Int
    public let row: Int
    public let token: Int32
    public let logProbability: Float
    /// Whether this is the row's last token.
    public let isLast: Bool
    /// Whether it is a stop token, which is no part of the text.
    public let isStop: Bool
}
