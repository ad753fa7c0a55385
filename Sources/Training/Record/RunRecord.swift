/// A value of a run's configuration.
public enum RunValue: Equatable, Sendable {
    case text(String)
    case number(Double)
    case integer(Int)
    case flag(Bool)

    /// A seed, as text where it is too large for an integer.
    static func seed(_ seed: UInt64) -> RunValue { Int(exactly: seed).map(RunValue.integer) ?? .text("\(seed)") }

    /// As JSON.
    public var json: String {
        switch self {
        case .text(let text): return JSONText.string(text)
        case .number(let value): return JSONText.number(value)
        case .integer(let value): return String(value)
        case .flag(let value): return value ? "true" : "false"
        }
    }
}

/// Named numbers in order: what is logged at one step.
public struct RunMetrics: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    public private(set) var names: [String] = []
    private var values: [String: Double] = [:]

    public init() {}

    public init(dictionaryLiteral elements: (String, Double)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// Setting a new name appends it; nil takes it away.
    public subscript(name: String) -> Double? {
        get { values[name] }
        set {
            if values[name] == nil, newValue != nil { names.append(name) }
            if newValue == nil { names.removeAll { $0 == name } }
            values[name] = newValue
        }
    }

    public var entries: [(name: String, value: Double)] { names.map { ($0, values[$0] ?? .nan) } }

    /// As a JSON object in one line.
    public var json: String {
        "{" + entries.map { JSONText.string($0.name) + ": " + JSONText.number($0.value) }.joined(separator: ", ") + "}"
    }
}

enum JSONText {
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 32:
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Numbers that JSON cannot express become null.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }
}

/// Where a run is, for a progress line.
public struct RunProgress: Sendable {
    /// Steps done, 1 to `steps`.
    public let step: Int
    public let steps: Int
    /// What this step logged.
    public let metrics: RunMetrics
    /// Steps a second so far; 0 before it can be known.
    public let rate: Double
}
