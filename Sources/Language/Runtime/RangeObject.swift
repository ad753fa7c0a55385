/// `start..end`, end excluded, in steps other than 0; steps other than 1 come from `range`.
public final class RangeObject: Object {
    public let start: Int
    public let end: Int
    public let step: Int

    public init(start: Int, end: Int, step: Int = 1) {
        self.start = start
        self.end = end
        self.step = step == 0 ? 1 : step
        super.init(kind: .range)
    }

    public override var typeName: String { "Range" }

    public var count: Int {
        let (distance, overflow) =
            step > 0 ? end.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(end)
        if distance <= 0, !overflow { return 0 }
        if overflow { return (step > 0) == (end > start) ? Int.max : 0 }
        let stride = Int(clamping: step.magnitude)
        return (distance - 1) / stride + 1
    }

    /// - Parameter position: in 0..<count.
    public func element(at position: Int) -> Int { start &+ position &* step }

    public func contains(_ value: Int) -> Bool {
        guard step > 0 ? (value >= start && value < end) : (value <= start && value > end) else { return false }
        // The distance as a number without a sign cannot overflow.
        let distance = step > 0 ? UInt(bitPattern: value &- start) : UInt(bitPattern: start &- value)
        return distance % step.magnitude == 0
    }
}
