import Randomness

/// Products with the partial products written out: `34*27=` is solved by `0238+0680>0918`.
public struct ProductsTask: DrawnTask {
    public let digits: Int
    public let otherDigits: Int
    public let seed: UInt64

    /// - Parameters:
    ///   - digits: digits of the first factor, exactly, 1 to 6.
    ///   - otherDigits: digits of the second, 1 to 6; as many as the first if not given.
    /// - Throws: `TaskError.outOfRange`.
    public init(digits: Int = 1, otherDigits: Int? = nil, seed: UInt64 = 0) throws {
        try TaskError.check(digits, in: 1...6, "digits", task: "products")
        try TaskError.check(otherDigits ?? digits, in: 1...6, "other", task: "products")
        self.digits = digits
        self.otherDigits = otherDigits ?? digits
        self.seed = seed
    }

    public var name: String { "products" }
    public var parameters: [(name: String, value: String)] {
        [("digits", "\(digits)"), ("other", "\(otherDigits)"), ("seed", "\(seed)")]
    }

    func draw(_ index: Int, split: ProblemSplit, stream: inout RandomStream) -> Problem? {
        let a = stream.number(digits: digits), b = stream.number(digits: otherDigits)
        let width = digits + otherDigits
        let partial = (0..<otherDigits).map { place in
            padded(a * (b / powerOfTen(place) % 10) * powerOfTen(place), width: width)
        }
        let total = padded(a * b, width: width)
        return Problem(
            index: index, split: split, prompt: "\(a)*\(b)=",
            question: "What is \(a) times \(b)? Answer with the number only.", answer: "\(a * b)",
            solution: otherDigits == 1 ? total : partial.joined(separator: "+") + ">" + total, numbers: [a, b])
    }

    public func answer(in text: String, for problem: Problem) -> String? { NumberReading.last(in: text) }
}
