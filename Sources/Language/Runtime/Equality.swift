import Interruption

/// Structural equality: an Int equals a Float of the same value; lists and records compare element by element.
package enum Equality {
    package static func areEqual(_ left: Value, _ right: Value) throws -> Bool { try areEqual(left, right, depth: 0) }

    private static func areEqual(_ left: Value, _ right: Value, depth: Int) throws -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.int(let a), .int(let b)): return a == b
        case (.float(let a), .float(let b)): return a == b
        case (.int(let a), .float(let b)), (.float(let b), .int(let a)): return Int(exactly: b) == a
        case (.object(let a), .object(let b)): return try areEqual(a, b, depth: depth + 1)
        default: return false
        }
    }

    private static func areEqual(_ left: Object, _ right: Object, depth: Int) throws -> Bool {
        if left === right, left.kind != .native { return true }
        guard depth <= Limits.nesting else {
            throw RuntimeError(
                "these values are nested too deeply to compare: more than \(Limits.nesting) levels", code: "E232")
        }
        switch (left, right) {
        case (let a as StringObject, let b as StringObject):
            return a.text.utf8.count == b.text.utf8.count && a.text.utf8.elementsEqual(b.text.utf8)
        case (let a as ListObject, let b as ListObject): return try listsEqual(a, b, depth)
        case (let a as RecordObject, let b as RecordObject): return try recordsEqual(a, b, depth)
        case (let a as RangeObject, let b as RangeObject):
            return a.count == b.count && (a.count == 0 || (a.start == b.start && (a.count == 1 || a.step == b.step)))
        case (let a as NativeFunctionObject, let b as NativeFunctionObject):
            return a.function.name == b.function.name && a.receiver == nil && b.receiver == nil
        case (let a as NativeObject, _): return try a.isEqual(to: right)
        default: return false
        }
    }

    private static func listsEqual(_ a: ListObject, _ b: ListObject, _ depth: Int) throws -> Bool {
        guard a.count == b.count else { return false }
        try Interruption.check()
        for (x, y) in zip(a.elements, b.elements) where !(try areEqual(x, y, depth: depth)) { return false }
        return true
    }

    /// The order of the fields does not matter.
    private static func recordsEqual(_ a: RecordObject, _ b: RecordObject, _ depth: Int) throws -> Bool {
        guard a.count == b.count else { return false }
        try Interruption.check()
        for (key, x) in a.fields {
            guard let y = b[key], try areEqual(x, y, depth: depth) else { return false }
        }
        return true
    }
}

/// `<` and its like: numbers, strings by code point, lists element by element.
package enum Ordering {
    static func compare(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Bool {
        if let a = left.asDouble, let b = right.asDouble, left.asInt == nil || right.asInt == nil {
            if a.isNaN || b.isNaN { return false }
            return holds(op, mixed(left, right) ?? (a < b ? -1 : a > b ? 1 : 0))
        }
        guard let order = try order(left, right, depth: 0) else { throw Arithmetic.unsupported(op, left, right) }
        return holds(op, order)
    }

    private static func holds(_ op: BinaryOperator, _ order: Int) -> Bool {
        switch op {
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        default: order >= 0
        }
    }

    /// An Int and a Float are compared exactly: beyond 2^53 the Int as a Float would be another number.
    private static func mixed(_ left: Value, _ right: Value) -> Int? {
        switch (left, right) {
        case (.int(let a), .float(let b)): compare(a, b)
        case (.float(let a), .int(let b)): compare(b, a).map { -$0 }
        default: nil
        }
    }

    private static func compare(_ a: Int, _ b: Double) -> Int? {
        guard let whole = Int(exactly: b.rounded(.down)) else { return b.isNaN ? nil : b > 0 ? -1 : 1 }
        return a < whole ? -1 : a > whole ? 1 : b > Double(whole) ? -1 : 0
    }

    /// Negative, zero or positive; `nil` where the values have no order. A NaN is neither less nor greater.
    package static func order(_ left: Value, _ right: Value, depth: Int = 0) throws -> Int? {
        if case .int(let a) = left, case .int(let b) = right { return a < b ? -1 : a == b ? 0 : 1 }
        if let a = left.asDouble, let b = right.asDouble { return mixed(left, right) ?? (a < b ? -1 : a > b ? 1 : 0) }
        switch (left.object, right.object) {
        case (let a as StringObject, let b as StringObject):
            return a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
                ? -1 : a.text.utf8.elementsEqual(b.text.utf8) ? 0 : 1
        case (let a as ListObject, let b as ListObject) where depth < Limits.nesting:
            try Interruption.check()
            for (x, y) in zip(a.elements, b.elements) {
                guard let order = try order(x, y, depth: depth + 1) else { return nil }
                if order != 0 { return order }
            }
            return a.count - b.count
        default: return nil
        }
    }
}
