import Interruption
import Synchronization

/// Draws the continuations of many groups from a model. Without a Bridge a row's text depends on its own prompt, the
/// options and its name (problem, group, row) alone; with one, on its whole group as well. It never depends on what
/// else is sampled at the same time or on the number of threads.
public final class Sampler {
    /// A batch holds at most this many rows (or one group, if that is wider) ...
    static let maximumRows = 1024
    /// ... and caches of at most this many floats.
    static let maximumCacheFloats = 1 << 28

    public let model: LanguageModel
    public let options: SamplingOptions
    /// What has been produced so far, a group for each request; read it after an interruption to keep that.
    public private(set) var groups: [SampledGroup] = []

    /// - Throws: `ModelError` if an option is out of range.
    public init(_ model: LanguageModel, options: SamplingOptions) throws {
        try options.validate()
        self.model = model
        self.options = options
    }

    /// Continues every request.
    /// - Parameter onToken: called for each token as it comes, step by step, and within a step in the order of the
    ///   requests and rows.
    /// - Returns: a group for each request, in their order.
    /// - Throws: `ModelError` for a request that cannot be continued; `Interrupted` between tokens.
    public func run(_ requests: [GroupRequest], onToken: ((TokenEvent) -> Void)? = nil) throws -> [SampledGroup] {
        try requests.forEach(validate)
        groups = requests.map { request in
            SampledGroup(
                prompt: request.prompt, rows: Array(repeating: SampledRow(), count: request.width),
                problem: request.problem, group: request.group)
        }
        guard !requests.isEmpty else { return groups }
        let longest = requests.map { $0.prompt.count + options.maxTokens }.max() ?? 0
        let decodeModel = try DecodeModel(model, length: min(longest, model.contextLength))
        for range in batches(requests) {
            let batch = try GenerationBatch(decodeModel, requests[range], options: options)
            try run(batch, first: range.lowerBound, onToken)
        }
        return groups
    }

    private func run(_ batch: GenerationBatch, first: Int, _ onToken: ((TokenEvent) -> Void)?) throws {
        let stops = Set(model.tokenizer.stopTokens + options.extraStopTokens)
        try Interruption.check()
        try batch.prefill()
        while true {
            batch.collect(isStop: stops.contains) { row, isStop, isLast in
                record(row, request: first + row.request, isStop: isStop)
                onToken?(
                    TokenEvent(
                        request: first + row.request, row: row.row, token: row.token,
                        logProbability: row.logProbability, isLast: isLast, isStop: isStop))
            }
            if batch.isDone { return }
            try Interruption.check()
            batch.step()
        }
    }

    private func record(_ row: GenerationBatch.ActiveRow, request: Int, isStop: Bool) {
        groups[request].rows[row.row].tokens.append(row.token)
        groups[request].rows[row.row].logProbabilities.append(row.logProbability)
        groups[request].rows[row.row].finished = isStop
        Sampler.drawnTokens.wrappingAdd(1, ordering: .relaxed)
    }

    /// Tokens that this process has drawn so far, for measuring.
    package static let drawnTokens = Atomic<Int>(0)

    private func validate(_ request: GroupRequest) throws {
        guard request.width >= 1, request.width <= 4096 else {
            throw ModelError("a group has \(request.width) rows; it must have between 1 and 4096")
        }
        guard !request.prompt.isEmpty else { throw ModelError("the prompt is empty: there is nothing to continue") }
        guard request.prompt.count < model.contextLength else {
            throw ModelError(
                "the prompt has \(request.prompt.count) tokens and leaves no room: the model's context holds "
                    + "\(model.contextLength)")
        }
        let size = model.configuration.vocabularySize
        if let wrong = request.prompt.first(where: { $0 < 0 || $0 >= size }) {
            throw ModelError("the prompt holds the token \(wrong); the model knows 0 to \(size - 1)")
        }
    }

    /// Runs of whole groups that fit in the bounds.
    private func batches(_ requests: [GroupRequest]) -> [Range<Int>] {
        var result: [Range<Int>] = [], start = 0, rows = 0, floats = 0
        for (index, request) in requests.enumerated() {
            let limit = GenerationBatch.limit(request, options, model.configuration)
            let size = KeyValueCache.floats(
                model.configuration, tokens: request.prompt.count + request.width * (limit - 1))
            if index > start, rows + request.width > Self.maximumRows || floats + size > Self.maximumCacheFloats {
                result.append(start..<index)
                (start, rows, floats) = (index, 0, 0)
            }
            rows += request.width
            floats += size
        }
        result.append(start..<requests.count)
        return result
    }
}

extension LanguageModel {
    /// Continues every request: `Sampler.run` in one call.
    public func generate(
        _ requests: [GroupRequest], options: SamplingOptions, onToken: ((TokenEvent) -> Void)? = nil
    ) throws -> [SampledGroup] {
        try Sampler(self, options: options).run(requests, onToken: onToken)
    }
}
