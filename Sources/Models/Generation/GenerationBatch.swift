import Interruption
import Randomness
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

    /// Tokens of prompts that are forwarded in one step.
    private static let promptRows = 192

    let model: DecodeModel
    let options: SamplingOptions
    private(set) var active: [ActiveRow] = []
    /// Floats of the caches of the groups that are in the batch.
    private(set) var cacheFloats = 0
    // The rest is here so that a step allocates nothing.
    private let forward: DecodeForward
    private let rows: DecodeStepRows
    /// The runs of rows of one group.
    private let groupRanges: UnsafeMutablePointer<Range<Int>>
    private var advance: () throws -> Void = {}

    /// - Parameters:
    ///   - rows: the most rows at once.
    ///   - tokens: of all prompts.
    ///   - length: the longest text, in tokens.
    /// - Throws: `TensorError` without memory.
    init(_ model: DecodeModel, options: SamplingOptions, rows: Int, tokens: Int, length: Int) throws {
        self.model = model
        self.options = options
        active.reserveCapacity(rows)
        groupRanges = .allocate(capacity: rows)
        let most = max(rows, min(max(tokens, DecodeKernels.blockKeys), Self.promptRows)), team = DecodeTeam()
        self.rows = DecodeStepRows(capacity: most, heads: model.heads)
        let scratch = try DecodeScratch(model, rows: most, length: length, options: options, threads: team.threads)
        forward = DecodeForward(model: model, scratch: scratch, team: team)
        advance = { [unowned self] in try feedAndDraw() }
    }

    deinit { groupRanges.deallocate() }

    // MARK: Prompts

    /// Takes in groups: forwards their prompts, one row each, and draws the first token of every row from what they end
    /// in. Their rows stand behind those that are there.
    /// - Throws: `Interrupted`, and `TensorError` without memory.
    func enter(_ requests: [(index: Int, request: GroupRequest)]) throws {
        let c = model.configuration
        let members = try requests.map { try GroupMember($0.request, index: $0.index, options, c) }
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
        try forward.team.together { [self] in
            try prefill(members)
            drawFirst(members, from: first)
        }
    }

    /// As many tokens a step as there is room for, of one prompt or of several.
    private func prefill(_ members: [GroupMember]) throws {
        let dim = model.configuration.dim
        var place = (member: 0, token: 0)
        while place.member < members.count {
            rows.clear()
            var ends: [(member: GroupMember, row: Int)] = []
            while place.member < members.count, rows.count < rows.capacity {
                let member = members[place.member], prompt = member.request.prompt
                var count = min(prompt.count - place.token, rows.capacity - rows.count)
                // Another step begins with a block of keys.
                if place.token + count < prompt.count { count -= count % DecodeKernels.blockKeys }
                if count == 0 { break }
                rows.append(count) { member.promptRow(place.token + $0, from: place.token) }
                place.token += count
                if place.token == prompt.count {
                    ends.append((member, rows.count - 1))
                    place = (place.member + 1, 0)
                }
            }
            try forward.run(rows.step(rowsSeeEachOther: false))
            for (member, row) in ends { member.promptEnd.update(from: forward.scratch.x + row * dim, count: dim) }
        }
    }

    private func drawFirst(_ members: [GroupMember], from start: Int) {
        let groups = groups(from: start), dim = model.configuration.dim, x = forward.scratch.x
        for first in stride(from: 0, to: members.count, by: DecodeScratch.logitRows) {
            let count = min(DecodeScratch.logitRows, members.count - first)
            for (row, member) in members[first..<first + count].enumerated() {
                (x + row * dim).update(from: member.promptEnd, count: dim)
            }
            forward.logits(of: x, count: count)
            draw(UnsafeBufferPointer(rebasing: groups[first..<first + count]))
        }
    }

    // MARK: Steps

    /// Feeds the last token of every active row and draws the next ones. Nothing is allocated.
    /// - Throws: `Interrupted`; the rows are then as they were.
    func step() throws { try forward.team.together(advance) }

    private func feedAndDraw() throws {
        rows.clear()
        for group in groups(from: 0) {
            rows.append(group.count) { decodeRow(active[group.lowerBound + $0]) }
        }
        try forward.run(rows.step(rowsSeeEachOther: true))
        let x = forward.scratch.x, dim = model.configuration.dim
        for start in stride(from: 0, to: active.count, by: DecodeScratch.logitRows) {
            let count = min(DecodeScratch.logitRows, active.count - start)
            forward.logits(of: x + start * dim, count: count)
            for row in 0..<count { groupRanges[row] = start + row..<start + row + 1 }
            draw(UnsafeBufferPointer(start: groupRanges, count: count))
        }
    }

    /// Draws tokens from `scratch.logits`: of each run of rows from the next scores.
    private func draw(_ runs: UnsafeBufferPointer<Range<Int>>) {
        active.withUnsafeMutableBufferPointer { active in
            let work = DrawWork(
                runs: runs, active: active, scratch: forward.scratch,
                vocabularySize: model.configuration.vocabularySize)
            forward.team.run(runs.count, work)
        }
    }

    /// The tokens of rows that have the same scores.
    private struct DrawWork: SharedWork {
        let runs: UnsafeBufferPointer<Range<Int>>
        let active: UnsafeMutableBufferPointer<ActiveRow>
        let scratch: DecodeScratch
        let vocabularySize: Int

        func perform(_ piece: Int, thread: Int) {
            let rows = runs[piece], distribution = scratch.distributions + thread
            distribution.pointee.load(
                scratch.logits + piece * vocabularySize, said: active[rows.lowerBound].history.said)
            for row in rows { GenerationBatch.draw(&active[row], distribution) }
        }
    }

    private func decodeRow(_ row: ActiveRow) -> DecodeKernels.Row {
        row.member.tailRow(row.row, place: row.count - 1, token: row.token)
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
    /// - Throws: `ModelError` where a row's scores were not numbers, and what `deliver` throws; the batch is then of no
    ///   more use.
    func collect(
        from start: Int, stops: Set<Int32>, tokenizer: any Tokenizer,
        deliver: (_ row: ActiveRow, _ stop: RowStop?, _ isLast: Bool) throws -> Void
    ) throws {
        var kept = start
        for index in start..<active.count {
            guard active[index].isSound else { throw unsound(active[index]) }
            let saysStop = active[index].history.append(active[index].token, tokenizer)
            let row = active[index]
            let stop: RowStop? = stops.contains(row.token) ? .token : saysStop ? .text : nil
            let ends = stop != nil || row.count >= row.member.limit
            try deliver(row, stop, ends)
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
}
