/// A task of a user's own making.
///
/// Of every four numbers given to `make` the fourth makes a held-out problem: the splits are disjoint by number. That
/// they are by content is up to `make`, which should give every number another problem.
public struct CustomTask: ReasoningTask {
    public let name: String
    public let parameters: [(name: String, value: String)]
    private let make: (Int) throws -> Content
    private let check: ((Problem, String) throws -> Bool)?

    /// What `make` gives for a number.
    public struct Content: Sendable, Equatable {
        public let prompt: String
        /// For chat models; the prompt if not given.
        public let question: String?
        public let answer: String
        /// The answer if not given.
        public let solution: String?

        public init(prompt: String, question: String? = nil, answer: String, solution: String? = nil) {
            self.prompt = prompt
            self.question = question
            self.answer = answer
            self.solution = solution
        }
    }

    /// - Parameters:
    ///   - make: the problem of a number from 0 on; must give the same for the same number.
    ///   - verify: whether a completion is right; nil to compare the answer, as a number where it is one.
    public init(
        name: String = "custom", parameters: [(name: String, value: String)] = [],
        make: @escaping (Int) throws -> Content, verify: ((Problem, String) throws -> Bool)? = nil
    ) {
        self.name = name
        self.parameters = parameters
        self.make = make
        check = verify
    }

    public func problem(_ index: Int, split: ProblemSplit) throws -> Problem {
        guard index >= 0, index < Int.max / 4 else { throw TaskError.negativeIndex(task: name, index: index) }
        let content = try make(split == .heldOut ? 4 * index + 3 : index / 3 * 4 + index % 3)
        return Problem(
            index: index, split: split, prompt: content.prompt, question: content.question ?? content.prompt,
            answer: content.answer, solution: content.solution ?? content.answer)
    }

    /// The last number where the right answer is a number, else the text without blanks at its ends.
    public func answer(in text: String, for problem: Problem) -> String? {
        if NumberReading.canonical(problem.answer) != nil { return NumberReading.last(in: text) }
        let trimmed = CustomTask.trimmed(text)
        return trimmed.isEmpty ? nil : trimmed
    }

    public func verify(_ problem: Problem, _ text: String) throws -> Bool {
        if let check { return try check(problem, text) }
        let right = NumberReading.canonical(problem.answer) ?? CustomTask.trimmed(problem.answer)
        return answer(in: text, for: problem) == right
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.prefix(start.count - start.reversed().prefix(while: \.isWhitespace).count))
    }
}
