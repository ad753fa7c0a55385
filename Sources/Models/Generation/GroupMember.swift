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

    /// A token of the prompt, in a step that has those from `start` on, where a block of keys begins: what is before
    /// them is the prefix, which they share.
    func promptRow(_ position: Int, from start: Int) -> DecodeKernels.Row {
        DecodeKernels.Row(
            prefix: cache.span(0), tail: cache.span(0, from: start), prefix_length: start,
            tail_length: position + 1 - start, token: request.prompt[position], position: Int32(position))
    }

    /// The token at a place of a row's own text; its prefix is the prompt.
    func tailRow(_ row: Int, place: Int, token: Int32) -> DecodeKernels.Row {
        let length = request.prompt.count
        return DecodeKernels.Row(
            prefix: cache.span(0), tail: cache.span(1 + row), prefix_length: length, tail_length: place + 1,
            token: token, position: Int32(length + place))
    }

    /// The most tokens that a row of this request may produce.
    static func limit(_ request: GroupRequest, _ options: SamplingOptions, _ c: TransformerConfiguration) -> Int {
        min(options.maxTokens, c.contextLength - request.prompt.count)
    }

    /// Floats that the caches of this request take.
    static func floats(_ request: GroupRequest, _ options: SamplingOptions, _ c: TransformerConfiguration) -> Int {
        let row = KeyValueCache.floats(c, tokens: limit(request, options, c) - 1)
        return KeyValueCache.floats(c, tokens: request.prompt.count) + request.width * row
    }
}
