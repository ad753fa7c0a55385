/// What went wrong in training, sampling or evaluation: what, where, and what is allowed or to be done.
public struct TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
    public let message: String

    public init(_ message: String) { self.message = message }

    public var description: String { message }

    static func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw TrainingError(message()) }
    }

    static func positive(_ value: Int, _ name: String) throws {
        try require(value >= 1, "\(name) is \(value), but must be 1 or more")
    }

    /// Upper limits keep sums and products of sizes far from overflow, and refuse at once what would never end.
    static func check(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws {
        if value < range.lowerBound, range.lowerBound == 1 { try positive(value, name) }
        try require(
            range.contains(value), "\(name) is \(value), but must be \(range.lowerBound) to \(range.upperBound)")
    }

    static func positive(_ value: Double, _ name: String) throws {
        try require(value > 0 && value.isFinite, "\(name) is \(value), but must be above 0")
    }

    static func notNegative(_ value: Double, _ name: String) throws {
        try require(value >= 0 && value.isFinite, "\(name) is \(value), but must be 0 or more")
    }
}
