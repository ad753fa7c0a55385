import Randomness

/// Chained sums with running totals as worked steps: `47+85+13=` is solved by `132>145`.
public struct SumsTask: DrawnTask {
    public let terms: Int
    public let digits: Int
    public let seed: UInt64

    /// - Parameters:
    ///   - terms: numbers to add, 2 to 20.
    ///   - digits: digits of each number, exactly, 1 to 6.
    /// - Throws: `TaskError.outOfRange`.
    public init(terms: Int = 3, digits: Int = 1, seed: UInt64 = 0) throws {
        try TaskError.check(terms, in: 2...20, "terms", task: "sums")
        try TaskError.check(digits, in: 1...6, "digits", task: "sums")
        self.terms = terms
        self.digits = digits
        self.seed = seed
    }

    public var name: String { "sums" }
    public var parameters: [(name: String, value: String)] {
        [("terms", "\(terms)"), ("digits", "\(digits)"), ("seed", "\(seed)")]
    }

    /// Digits of a running total in a worked step, the same for all: one more than the numbers', or what the largest
    /// possible total needs.
    public var stepWidth: Int { max(digits + 1, String(terms * (powerOfTen(digits) - 1)).count) }

    func draw(_ index: Int, split: ProblemSplit, stream: inout RandomStream) -> Problem? {
        let numbers = (0..<terms).map { _ in stream.number(digits: digits) }
        return Problem(
            index: index, split: split,
            prompt: numbers.map(String.init).joined(separator: "+") + "=",
            question: "What is \(numbers.map(String.init).joined(separator: " + "))? Answer with the number only.",
            answer: "\(numbers.reduce(0, +))",
            solution: steps(totals(of: numbers)), numbers: numbers)
    }

    public func answer(in text: String, for problem: Problem) -> String? { NumberReading.last(in: text) }

    /// With probability `mistakeShare` one step, chosen evenly, has one digit replaced, and the later totals go on from
    /// the wrong one; totals keep their fixed width.
    public func solution(_ problem: Problem, mistakeShare: Double, stream: inout RandomStream) -> String {
        guard stream.uniformDouble() < mistakeShare else { return problem.solution }
        var totals = totals(of: problem.numbers)
        let step = stream.integer(below: totals.count)
        let wrong = mistakes(totals[step], rest: totals[totals.count - 1] - totals[step])
        let change = wrong[stream.integer(below: wrong.count)] - totals[step]
        for i in step..<totals.count { totals[i] += change }
        return steps(totals)
    }

    /// All totals that differ in one digit and leave the later totals within the width. Never empty: a total is above
    /// zero, and making one of its digits smaller is always possible.
    private func mistakes(_ total: Int, rest: Int) -> [Int] {
        let limit = powerOfTen(stepWidth)
        var found: [Int] = []
        for place in 0..<stepWidth {
            let unit = powerOfTen(place)
            let digit = total / unit % 10
            for other in 0..<10 where other != digit && total + (other - digit) * unit + rest < limit {
                found.append(total + (other - digit) * unit)
            }
        }
        return found
    }

    /// The totals after the second, third, ... number.
    private func totals(of numbers: [Int]) -> [Int] {
        var total = numbers[0]
        return numbers.dropFirst().map { number in
            total += number
            return total
        }
    }

    private func steps(_ totals: [Int]) -> String {
        totals.map { padded($0, width: stepWidth) }.joined(separator: ">")
    }
}
