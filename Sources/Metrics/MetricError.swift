/// Numbers that no metric is defined for. The message names the metric, the value and what is allowed.
public struct MetricError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }

    static func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw MetricError(message()) }
    }

    /// The counts that every subset metric starts from.
    static func checkCounts(_ metric: String, n: Int, c: Int, k: Int) throws {
        try require(n >= 1, "\(metric): n is \(n), but must be at least 1")
        try require((0...n).contains(c), "\(metric): c is \(c), but must be 0 to n = \(n)")
        try require((1...n).contains(k), "\(metric): k is \(k), but must be 1 to n = \(n)")
    }
}
