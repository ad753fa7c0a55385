import Randomness

/// Sorting numbers: `sort 47,12,85=` is solved by `12,47,85`.
public struct SortTask: DrawnTask {
    public let count: Int
    public let digits: Int
    public let seed: UInt64

    /// - Parameters:
    ///   - count: numbers to sort, 2 to 20.
    ///   - digits: digits of each, exactly, 1 to 6.
    /// - Throws: `TaskError.outOfRange`.
    public init(count: Int = 4, digits: Int = 2, seed: UInt64 = 0) throws {
        try TaskError.check(count, in: 2...20, "count", task: "sort")
        try TaskError.check(digits, in: 1...6, "digits", task: "sort")
        self.count = count
        self.digits = digits
        self.seed = seed
    }

    public var name: String { "sort" }
    public var parameters: [(name: String, value: String)] {
        [("count", "\(count)"), ("digits", "\(digits)"), ("seed", "\(seed)")]
    }

    func draw(_ index: Int, split: ProblemSplit, stream: inout RandomStream) -> Problem? {
        let numbers = (0..<count).map { _ in stream.number(digits: digits) }
        let given = numbers.map(String.init).joined(separator: ",")
        let answer = numbers.sorted().map(String.init).joined(separator: ",")
        return Problem(
            index: index, split: split, prompt: "sort \(given)=",
            question: "Sort these numbers from small to large: \(given). Answer with the list only.",
            answer: answer, solution: answer, numbers: numbers)
    }

    /// The last list of numbers in the text: digits with commas, and blanks after the commas, between them.
    public func answer(in text: String, for problem: Problem) -> String? {
        let allowed = text.utf8.split(whereSeparator: { !($0.isASCIIDigit || $0 == 44 || $0 == 32) })
        guard let run = allowed.last(where: { $0.contains(where: \.isASCIIDigit) }) else { return nil }
        let elements = run.split(separator: 44, omittingEmptySubsequences: false).map { element in
            String(decoding: element, as: UTF8.self).split(separator: " ")
        }
        guard elements.allSatisfy({ $0.count == 1 }) else { return nil }
        let numbers = elements.compactMap { Int($0[0]) }
        guard numbers.count == elements.count else { return nil }
        return numbers.map(String.init).joined(separator: ",")
    }
}
