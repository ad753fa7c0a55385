/// Which of the two disjoint sets of problems.
public enum ProblemSplit: String, Sendable, Hashable, CaseIterable {
    case training, heldOut

    /// For messages.
    public var label: String { self == .training ? "training" : "held-out" }
}

/// One problem of a task: what a model sees, and what its answer is checked against.
public struct Problem: Sendable, Hashable {
    /// Counts from 0 within the split.
    public let index: Int
    public let split: ProblemSplit
    /// For a model without a chat template: the text that the completion goes on from, such as `47+85+13=`.
    public let prompt: String
    /// For a chat model: the user's message.
    public let question: String
    /// The right answer in plain form, `145`.
    public let answer: String
    /// Worked steps that end in the answer, in the form that a small model is taught, `132>145`.
    public let solution: String
    /// The numbers that the problem is made of, for verifiers that must know them.
    public let numbers: [Int]

    public init(
        index: Int, split: ProblemSplit, prompt: String, question: String, answer: String, solution: String,
        numbers: [Int] = []
    ) {
        self.index = index
        self.split = split
        self.prompt = prompt
        self.question = question
        self.answer = answer
        self.solution = solution
        self.numbers = numbers
    }
}
