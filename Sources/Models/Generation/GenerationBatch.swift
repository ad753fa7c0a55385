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
        scratches = (0..<threads).map { thread in
            // The first one's tokens are drawn by all threads where the rows are few.
            DecodeScratch(
                model.configuration, bridge: model.bridge?.configuration, rows: Self.chunkRows + widest,
                length: length, options: options, drawers: thread == 0 ? threads : 1)
        }
    }

    deinit { rows.deallocate() }

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
            let history = RowHistory(options, prompt: request.prompt)
            for row in 0..<request.width {
                let stream = RandomStream(
                    seed: options.seed, purpose: .rollout, request.problem, request.group, row)
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
            let groups = (0..<count).map { $0..<$0 + 1 }
            forward.run(rows, count: count, groups: groups[...])
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
                for index in rows { Self.draw(&active[index], distribution.pointee) }
            }
        }
    }

    // MARK: Steps

    /// Feeds the last token of every active row and draws the next ones.
    func step() {
        let all = groups(from: 0)
        // Chunks of whole groups, about as many rows in each.
        let threads = ThreadPool.shared.threadCount
        let wanted = min(Self.chunkRows, max((active.count + threads - 1) / threads, 1))
        var chunks: [Range<Int>] = [], start = 0
        for index in all.indices where all[index].upperBound - all[start].lowerBound >= wanted {
            chunks.append(start..<index + 1)
            start = index + 1
            if start == all.count { break }
        }
        if start < all.count { chunks.append(start..<all.count) }
        for (index, row) in active.enumerated() { rows[index] = decodeRow(row) }
        active.withUnsafeMutableBufferPointer { active in
            let active = active
            share(chunks.count) { chunk, forward, _ in
                let groups = all[chunks[chunk]]
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
            forward.share(count) { thread, offset in
                let index = range.lowerBound + start + offset, distribution = scratch.distributions + thread
                distribution.pointee.load(
                    scratch.logits + offset * c.vocabularySize, said: active[index].history.said)
                Self.draw(&active[index], distribution.pointee)
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

    private static func draw(_ row: inout ActiveRow, _ distribution: TokenDistribution) {
        (row.token, row.logProbability) = distribution.draw(uniform: row.stream.uniformDouble())
        row.count += 1
    }

    /// Hands out the tokens just drawn by the rows from a place on, in their order, and drops the rows that ended.
    /// - Parameters:
    ///   - isStop: whether a token ends its row.
    ///   - bytes: of a token, as text.
    ///   - deliver: told of each token whether it, or the text it completes, ends the row, and whether it is the last.
    func collect(
        from start: Int, isStop: (Int32) -> Bool, bytes: (Int32) -> [UInt8],
        deliver: (_ row: ActiveRow, _ stop: RowStop?, _ isLast: Bool) -> Void
    ) {
        var kept = start
        for index in start..<active.count {
            let saysStop = active[index].history.append(active[index].token, bytes: bytes)
            let row = active[index]
            let stop: RowStop? = isStop(row.token) ? .token : saysStop ? .text : nil
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

    /// What ended a row.
    enum RowStop {
        case token, text
    }

    /// The runs of rows of one group, from a place on.
    private func groups(from start: Int) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var low = start
        while low < active.count {
            var high = low + 1
            while high < active.count, active[high].member === active[low].member { high += 1 }
            groups.append(low..<high)
            low = high
        }
        return groups
    }

    // MARK: Threads

    /// Runs `count` jobs, each with scratch of its own: by as many threads as there are, or, if the jobs are too few,
    /// one after the other with every kernel shared among a team.
    private func share(
        _ count: Int, _ body: (Int, DecodeForward, UnsafeMutablePointer<DecodeKernels.Row>) -> Void
    ) {
        let threads = scratches.count
        if count < threads {
            DecodeTeam.together { team in
                let forward = DecodeForward(model: model, scratch: scratches[0], team: team)
                for job in 0..<count { body(job, forward, rows) }
            }
            return
        }
        let next = Atomic<Int>(0)
        ThreadPool.shared.run(threads) { thread in
            let forward = DecodeForward(model: model, scratch: scratches[thread], team: nil)
            while true {
                let job = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if job >= count { return }
                body(job, forward, rows + thread * Self.chunkRows)
            }
        }
    }
}
