import JSON

/// A value of a run's configuration.
public enum RunValue: Equatable, Sendable {
    case text(String)
    case number(Double)
    case integer(Int)
    case flag(Bool)

    /// A seed, as text where it is too large for an integer.
    static func seed(_ seed: UInt64) -> RunValue { Int(exactly: seed).map(RunValue.integer) ?? .text("\(seed)") }

    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let value): JSONValue(value)
        case .integer(let value): .int(value)
        case .flag(let value): .bool(value)
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

    /// As a JSON object in one line, as `history.jsonl` has it.
    var line: String {
        let members = entries.map { ($0.name, JSONValue($0.value)) }
        return JSONValue.object(JSONObject(uniqueKeysWithValues: members)).text() + "\n"
    }

    /// Reads such a line back, to the last bit and in its order.
    init?(line: some StringProtocol) {
        guard let members = try? JSONValue(parsing: String(line)).object else { return nil }
        for (name, value) in members {
            guard let number = value.isNull ? .nan : value.double else { return nil }
            self[name] = number
        }
    }
}

extension JSONValue {
    /// A number in its shortest form: without a fraction where it has none.
    init(_ number: Double) {
        self = number == number.rounded() && abs(number) < 1e15 ? .int(Int(number)) : .double(number)
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
