import Tensors

/// A group that is in a batch: its request, and the caches of its prompt and rows.
final class GroupMember {
    /// The request's place in the list given to the sampler.
    let index: Int
    let request: GroupRequest
    /// The most tokens that a row may produce.
    let limit: Int
    /// The residual stream at the end of the prompt, (dim).
    let promptEnd: UnsafeMutablePointer<Float>
    /// The prompt first, then the rows.
    private let cache: KeyValueCache

    init(_ request: GroupRequest, index: Int, _ options: SamplingOptions, _ c: TransformerConfiguration) throws {
        self.index = index
        self.request = request
        limit = GroupMember.limit(request, options, c)
        // The last token of a row is never fed.
        let capacities = [request.prompt.count] + Array(repeating: limit - 1, count: request.width)
        cache = try KeyValueCache(c, capacities: capacities)
        promptEnd = .allocate(capacity: c.dim)
    }

    deinit { promptEnd.deallocate() }

    var prompt: KeyValueSpan { cache.span(0) }
    func tail(_ row: Int) -> KeyValueSpan { cache.span(1 + row) }

    /// The most tokens that a row of this request may produce.
    static func limit(_ request: GroupRequest, _ options: SamplingOptions, _ c: TransformerConfiguration) -> Int {
        min(options.maxTokens, c.contextLength - request.prompt.count)
    }

    /// Floats that the caches of this request take.
    static func floats(_ request: GroupRequest, _ options: SamplingOptions, _ c: TransformerConfiguration) -> Int {
        let tokens = request.prompt.count + request.width * (limit(request, options, c) - 1)
        return KeyValueCache.floats(c, tokens: tokens)
    }
}
