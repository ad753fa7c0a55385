import Interruption

/// `<` and its like: numbers, strings by code point, false before true, lists element by element.
package enum Ordering {
    static func compare(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Bool {
        if case .float(let a) = left, case .float(let b) = right { return holds(op, a, b) }
        if isNaN(left) || isNaN(right), left.asDouble != nil, right.asDouble != nil { return false }
        guard let order = try order(left, right, depth: 0) else { throw Arithmetic.unsupported(op, left, right) }
        return holds(op, order, 0)
    }

    private static func holds<Number: Comparable>(_ op: BinaryOperator, _ a: Number, _ b: Number) -> Bool {
        switch op {
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        default: a >= b
        }
    }

    static func isNaN(_ value: Value) -> Bool {
        if case .float(let double) = value { return double.isNaN }
        return false
    }

    /// An Int against a Float, exactly: not every Int is a Float. Negative, zero or positive; `nil` for NaN.
    static func compare(_ int: Int, _ double: Double) -> Int? {
        if int.magnitude <= 1 << 53 {
            let a = Double(int)
            return a < double ? -1 : a > double ? 1 : a == double ? 0 : nil
        }
        if double.isNaN { return nil }
        if double >= 0x1p63 { return -1 }
        if double < -0x1p63 { return 1 }
        // Beyond 2^53 either every Float is whole, or it is nearer to zero than the Int.
        let whole = Int(double.rounded(.towardZero))
        return int < whole ? -1 : int > whole ? 1 : 0
    }

    /// Negative, zero or positive; `nil` where the values have no order. A NaN is neither less nor greater.
    package static func order(_ left: Value, _ right: Value, depth: Int = 0) throws -> Int? {
        switch (left, right) {
        case (.int(let a), .int(let b)): return a < b ? -1 : a == b ? 0 : 1
        case (.float(let a), .float(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.int(let a), .float(let b)): return compare(a, b) ?? 0
        case (.float(let a), .int(let b)): return -(compare(b, a) ?? 0)
        case (.bool(let a), .bool(let b)): return a == b ? 0 : b ? -1 : 1
        case (.object(let a), .object(let b)): return try order(a, b, depth: depth)
        default: return nil
        }
    }

    private static func order(_ left: Object, _ right: Object, depth: Int) throws -> Int? {
        try Interruption.check()
        switch (left, right) {
        case (let a as StringObject, let b as StringObject):
            return StringObject.order(a, b)
        case (let a as ListObject, let b as ListObject):
            guard depth < Limits.nesting else { throw Equality.tooDeep }
            for (index, (x, y)) in zip(a.elements, b.elements).enumerated() {
                if index & 0xFFF == 0xFFF { try Interruption.check() }
                // Elements that are equal need no order.
                if try Equality.areEqual(x, y) { continue }
                return try order(x, y, depth: depth + 1)
            }
            return a.count - b.count
        default: return nil
        }
    }
}
