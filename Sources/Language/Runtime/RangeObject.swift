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

    /// At most `Int.max`.
    public var count: Int {
        guard step > 0 ? start < end : start > end else { return 0 }
        // The distance of two Ints fits in the bits of a UInt.
        let distance = UInt(bitPattern: step > 0 ? end &- start : start &- end)
        return Int(clamping: (distance - 1) / step.magnitude + 1 as UInt)
    }

    /// - Parameter position: in 0..<count.
    public func element(at position: Int) -> Int { start &+ position &* step }

    public func contains(_ value: Int) -> Bool {
        guard step > 0 ? (value >= start && value < end) : (value <= start && value > end) else { return false }
        let distance = UInt(bitPattern: step > 0 ? value &- start : start &- value)
        return distance % step.magnitude == 0
    }
}
