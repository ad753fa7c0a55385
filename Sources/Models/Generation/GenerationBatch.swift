import Interruption
import Randomness
import Synchronization
import Tensors

/// Groups that are decoded together. A group enters with its prompt, forwarded by one row, and then all its rows go a
/// token a step. Rows that end leave the batch, and Bridge's sight, at once, and their places are free for others. The
/// text of a group depends on nothing but the group.
final class GenerationBatch {
    /// A row that still produces tokens.
    struct ActiveRow {
        let member: GroupMember
        /// The row's place in the group.
        let row: Int
        var stream: RandomStream
        var history: RowHistory
        /// Tokens produced so far, and the last of them.
        var count = 0
        var token: Int32 = 0
        var logProbability: Float = 0
        /// Whether the scores it was drawn from were numbers.
        var isSound = true
    }

    /// Rows of a step that one thread works on by itself: enough to make use of a weight once it is in the cache, few
    /// enough to keep the activations there.
    static let chunkRows = 48

    let model: DecodeModel
    let options: SamplingOptions
    private(set) var active: [ActiveRow] = []
    /// Floats of the caches of the groups that are in the batch.
    private(set) var cacheFloats = 0
    private let rows: UnsafeMutablePointer<DecodeKernels.Row>
    private var scratches: [DecodeScratch] = []
    // The rest is here so that a step allocates nothing.
    /// Runs of rows of one group, runs of groups that are a job, and as many rows by themselves as a prompt's job has.
    private let groupRanges: UnsafeMutablePointer<Range<Int>>
    private let chunkRanges: UnsafeMutablePointer<Range<Int>>
    private let singleRows: UnsafeMutablePointer<Range<Int>>
    private let team = DecodeTeam()
    private let nextJob = Atomic<Int>(0)

    /// - Parameters:
    ///   - rows: the most rows at once.
    ///   - widest: the most rows of a group.
    ///   - length: the longest text, in tokens.
    init(_ model: DecodeModel, options: SamplingOptions, rows: Int, widest: Int, length: Int) throws {
        self.model = model
        self.options = options
        let threads = ThreadPool.shared.threadCount
        self.rows = .allocate(capacity: max(rows, widest, Self.chunkRows * threads))
        active.reserveCapacity(max(rows, widest))
        groupRanges = .allocate(capacity: max(rows, widest))
        chunkRanges = .allocate(capacity: max(rows, widest))
        singleRows = .allocate(capacity: Self.chunkRows)
        for row in 0..<Self.chunkRows { (singleRows + row).initialize(to: row..<row + 1) }
        scratches = (0..<threads).map { thread in
            // The first one's tokens are drawn by all threads where the rows are few.
            DecodeScratch(
                model.configuration, bridge: model.bridge?.configuration, rows: Self.chunkRows + widest,
                length: length, options: options, drawers: thread == 0 ? threads : 1)
        }
    }

    deinit {
        rows.deallocate()
        groupRanges.deallocate()
        chunkRanges.deallocate()
        singleRows.deallocate()
    }

    // MARK: Prompts

    /// Takes in groups: forwards their prompts, one row each, and draws the first token of every row from what they end
    /// in. Their rows stand behind those that are there.
    func enter(_ requests: [(index: Int, request: GroupRequest)]) throws {
        let c = model.configuration
        let members = try requests.map { try GroupMember($0.request, index: $0.index, options, c) }
        // Short prompts share a job; a prompt is never split between threads.
        var jobs: [Range<Int>] = [], start = 0, tokens = 0
        for (index, member) in members.enumerated() {
            if index > start, tokens + member.request.prompt.count > Self.chunkRows {
                jobs.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += member.request.prompt.count
        }
        jobs.append(start..<members.count)
        share(jobs.count) { job, forward, rows in
            for index in jobs[job] where !Interruption.isRequested { prefill(members[index], forward, rows) }
        }
        try Interruption.check()
        let first = active.count
        for member in members {
            let request = member.request
            for row in 0..<request.width {
                let stream = RandomStream(
                    seed: options.seed, purpose: .rollout, request.problem, request.group, row)
                let history = RowHistory(options, prompt: request.prompt, limit: member.limit)
                active.append(ActiveRow(member: member, row: row, stream: stream, history: history))
            }
            cacheFloats += GroupMember.floats(request, options, c)
        }
        drawFirst(from: first)
    }

    private func prefill(
        _ member: GroupMember, _ forward: DecodeForward, _ rows: UnsafeMutablePointer<DecodeKernels.Row>
    ) {
        let prompt = member.request.prompt, span = member.prompt
        let width = model.configuration.keyValueDim, dim = model.configuration.dim
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
            let alone = UnsafeBufferPointer(start: singleRows, count: count)
            forward.run(rows, count: count, groups: RowGroups(ranges: alone, start: 0))
            start += count
            if start == prompt.count {
                member.promptEnd.update(from: forward.scratch.x + (count - 1) * dim, count: dim)
            }
        }
    }

    private func drawFirst(from start: Int) {
        let groups = self.groups(from: start)
        active.withUnsafeMutableBufferPointer { active in
            let active = active
            share(groups.count) { group, forward, _ in
                let rows = groups[group]
                forward.logits(of: active[rows.lowerBound].member.promptEnd, count: 1)
                let distribution = forward.scratch.distributions
                distribution.pointee.load(forward.scratch.logits, said: active[rows.lowerBound].history.said)
                for index in rows { Self.draw(&active[index], distribution) }
            }
        }
    }

    // MARK: Steps

    /// Feeds the last token of every active row and draws the next ones. Nothing is allocated.
    func step() {
        let all = groups(from: 0)
        // Chunks of whole groups, about as many rows in each.
        let threads = ThreadPool.shared.threadCount
        let wanted = min(Self.chunkRows, max((active.count + threads - 1) / threads, 1))
        var chunks = 0, start = 0
        for index in all.indices
        where index + 1 == all.count || all[index].upperBound - all[start].lowerBound >= wanted {
            chunkRanges[chunks] = start..<index + 1
            chunks += 1
            start = index + 1
        }
        for index in active.indices { rows[index] = decodeRow(active[index]) }
        active.withUnsafeMutableBufferPointer { active in
            let active = active
            share(chunks) { chunk, forward, _ in
                advance(UnsafeBufferPointer(rebasing: all[chunkRanges[chunk]]), active, forward)
            }
        }
    }

    private func advance(
        _ groups: UnsafeBufferPointer<Range<Int>>, _ active: UnsafeMutableBufferPointer<ActiveRow>,
        _ forward: DecodeForward
    ) {
        guard let low = groups.first?.lowerBound, let high = groups.last?.upperBound else { return }
        forward.run(rows + low, count: high - low, groups: RowGroups(ranges: groups, start: low))
        let c = model.configuration, scratch = forward.scratch
        for start in stride(from: 0, to: high - low, by: DecodeScratch.logitRows) {
            let count = min(DecodeScratch.logitRows, high - low - start)
            forward.logits(of: scratch.x + start * c.dim, count: count)
            forward.share(count) { thread, offset in
                let index = low + start + offset, distribution = scratch.distributions + thread
                distribution.pointee.load(
                    scratch.logits + offset * c.vocabularySize, said: active[index].history.said)
                Self.draw(&active[index], distribution)
            }
        }
    }

    private func decodeRow(_ row: ActiveRow) -> DecodeKernels.Row {
        let prompt = row.member.prompt, tail = row.member.tail(row.row)
        let width = model.configuration.keyValueDim
        let promptLength = row.member.request.prompt.count
        let place = row.count - 1
        return DecodeKernels.Row(
            prefix_keys: prompt.keys, prefix_values: prompt.values, tail_keys: tail.keys, tail_values: tail.values,
            new_keys: tail.keys + place * width, new_values: tail.values + place * width,
            prefix_stride: prompt.stride, tail_stride: tail.stride, new_stride: tail.stride,
            prefix_length: promptLength, tail_length: row.count, token: row.token,
            position: Int32(promptLength + place))
    }

    private static func draw(_ row: inout ActiveRow, _ distribution: UnsafePointer<TokenDistribution>) {
        row.isSound = distribution.pointee.isSound
        if row.isSound {
            (row.token, row.logProbability) = distribution.pointee.draw(uniform: row.stream.uniformDouble())
        }
        row.count += 1
    }

    /// Hands out the tokens just drawn by the rows from a place on, in their order, and drops the rows that ended.
    /// - Parameters:
    ///   - stops: the tokens that end their row.
    ///   - deliver: told of each token whether it, or the text it completes, ends the row, and whether it is the last.
    /// - Throws: `ModelError` where a row's scores were not numbers.
    func collect(
        from start: Int, stops: Set<Int32>, tokenizer: any Tokenizer,
        deliver: (_ row: ActiveRow, _ stop: RowStop?, _ isLast: Bool) -> Void
    ) throws {
        var kept = start
        for index in start..<active.count {
            guard active[index].isSound else { throw unsound(active[index]) }
            let saysStop = active[index].history.append(active[index].token, tokenizer)
            let row = active[index]
            let stop: RowStop? = stops.contains(row.token) ? .token : saysStop ? .text : nil
            let ends = stop != nil || row.count >= row.member.limit
            deliver(row, stop, ends)
            if ends {
                let isLastOfGroup =
                    (kept == 0 || active[kept - 1].member !== row.member)
                    && (index + 1 == active.count || active[index + 1].member !== row.member)
                if isLastOfGroup {
                    cacheFloats -= GroupMember.floats(row.member.request, options, model.configuration)
                }
            } else {
                if kept != index { active[kept] = row }
                kept += 1
            }
        }
        active.removeSubrange(kept...)
    }

    private func unsound(_ row: ActiveRow) -> ModelError {
        let request = row.member.request
        return ModelError(
            "the model's scores are not finite at token \(row.count - 1) of row \(row.row) (problem "
                + "\(request.problem), group \(request.group)): its weights hold infinite numbers or NaN, or training "
                + "diverged")
    }

    /// What ended a row.
    enum RowStop {
        case token, text
    }

    /// The runs of rows of one group, from a place on; in memory that the next call uses again.
    private func groups(from start: Int) -> UnsafeBufferPointer<Range<Int>> {
        var count = 0, low = start
        while low < active.count {
            var high = low + 1
            while high < active.count, active[high].member === active[low].member { high += 1 }
            groupRanges[count] = low..<high
            count += 1
            low = high
        }
        return UnsafeBufferPointer(start: groupRanges, count: count)
    }

    // MARK: Threads

    /// Runs `count` jobs, each with scratch of its own: by as many threads as there are, or, if the jobs are too few,
    /// one after the other with every kernel shared among a team.
    private func share(
        _ count: Int, _ body: (Int, DecodeForward, UnsafeMutablePointer<DecodeKernels.Row>) -> Void
    ) {
        let threads = scratches.count
        if count < threads {
            team.together {
                let forward = DecodeForward(model: model, scratch: scratches[0], team: team)
                for job in 0..<count { body(job, forward, rows) }
            }
            return
        }
        nextJob.store(0, ordering: .relaxed)
        ThreadPool.shared.run(threads) { thread in
            let forward = DecodeForward(model: model, scratch: scratches[thread], team: nil)
            while true {
                let job = nextJob.wrappingAdd(1, ordering: .relaxed).oldValue
                if job >= count { return }
                body(job, forward, rows + thread * Self.chunkRows)
            }
        }
    }
}
