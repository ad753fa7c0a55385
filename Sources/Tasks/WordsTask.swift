import Randomness

/// One-step word problems over small numbers: "Ann has 5 apples and buys 3 more. How many apples does Ann have now?"
public struct WordsTask: DrawnTask {
    public let digits: Int
    public let seed: UInt64

    /// - Parameter digits: digits of the numbers, exactly, 1 to 3.
    /// - Throws: `TaskError.outOfRange`.
    public init(digits: Int = 1, seed: UInt64 = 0) throws {
        try TaskError.check(digits, in: 1...3, "digits", task: "words")
        self.digits = digits
        self.seed = seed
    }

    public var name: String { "words" }
    public var parameters: [(name: String, value: String)] { [("digits", "\(digits)"), ("seed", "\(seed)")] }

    static let people = ["Ann", "Ben", "Carla", "David", "Emma", "Farid", "Grace", "Hugo", "Ines", "Jonas"]
    static let things = ["apples", "books", "coins", "pencils", "marbles", "stamps", "shells", "cards"]

    func draw(_ index: Int, split: ProblemSplit, stream: inout RandomStream) -> Problem? {
        let person = Self.people[stream.integer(below: Self.people.count)]
        let thing = Self.things[stream.integer(below: Self.things.count)]
        let a = stream.number(digits: digits), b = stream.number(digits: digits)
        let (large, small) = (max(a, b), min(a, b))
        let story: (text: String, work: String, answer: Int)
        switch stream.integer(below: 4) {
        case 0:
            story = ("\(person) has \(a) \(thing) and buys \(b) more. How many \(thing) does \(person) have now?",
                "\(a)+\(b)", a + b)
        case 1:
            story = ("\(person) has \(large) \(thing) and gives away \(small). How many \(thing) are left?",
                "\(large)-\(small)", large - small)
        case 2:
            story = ("\(person) has \(a) bags with \(b) \(thing) each. How many \(thing) are there in all?",
                "\(a)*\(b)", a * b)
        default:
            story = ("\(person) shares \(a * b) \(thing) evenly among \(a) friends. How many \(thing) does each get?",
                "\(a * b)/\(a)", b)
        }
        return Problem(
            index: index, split: split, prompt: "\(story.text)\n",
            question: "\(story.text) Answer with the number only.", answer: "\(story.answer)",
            solution: "\(story.work)=\(story.answer)", numbers: [a, b])
    }

    public func answer(in text: String, for problem: Problem) -> String? { NumberReading.last(in: text) }
}
