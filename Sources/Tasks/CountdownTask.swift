import Randomness

/// Countdown: reach a target with + - * / and brackets, using every given number exactly once. `3,7,12>57:` is solved
/// by `(12+7)*3`, and by every other expression that a strict parser finds to use those numbers and to have that value.
public struct CountdownTask: DrawnTask {
    public let count: Int
    public let largest: Int
    public let seed: UInt64

    /// - Parameters:
    ///   - count: numbers given, 2 to 6.
    ///   - largest: the largest of them possible, 3 to 99.
    /// - Throws: `TaskError.outOfRange`.
    public init(count: Int = 3, largest: Int = 12, seed: UInt64 = 0) throws {
        try TaskError.check(count, in: 2...6, "count", task: "countdown")
        try TaskError.check(largest, in: 3...99, "largest", task: "countdown")
        self.count = count
        self.largest = largest
        self.seed = seed
    }

    public var name: String { "countdown" }
    public var parameters: [(name: String, value: String)] {
        [("count", "\(count)"), ("largest", "\(largest)"), ("seed", "\(seed)")]
    }

    func draw(_ index: Int, split: ProblemSplit, stream: inout RandomStream) -> Problem? {
        let numbers = (0..<count).map { _ in 1 + stream.integer(below: largest) }
        // The solution is built from left to right, so that one always exists.
        var text = "\(numbers[0])"
        var value = numbers[0]
        for (i, number) in numbers.dropFirst().enumerated() {
            let open = i > 0 ? "(\(text))" : text
            switch stream.integer(below: 4) {
            case 0: (text, value) = ("\(open)+\(number)", value + number)
            case 1: (text, value) = ("\(open)-\(number)", value - number)
            case 2: (text, value) = ("\(open)*\(number)", value * number)
            default:
                guard value % number == 0 else { return nil }
                (text, value) = ("\(open)/\(number)", value / number)
            }
        }
        guard (1...999).contains(value) else { return nil }
        return problem(index, split: split, numbers: numbers, target: value, solution: text, stream: &stream)
    }

    private func problem(
        _ index: Int, split: ProblemSplit, numbers: [Int], target: Int, solution: String, stream: inout RandomStream
    ) -> Problem {
        var shown = numbers
        shown.shuffle(using: &stream)
        let list = shown.map(String.init).joined(separator: ",")
        return Problem(
            index: index, split: split, prompt: "\(list)>\(target):",
            question: "Use the numbers \(list), each exactly once, with + - * / and brackets, to make \(target). "
                + "Answer with the expression only.",
            answer: "\(target)", solution: solution, numbers: shown)
    }

    /// The expression itself, without blanks: the last line, up to an `=`.
    public func answer(in text: String, for problem: Problem) -> String? {
        guard let line = text.split(whereSeparator: \.isNewline).last else { return nil }
        let expression = String(line.prefix { $0 != "=" }.filter { $0 != " " })
        return expression.isEmpty ? nil : expression
    }

    /// Whether the expression has the target's value and uses the multiset of given numbers.
    public func verify(_ problem: Problem, _ text: String) -> Bool {
        guard let line = text.split(whereSeparator: \.isNewline).last,
            let target = Int(problem.answer),
            let parsed = ArithmeticExpression.parse(String(line.prefix { $0 != "=" }))
        else { return false }
        return parsed.value == Rational(target) && parsed.numbers.sorted() == problem.numbers.sorted()
    }

    /// A mistaken solution has one operator replaced so that the value is wrong; the right one where none can be.
    public func solution(_ problem: Problem, mistakeShare: Double, stream: inout RandomStream) -> String {
        guard stream.uniformDouble() < mistakeShare else { return problem.solution }
        let bytes = Array(problem.solution.utf8)
        var wrong: [String] = []
        for (i, byte) in bytes.enumerated() where "+-*/".utf8.contains(byte) {
            for other in "+-*/".utf8 where other != byte {
                var changed = bytes
                changed[i] = other
                let text = String(decoding: changed, as: UTF8.self)
                if !verify(problem, text) { wrong.append(text) }
            }
        }
        return wrong.isEmpty ? problem.solution : wrong[stream.integer(below: wrong.count)]
    }
}
