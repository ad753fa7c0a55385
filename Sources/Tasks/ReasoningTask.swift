import Randomness

/// A verifiable task: makes problems from a seed and checks an answer strictly, right or wrong.
///
/// A problem depends on the seed, its index and its split only, never on how many were made before. Training and
/// held-out problems are disjoint by content.
public protocol ReasoningTask {
    /// `sums`, `products`, ...
    var name: String { get }

    /// What the task was made with, for the record, in order.
    var parameters: [(name: String, value: String)] { get }

    /// The problem with this index, counted from 0.
    /// - Throws: `TaskError` for a negative index, or where the task has no such problem.
    func problem(_ index: Int, split: ProblemSplit) throws -> Problem

    /// The answer that a completion gives, in a form in which equal answers are equal strings (so that they can be
    /// voted on); nil where it gives none.
    func answer(in text: String, for problem: Problem) throws -> String?

    /// Whether the completion's answer is right. `text` ends where the stop token was.
    func verify(_ problem: Problem, _ text: String) throws -> Bool

    /// Worked steps that hold a mistake with probability `mistakeShare` (0 to 1), so that their answer is wrong; the
    /// right solution otherwise. Bases trained on such traces have a latent skill that reinforcement can sharpen.
    func solution(_ problem: Problem, mistakeShare: Double, stream: inout RandomStream) -> String
}

extension ReasoningTask {
    public func verify(_ problem: Problem, _ text: String) throws -> Bool {
        try answer(in: text, for: problem) == problem.answer
    }

    /// One digit of the solution's last number is replaced with another.
    public func solution(_ problem: Problem, mistakeShare: Double, stream: inout RandomStream) -> String {
        guard stream.uniformDouble() < mistakeShare else { return problem.solution }
        var bytes = Array(problem.solution.utf8)
        guard let end = bytes.lastIndex(where: { $0.isASCIIDigit }) else { return problem.solution }
        var start = end
        while start > 0, bytes[start - 1].isASCIIDigit { start -= 1 }
        let place = start + stream.integer(below: end - start + 1)
        let digit = (Int(bytes[place] - 48) + 1 + stream.integer(below: 9)) % 10
        bytes[place] = UInt8(48 + digit)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same, with the randomness named by a seed, the problem and the number of the copy.
    public func solution(_ problem: Problem, mistakeShare: Double, seed: UInt64, copy: Int = 0) -> String {
        var stream = RandomStream(seed: seed, purpose: .data, problem.index, -1, copy)
        return solution(problem, mistakeShare: mistakeShare, stream: &stream)
    }
}

/// Tasks whose problems are drawn from random streams: what they share is the search for a draw of the right split.
protocol DrawnTask: ReasoningTask, Sendable {
    var seed: UInt64 { get }
    /// One draw; the split in it is filled in from `split`.
    func draw(_ index: Int, split: ProblemSplit, stream: inout RandomStream) -> Problem?
}

extension DrawnTask {
    /// Attempts before the space of problems is called too small. A quarter is held out, so that even a space in which
    /// a hundredth of the draws are problems is left unfound with a probability below 1e-4.
    static var attemptLimit: Int { 4096 }

    public func problem(_ index: Int, split: ProblemSplit) throws -> Problem {
        guard index >= 0 else { throw TaskError.negativeIndex(task: name, index: index) }
        for attempt in 0..<Self.attemptLimit {
            var stream = RandomStream(seed: seed, purpose: .data, index, attempt)
            guard let problem = draw(index, split: split, stream: &stream) else { continue }
            if ContentHash.split(of: problem.prompt) == split { return problem }
        }
        throw TaskError.spaceTooSmall(task: name, split: split, attempts: Self.attemptLimit)
    }
}
