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
    public var seed: UInt64
    /// Tokens that end a row besides the tokenizer's stop tokens.
    public var extraStopTokens: [Int32]

    public init(
        maxTokens: Int = 128, temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil,
        seed: UInt64 = 0, extraStopTokens: [Int32] = []
    ) {
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.seed = seed
        self.extraStopTokens = extraStopTokens
    }

    /// Whether every token can be drawn, so that a recorded log-probability is that of the trainer's distribution.
    public var isPlain: Bool { temperature > 0 && topK == nil && (topP ?? 1) >= 1 && (minP ?? 0) <= 0 }

    /// - Throws: `ModelError` that names the option that is out of range.
    public func validate() throws {
        guard maxTokens >= 1, maxTokens <= 1 << 22 else {
            throw ModelError("max_tokens is \(maxTokens); it must be 1 to \(1 << 22)")
        }
        guard temperature >= 0, temperature.isFinite else {
            throw ModelError("the temperature is \(temperature); it must be 0 (greedy) or more")
        }
        if let topK, topK < 1 { throw ModelError("top_k is \(topK); it must be 1 or more") }
        if let topP, !(topP > 0 && topP <= 1) {
            throw ModelError("top_p is \(topP); it must be above 0 and at most 1")
        }
        if let minP, !(minP >= 0 && minP <= 1) { throw ModelError("min_p is \(minP); it must be between 0 and 1") }
    }
}
