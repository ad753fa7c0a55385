/// How tokens are drawn from the model's distribution, and when a row stops.
public struct SamplingOptions: Equatable, Sendable {
    /// The most tokens a row may produce.
    public var maxTokens: Int
    /// Logits are divided by this; 0 takes the most probable token each time.
    public var temperature: Double
    /// Only the k most probable tokens are drawn from; nil for all.
    public var topK: Int?
    /// Only the fewest most probable tokens whose probabilities sum to at least this are drawn from; nil (or 1) for
    /// all.
    public var topP: Double?
    /// Only tokens at least this times as probable as the most probable one are drawn from; nil (or 0) for all.
    public var minP: Double?
    /// What the scores of tokens that the text so far holds, the prompt included, are divided by where they are
    /// positive and multiplied by where they are negative; 1 for nothing.
    public var repetitionPenalty: Double
    public var seed: UInt64
    /// A row ends once it has said one of these; the text it gives stops before it.
    public var stopStrings: [String]
    /// How many bits the model's weights have.
    public var precision: WeightPrecision
    /// Tokens that end a row besides the tokenizer's stop tokens.
    public var extraStopTokens: [Int32]

    public init(
        maxTokens: Int = 128, temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil,
        repetitionPenalty: Double = 1, seed: UInt64 = 0, stopStrings: [String] = [],
        precision: WeightPrecision = .f32, extraStopTokens: [Int32] = []
    ) {
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.repetitionPenalty = repetitionPenalty
        self.seed = seed
        self.stopStrings = stopStrings
        self.precision = precision
        self.extraStopTokens = extraStopTokens
    }

    /// Whether every token can be drawn, so that a recorded log-probability is that of the trainer's distribution.
    public var isPlain: Bool { temperature > 0 && !hasFilters && repetitionPenalty == 1 }

    /// Whether some tokens cannot be drawn.
    var hasFilters: Bool { topK != nil || (topP ?? 1) < 1 || (minP ?? 0) > 0 }

    /// The tokens that end a row.
    func stopTokens(of tokenizer: any Tokenizer) -> Set<Int32> { Set(tokenizer.stopTokens + extraStopTokens) }

    /// A row's text up to the first of the stop strings in it.
    public func cut(_ text: String) -> String {
        let ends = stopStrings.compactMap { text.firstRange(of: $0)?.lowerBound }
        return ends.min().map { String(text[..<$0]) } ?? text
    }

    /// - Throws: `ModelError` that names the option that is out of range.
    public func validate() throws {
        guard maxTokens >= 1, maxTokens <= 1 << 22 else {
            throw ModelError("max_tokens is \(maxTokens); it must be 1 to \(1 << 22)")
        }
        guard temperature == 0 || temperature >= 1e-6, temperature.isFinite else {
            throw ModelError("the temperature is \(temperature); it must be 0 (greedy), or 0.000001 or more")
        }
        if let topK, topK < 1 { throw ModelError("top_k is \(topK); it must be 1 or more") }
        if let topP, !(topP > 0 && topP <= 1) {
            throw ModelError("top_p is \(topP); it must be above 0 and at most 1")
        }
        guard repetitionPenalty > 0, repetitionPenalty.isFinite else {
            throw ModelError("the repetition penalty is \(repetitionPenalty); it must be above 0, and is 1 for none")
        }
        if stopStrings.contains("") { throw ModelError("a stop string is empty: it would stop every row at once") }
        if let minP, !(minP >= 0 && minP <= 1) { throw ModelError("min_p is \(minP); it must be between 0 and 1") }
    }
}
