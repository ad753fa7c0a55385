import Randomness

/// Spelling backward: `reverse kovel=` is solved by `levok`.
public struct ReverseTask: DrawnTask {
    public let length: Int
    public let seed: UInt64

    /// - Parameter length: letters of the word, exactly, 2 to 20.
    /// - Throws: `TaskError.outOfRange`.
    public init(length: Int = 5, seed: UInt64 = 0) throws {
        try TaskError.check(length, in: 2...20, "length", task: "reverse")
        self.length = length
        self.seed = seed
    }

    public var name: String { "reverse" }
    public var parameters: [(name: String, value: String)] { [("length", "\(length)"), ("seed", "\(seed)")] }

    func draw(_ index: Int, split: ProblemSplit, stream: inout RandomStream) -> Problem? {
        let letters = (0..<length).map { _ in UInt8(97 + stream.integer(below: 26)) }
        let word = String(decoding: letters, as: UTF8.self)
        let answer = String(word.reversed())
        return Problem(
            index: index, split: split, prompt: "reverse \(word)=",
            question: "Spell \"\(word)\" backward. Answer with the letters only.", answer: answer, solution: answer)
    }

    /// The last run of letters, in lower case.
    public func answer(in text: String, for problem: Problem) -> String? {
        text.split { !$0.isLetter }.last.map { $0.lowercased() }
    }

    /// One letter is replaced with another.
    public func solution(_ problem: Problem, mistakeShare: Double, stream: inout RandomStream) -> String {
        guard stream.uniformDouble() < mistakeShare else { return problem.solution }
        var letters = Array(problem.solution.utf8)
        let place = stream.integer(below: letters.count)
        letters[place] = 97 + (letters[place] - 97 + 1 + UInt8(stream.integer(below: 25))) % 26
        return String(decoding: letters, as: UTF8.self)
    }
}
