/// What can go wrong when a task is made or asked for a problem. Every message says what, where and what is allowed.
public enum TaskError: Error, Equatable, CustomStringConvertible {
    /// A parameter is outside its range.
    case outOfRange(task: String, parameter: String, value: String, allowed: String)
    /// No problem of the split was found in a bounded number of attempts.
    case spaceTooSmall(task: String, split: ProblemSplit, attempts: Int)
    /// An index below zero.
    case negativeIndex(task: String, index: Int)
    /// A file that cannot be read or has no problem of the split.
    case file(path: String, reason: String)
    /// A line of a file that is not a problem. Lines count from 1.
    case line(path: String, line: Int, reason: String)

    public var description: String {
        switch self {
        case .outOfRange(let task, let parameter, let value, let allowed):
            return "\(task): `\(parameter)` is \(value), but must be \(allowed)"
        case .spaceTooSmall(let task, let split, let attempts):
            return "\(task): no \(split.label) problem found in \(attempts) attempts; "
                + "the parameters leave too few different problems, so make the numbers longer or more"
        case .negativeIndex(let task, let index):
            return "\(task): problem \(index) does not exist; problems count from 0"
        case .file(let path, let reason): return "\(path): \(reason)"
        case .line(let path, let line, let reason): return "\(path):\(line): \(reason)"
        }
    }

    /// Throws `outOfRange` unless `value` lies in `range`.
    static func check(_ value: Int, in range: ClosedRange<Int>, _ parameter: String, task: String) throws {
        guard !range.contains(value) else { return }
        throw TaskError.outOfRange(
            task: task, parameter: parameter, value: "\(value)",
            allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
}
