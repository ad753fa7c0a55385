import Metrics
import Models
import Tasks

/// One completion, verified.
public struct AnsweredRow: Sendable, Equatable {
    /// The completion up to the stop token.
    public let text: String
    /// The completion's tokens; the last one is the stop token if the row finished.
    public let tokens: [Int32]
    /// Of each token under the distribution it was drawn from.
    public let logProbabilities: [Float]
    /// Whether a stop token came.
    public let finished: Bool
    /// 1 for a right answer, else 0.
    public let reward: Double
    /// What it answered, or nil.
    public let answer: String?

    public init(
        text: String, tokens: [Int32], logProbabilities: [Float], finished: Bool, reward: Double, answer: String?
    ) {
        self.text = text
        self.tokens = tokens
        self.logProbabilities = logProbabilities
        self.finished = finished
        self.reward = reward
        self.answer = answer
    }

    public var isCorrect: Bool { reward > 0 }
}

/// The groups sampled for one problem.
public struct ProblemGroups: Sendable {
    public let problem: Problem
    /// The prompt's tokens.
    public let prompt: [Int32]
    /// Groups of rows.
    public let groups: [[AnsweredRow]]

    public init(problem: Problem, prompt: [Int32], groups: [[AnsweredRow]]) {
        self.problem = problem
        self.prompt = prompt
        self.groups = groups
    }

    public var index: Int { problem.index }
    public var rows: [AnsweredRow] { groups.flatMap { $0 } }

    /// For each group, the rewards of its rows.
    var rewards: [[Double]] { groups.map { $0.map(\.reward) } }
}

/// Sampled groups with rewards.
public struct Groups: Sendable {
    /// Rows of a group.
    public let width: Int
    public let problems: [ProblemGroups]
    /// How many problems from the first on have all their rows to the end: all, unless sampling was interrupted.
    public let whole: Int
    /// How the tokens were drawn.
    public let options: SamplingOptions

    /// - Parameter whole: nil for all problems.
    public init(width: Int, problems: [ProblemGroups], whole: Int? = nil, options: SamplingOptions) {
        self.width = width
        self.problems = problems
        self.whole = whole ?? problems.count
        self.options = options
    }

    /// All rows: problem by problem, group by group.
    public var rows: [AnsweredRow] { problems.flatMap(\.rows) }

    /// The counts of correct rows that metrics are made of.
    public func counts() throws -> GroupCounts {
        try GroupCounts(width: width, problems: problems.map { $0.groups.map { $0.count(where: \.isCorrect) } })
    }

    /// A number for each problem and group.
    public func map(_ metric: (_ rows: [AnsweredRow]) throws -> Double) rethrows -> [[Double]] {
        try problems.map { try $0.groups.map(metric) }
    }

    public var accuracy: Double { mean { $0.reward } }
    /// Tokens of a completion, the stop token included.
    public var meanLength: Double { mean { Double($0.tokens.count) } }
    public var finishedShare: Double { mean { $0.finished ? 1 : 0 } }

    private func mean(_ value: (AnsweredRow) -> Double) -> Double {
        let rows = rows
        return rows.isEmpty ? .nan : rows.reduce(0) { $0 + value($1) } / Double(rows.count)
    }
}
