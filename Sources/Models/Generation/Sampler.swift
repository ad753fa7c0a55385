import Interruption
import Synchronization

/// Draws the continuations of many groups from a model. Without a Bridge a row's text depends on its own prompt, the
/// options and its name (problem, group, row) alone; with one, on its whole group as well. It never depends on what
/// else is sampled at the same time or on the number of threads.
public final class Sampler {
    /// At most this many rows are decoded at once (or one group, if that is wider) ...
    private let maximumRows: Int
    /// ... with caches of at most this many floats.
    private static let maximumCacheFloats = 1 << 28

    public let model: LanguageModel
    public let options: SamplingOptions
    /// What has been produced so far, a group for each request; read it after an interruption to keep that.
    public private(set) var groups: [SampledGroup] = []
    private let stops: Set<Int32>

    /// - Throws: `ModelError` if an option is out of range.
    public convenience init(_ model: LanguageModel, options: SamplingOptions) throws {
        try self.init(model, options: options, maximumRows: 1024)
    }

    package init(_ model: LanguageModel, options: SamplingOptions, maximumRows: Int) throws {
        try options.validate()
        self.maximumRows = maximumRows
        self.model = model
        self.options = options
        stops = options.stopTokens(of: model.tokenizer)
    }

    /// Continues every request.
    /// - Parameter onToken: called for each token as it comes, step by step, and within a step in the order of the
    ///   requests and rows; the first tokens of groups that enter come in a step of their own. What it throws ends the
    ///   run.
    /// - Returns: a group for each request, in their order.
    /// - Throws: `ModelError` for a request that cannot be continued, or scores that are not finite; `Interrupted`
    ///   between tokens.
    public func run(
        _ requests: [GroupRequest], onToken: ((TokenEvent) throws -> Void)? = nil
    ) throws -> [SampledGroup] {
        try requests.forEach(validate)
        groups = requests.map { request in
            SampledGroup(
                prompt: request.prompt, rows: Array(repeating: SampledRow(), count: request.width),
                problem: request.problem, group: request.group)
        }
        guard !requests.isEmpty else { return groups }
        let c = model.configuration
        let length = requests.map { $0.prompt.count + GroupMember.limit($0, options, c) }.max() ?? 1
        let batch = try GenerationBatch(
            DecodeModel(model, length: length, precision: options.precision), options: options,
            rows: max(
                min(maximumRows, requests.reduce(0) { $0 + $1.width }), requests.map(\.width).max() ?? 1),
            tokens: requests.reduce(0) { $0 + $1.prompt.count }, length: length)
        var waiting = requests.enumerated().map { (index: $0.offset, request: $0.element) }[...]
        while !waiting.isEmpty || !batch.active.isEmpty {
            try Interruption.check()
            // Groups enter as soon as there is room for them, and their first tokens are out before the next step.
            let fitting = fitting(waiting, batch)
            if fitting > 0 {
                let first = batch.active.count
                try batch.enter(Array(waiting.prefix(fitting)))
                for (index, request) in waiting.prefix(fitting) {
                    groups[index].reserve(GroupMember.limit(request, options, c))
                }
                waiting = waiting.dropFirst(fitting)
                try collect(batch, from: first, onToken)
            } else {
                try batch.step()
                try collect(batch, from: 0, onToken)
            }
        }
        return groups
    }

    /// How many of the waiting groups are to enter the batch: as many as it has room for, once that is an eighth of it
    /// or enough for all, since prompts are read faster together; one in any case if it is empty.
    private func fitting(_ waiting: ArraySlice<(index: Int, request: GroupRequest)>, _ batch: GenerationBatch) -> Int {
        let active = batch.active.count
        var entering = 0, floats = batch.cacheFloats, count = 0
        for (_, request) in waiting {
            floats += GroupMember.floats(request, options, model.configuration)
            let fits = active + entering + request.width <= maximumRows && floats <= Sampler.maximumCacheFloats
            guard fits || (count == 0 && active == 0) else {
                return active == 0 || entering >= maximumRows / 8 ? count : 0
            }
            entering += request.width
            count += 1
        }
        return count
    }

    private func collect(
        _ batch: GenerationBatch, from first: Int, _ onToken: ((TokenEvent) throws -> Void)?
    ) throws {
        try batch.collect(from: first, stops: stops, tokenizer: model.tokenizer) { row, stop, isLast in
            let index = row.member.index
            groups[index].rows[row.row].append(row.token, row.logProbability)
            if isLast { groups[index].rows[row.row].end(finished: stop != nil) }
            Sampler.drawnTokens.wrappingAdd(1, ordering: .relaxed)
            try onToken?(
                TokenEvent(
                    request: index, row: row.row, token: row.token, logProbability: row.logProbability,
                    isLast: isLast, isStop: stop == .token))
        }
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
}

extension LanguageModel {
    /// Continues every request: `Sampler.run` in one call.
    public func generate(
        _ requests: [GroupRequest], options: SamplingOptions, onToken: ((TokenEvent) throws -> Void)? = nil
    ) throws -> [SampledGroup] {
        try Sampler(self, options: options).run(requests, onToken: onToken)
    }
}
