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

/// How far sampling has got.
public struct SamplingProgress {
    /// Problems that are done.
    public let problems: Int
    /// Tokens of all problems.
    public let tokens: Int
    /// The share of all tokens that are there, if those of the problems done are like the rest; nil before one is done.
    /// Many problems are sampled at once, so that it runs ahead of their number.
    public let share: Double?

    /// - Parameter tokensOfDone: tokens of the problems that are done.
    init(problems: Int, of all: Int, tokens: Int, tokensOfDone: Int) {
        (self.problems, self.tokens) = (problems, tokens)
        let expected = Double(tokensOfDone) / Double(problems) * Double(all)
        share = problems > 0 ? min(Double(tokens) / expected, 1) : nil
    }
}

/// Samples and verifies completions. The draws are named by the options' seed, the problem's index, the group, the row
/// and the step: the same call gives the same bytes.
/// - Parameters:
///   - onProgress: told now and then how far it has got.
///   - onInterruption: given what has been produced, if anything has, when an interruption ends the work.
/// - Throws: `TrainingError` for a bad shape, `ModelError`, `TaskError`, `Interrupted`.
public func sample(
    _ model: LanguageModel, _ task: any ReasoningTask, _ shape: SampleShape, options: SamplingOptions,
    onProgress: ((SamplingProgress) -> Void)? = nil, onInterruption: ((Groups) -> Void)? = nil
) throws -> Groups {
    try shape.validate()
    // Problems are made, and room for their rows is taken, a piece at a time: a call may ask for millions.
    let piece = max(1, (1 << 14) / (shape.width * shape.groups))
    var done: [ProblemGroups] = [], tokens = 0, latest = 0
    var sampler: ProblemSampler?
    do {
        while done.count < shape.problems {
            let first = shape.first + done.count
            let problems = try (first..<first + min(piece, shape.problems - done.count)).map { index in
                try Interruption.check()
                return try task.problem(index, split: shape.split)
            }
            let present = try ProblemSampler(
                problems, model, task, width: shape.width, groups: shape.groups, options: options)
            sampler = present
            done += try present.run { [before = done.count, tokens] in
                latest = tokens + $1
                onProgress?(
                    SamplingProgress(
                        problems: before + $0, of: shape.problems, tokens: latest, tokensOfDone: tokens + $2))
            }
            (sampler, tokens) = (nil, latest)
        }
    } catch let interruption as Interrupted {
        let (begun, whole) = sampler?.begun() ?? ([], 0)
        let left = Groups(
            width: shape.width, problems: done + begun, whole: done.count + whole, options: options)
        if !left.problems.isEmpty { onInterruption?(left) }
        throw interruption
    }
    return Groups(width: shape.width, problems: done, options: options)
}
