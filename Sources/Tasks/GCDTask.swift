import Randomness

/// Greatest common divisors with Euclid's remainders as worked steps: `gcd(48,18)=` is solved by `12>06>00>06`.
public struct GCDTask: DrawnTask {
    public let digits: Int
    public let seed: UInt64

    /// - Parameter digits: digits of the two numbers, exactly, 1 to 6.
    /// - Throws: `TaskError.outOfRange`.
    public init(digits: Int = 2, seed: UInt64 = 0) throws {
        try TaskError.check(digits, in: 1...6, "digits", task: "gcd")
        self.digits = digits
        self.seed = seed
    }

    public var name: String { "gcd" }
    public var parameters: [(name: String, value: String)] { [("digits", "\(digits)"), ("seed", "\(seed)")] }

    func draw(_ index: Int, split: ProblemSplit, stream: inout RandomStream) -> Problem? {
        // A shared factor of up to 9, so that the answer is not 1 most of the time.
        let factor = 1 + stream.integer(below: 9)
        let a = stream.number(digits: digits) / factor * factor, b = stream.number(digits: digits) / factor * factor
        guard a >= powerOfTen(digits - 1), b >= powerOfTen(digits - 1) else { return nil }
        var steps: [String] = []
        var (x, y) = (a, b)
        while y != 0 {
            (x, y) = (y, x % y)
            steps.append(padded(y, width: digits))
        }
        steps.append(padded(x, width: digits))
        return Problem(
            index: index, split: split, prompt: "gcd(\(a),\(b))=",
            question: "What is the greatest common divisor of \(a) and \(b)? Answer with the number only.",
            answer: "\(x)", solution: steps.joined(separator: ">"), numbers: [a, b])
    }

    public func answer(in text: String, for problem: Problem) -> String? { NumberReading.last(in: text) }
}
