import Interruption
import Models
import Tasks

/// Which problems, and how many rows for each.
public struct SampleShape: Equatable, Sendable {
    /// Problems, 1 or more.
    public var problems: Int
    /// The first one's index.
    public var first: Int
    public var split: ProblemSplit
    /// Rows of a group, which see each other.
    public var width: Int
    /// Groups of a problem, which do not.
    public var groups: Int

    public init(
        problems: Int, first: Int = 0, split: ProblemSplit = .training, width: Int = 8, groups: Int = 1
    ) {
        self.problems = problems
        self.first = first
        self.split = split
        self.width = width
        self.groups = groups
    }

    func validate() throws {
        try TrainingError.check(problems, in: 1...1 << 24, "problems")
        try TrainingError.check(first, in: 0...1 << 40, "first")
        try TrainingError.check(width, in: 1...4096, "width")
        try TrainingError.check(groups, in: 1...4096, "groups")
    }
}

/// Samples and verifies completions. The draws are named by the options' seed, the problem's index, the group, the row
/// and the step: the same call gives the same bytes.
/// - Parameters:
///   - onProgress: problems done, of all.
///   - onInterruption: given the problems that are done, if there are some, when an interruption ends the work.
/// - Throws: `TrainingError` for a bad shape, `ModelError`, `TaskError`, `Interrupted`.
public func sample(
    _ model: LanguageModel, _ task: any ReasoningTask, _ shape: SampleShape, options: SamplingOptions,
    onProgress: ((_ done: Int, _ all: Int) -> Void)? = nil, onInterruption: ((Groups) -> Void)? = nil
) throws -> Groups {
    try shape.validate()
    // Pieces of about 512 rows, so that there is progress to show.
    let piece = max(1, 512 / (shape.width * shape.groups))
    var done: [ProblemGroups] = []
    do {
        while done.count < shape.problems {
            try Interruption.check()
            let first = shape.first + done.count
            let problems = try (first..<first + min(piece, shape.problems - done.count)).map {
                try task.problem($0, split: shape.split)
            }
            done += try answer(problems, model, task, width: shape.width, groups: shape.groups, options: options)
            onProgress?(done.count, shape.problems)
        }
    } catch let interruption as Interrupted {
        if !done.isEmpty { onInterruption?(Groups(width: shape.width, problems: done, options: options)) }
        throw interruption
    }
    return Groups(width: shape.width, problems: done, options: options)
}

/// Completions of the given problems, verified.
func answer(
    _ problems: [Problem], _ model: LanguageModel, _ task: any ReasoningTask, width: Int, groups: Int,
    options: SamplingOptions
) throws -> [ProblemGroups] {
    let prompts = try problems.map { try model.promptTokens($0) }
    var requests: [GroupRequest] = []
    for (problem, prompt) in zip(problems, prompts) {
        for group in 0..<groups {
            requests.append(GroupRequest(prompt: prompt, width: width, problem: problem.index, group: group))
        }
    }
    let sampled = try model.generate(requests, options: options)
    return try problems.enumerated().map { i, problem in
        let own = sampled[i * groups..<(i + 1) * groups]
        return ProblemGroups(
            problem: problem, prompt: prompts[i],
            groups: try own.map { group in
                try group.rows.map { try verified($0, problem, task, model.tokenizer, options) }
            })
    }
}

private func verified(
    _ row: SampledRow, _ problem: Problem, _ task: any ReasoningTask, _ tokenizer: any Tokenizer,
    _ options: SamplingOptions
) throws -> AnsweredRow {
    let text = row.text(tokenizer, options)
    return AnsweredRow(
        text: text, tokens: row.tokens, logProbabilities: row.logProbabilities, finished: row.finished,
        reward: try task.verify(problem, text) ? 1 : 0, answer: try task.answer(in: text, for: problem))
}
