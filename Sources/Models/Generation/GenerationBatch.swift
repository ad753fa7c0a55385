import Interruption
import Randomness
import Synchronization
import Tensors

/// Groups that are decoded together: prompts first, each by one row, then all rows a token a step. Rows that end leave
/// the batch, and Bridge's sight, at once. The text of a group depends on nothing but the group.
final class GenerationBatch {
    /// A row that still produces tokens.
    struct ActiveRow {
        /// The request's place in the batch, and the row's in the group.
        let request: Int
        let row: Int
        /// The row's place in the tail cache.
        let slot: Int
        /// The most tokens it may produce.
        let limit: Int
        var stream: RandomStream
        /// Tokens produced so far, and the last of them.
        var count = 0
        var token: Int32 = 0
        var logProbability: Float = 0
    }

    /// Rows of a step that one thread works on by itself: enough to make use of a weight once it is in the cache, few
    /// enough to keep the activations there.
    static let chunkRows = 48

    let model: DecodeModel
    let requests: ArraySlice<GroupRequest>
    let options: SamplingOptions
    private let prompts: KeyValueCache
    private let tails: KeyValueCache
    /// The residual stream at the end of each prompt, (requests, dim).
    private let promptEnds: UnsafeMutablePointer<Float>
    private var active: [ActiveRow] = []
    private let rows: UnsafeMutablePointer<DecodeKernels.Row>
    private var scratches: [DecodeScratch] = []
    private let length: Int

    init(_ model: DecodeModel, _ requests: ArraySlice<GroupRequest>, options: SamplingOptions) throws {
        self.model = model
        self.requests = requests
        self.options = options
        let c = model.configuration
        prompts = try KeyValueCache(c, capacities: requests.map(\.prompt.count))
        var capacities: [Int] = []
        for (index, request) in requests.enumerated() {
            let limit = Self.limit(request, options, c)
            for row in 0..<request.width {
                let stream = RandomStream(
                    seed: options.seed, purpose: .rollout, request.problem, request.group, row)
                active.append(
                    ActiveRow(request: index, row: row, slot: capacities.count, limit: limit, stream: stream))
                // The last token is never fed.
                capacities.append(limit - 1)
            }
        }
        tails = try KeyValueCache(c, capacities: capacities)
        promptEnds = .allocate(capacity: max(requests.count * c.dim, 1))
        let widest = requests.map(\.width).max() ?? 1
        rows = .allocate(capacity: max(active.count, Self.chunkRows * ThreadPool.shared.threadCount))
        length = requests.map { $0.prompt.count + Self.limit($0, options, c) }.max() ?? 1
        let rowsAtOnce = Self.chunkRows + widest
        scratches = (0..<ThreadPool.shared.threadCount).map { _ in
            DecodeScratch(
                c, bridge: model.bridge?.configuration, rows: rowsAtOnce, length: length, options: options)
        }
    }

    deinit {
        promptEnds.deallocate()
        rows.deallocate()
    }

    /// The most tokens that a row of this request may produce.
    static func limit(_ request: GroupRequest, _ options: SamplingOptions, _ c: TransformerConfiguration) -> Int {
        min(options.maxTokens, c.contextLength - request.prompt.count)
    }

    var isDone: Bool { active.isEmpty }

    // MARK: Prompts

    /// Forwards all prompts, one row each, and draws the first token of every row from what they end in.
    func prefill() throws {
        // Short prompts share a chunk; a prompt is never split between threads.
        var jobs: [Range<Int>] = [], start = 0, tokens = 0
        for (index, request) in requests.enumerated() {
            if index > start, tokens + request.prompt.count > Self.chunkRows {
                jobs.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += request.prompt.count
        }
        jobs.append(start..<requests.count)
        share(jobs.count) { job, forward, rows in
            for request in jobs[job] where !Interruption.isRequested {
                prefill(request, forward, rows)
            }
        }
        try Interruption.check()
        drawFirst()
    }

    private func prefill(_ index: Int, _ forward: DecodeForward, _ rows: UnsafeMutablePointer<DecodeKernels.Row>) {
        let prompt = requests[requests.startIndex + index].prompt
        let span = prompts.span(index), width = model.configuration.keyValueDim, dim = model.configuration.dim
        var start = 0
        while start < prompt.count, !Interruption.isRequested {
            let count = min(Self.chunkRows, prompt.count - start)
            for offset in 0..<count {
                let position = start + offset
                rows[offset] = DecodeKernels.Row(
                    prefix_keys: span.keys, prefix_values: span.values, tail_keys: span.keys, tail_values: span.values,
                    new_keys: span.keys + position * width, new_values: span.values + position * width,
                    prefix_stride: span.stride, tail_stride: span.stride, new_stride: span.stride,
                    prefix_length: position + 1, tail_length: 0, token: prompt[position], position: Int32(position))
            }
            // All rows of the group are alike here, so each token is a group of its own: Bridge gives V Wo.
            let groups = (0..<count).map { $0..<$0 + 1 }
            forward.run(rows, count: count, groups: groups[...])
            start += count
            if start == prompt.count {
                (promptEnds + index * dim).update(from: forward.scratch.x + (count - 1) * dim, count: dim)
            }
        }
    }

    private func drawFirst() {
        let dim = model.configuration.dim
        let first = firstRows()
        active.withUnsafeMutableBufferPointer { active in
            let active = active
            share(requests.count) { request, forward, _ in
                forward.logits(of: promptEnds + request * dim, count: 1)
                forward.scratch.distribution.load(forward.scratch.logits)
                for index in first[request]..<first[request + 1] {
                    Self.draw(&active[index], forward.scratch.distribution)
                }
            }
        }
    }

    // MARK: Steps

    /// Feeds the last token of every active row and draws the next ones.
    func step() {
        let first = firstRows()
        // Chunks of whole groups, about as many rows in each.
        let threads = ThreadPool.shared.threadCount
        let wanted = min(Self.chunkRows, max((active.count + threads - 1) / threads, 1))
        var groups: [Range<Int>] = [], chunks: [Range<Int>] = [], start = 0
        for request in 0..<requests.count where first[request] < first[request + 1] {
            groups.append(first[request]..<first[request + 1])
            if first[request + 1] - groups[start].lowerBound >= wanted {
                chunks.append(start..<groups.count)
                start = groups.count
            }
        }
        if start < groups.count { chunks.append(start..<groups.count) }
        for (index, row) in active.enumerated() { rows[index] = decodeRow(row) }
        active.withUnsafeMutableBufferPointer { active in
            let active = active
            share(chunks.count) { chunk, forward, _ in
                let groups = groups[chunks[chunk]]
                guard let low = groups.first?.lowerBound, let high = groups.last?.upperBound else { return }
                advance(low..<high, groups: groups, active, forward)
            }
        }
    }

    private func advance(
        _ range: Range<Int>, groups: ArraySlice<Range<Int>>, _ active: UnsafeMutableBufferPointer<ActiveRow>,
        _ forward: DecodeForward
    ) {
        let local = groups.map { $0.lowerBound - range.lowerBound..<$0.upperBound - range.lowerBound }
        forward.run(rows + range.lowerBound, count: range.count, groups: local[...])
        let c = model.configuration, scratch = forward.scratch
        for start in stride(from: 0, to: range.count, by: DecodeScratch.logitRows) {
            let count = min(DecodeScratch.logitRows, range.count - start)
            forward.logits(of: scratch.x + start * c.dim, count: count)
            for offset in 0..<count {
                scratch.distribution.load(scratch.logits + offset * c.vocabularySize)
                Self.draw(&active[range.lowerBound + start + offset], scratch.distribution)
            }
        }
    }

    private func decodeRow(_ row: ActiveRow) -> DecodeKernels.Row {
        let prompt = prompts.span(row.request), tail = tails.span(row.slot)
        let width = model.configuration.keyValueDim
        let promptLength = requests[requests.startIndex + row.request].prompt.count
        let place = row.count - 1
        return DecodeKernels.Row(
            prefix_keys: prompt.keys, prefix_values: prompt.values, tail_keys: tail.keys, tail_values: tail.values,
            new_keys: tail.keys + place * width, new_values: tail.values + place * width,
            prefix_stride: prompt.stride, tail_stride: tail.stride, new_stride: tail.stride,
            prefix_length: promptLength, tail_length: row.count, token: row.token,
            position: Int32(promptLength + place))
    }

    private static func draw(_ row: inout ActiveRow, _ distribution: TokenDistribution) {
        (row.token, row.logProbability) = distribution.draw(uniform: row.stream.uniformDouble())
        row.count += 1
    }

    /// Hands out the tokens just drawn, in the order of the rows, and drops the rows that ended.
    /// - Parameter isStop: whether a token ends its row.
    /// - Returns: whether `deliver` wants the row to go on.
    func collect(isStop: (Int32) -> Bool, deliver: (_ row: ActiveRow, _ isStop: Bool, _ isLast: Bool) -> Void) {
        var kept = 0
        for index in active.indices {
            let row = active[index]
            let stops = isStop(row.token), ends = stops || row.count >= row.limit
            deliver(row, stops, ends)
            if !ends {
                active[kept] = row
                kept += 1
            }
        }
        active.removeSubrange(kept...)
    }

    /// The first active row of each request, and the number of active rows.
    private func firstRows() -> [Int] {
        var first: [Int] = []
        first.reserveCapacity(requests.count + 1)
        for (index, row) in active.enumerated() {
            while first.count <= row.request { first.append(index) }
        }
        while first.count <= requests.count { first.append(active.count) }
        return first
    }

    // MARK: Threads

    /// Runs `count` jobs, each with scratch of its own: by as many threads as there are, or, if the jobs are too few,
    /// one after the other with every kernel shared among the threads.
    private func share(
        _ count: Int, _ body: (Int, DecodeForward, UnsafeMutablePointer<DecodeKernels.Row>) -> Void
    ) {
        let threads = scratches.count
        if count < threads {
            let forward = DecodeForward(model: model, scratch: scratches[0], isParallel: threads > 1)
            for job in 0..<count { body(job, forward, rows) }
            return
        }
        let next = Atomic<Int>(0)
        ThreadPool.shared.run(threads) { thread in
            let forward = DecodeForward(model: model, scratch: scratches[thread], isParallel: false)
            while true {
                let job = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if job >= count { return }
                body(job, forward, rows + thread * Self.chunkRows)
            }
        }
    }
}
