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
        case (.int(let a), .float(let b)), (.float(let b), .int(let a)): return Ordering.compare(a, b) == 0
        case (.object(let a), .object(let b)): return try areEqual(a, b, depth: depth + 1)
        default: return false
        }
    }

    private static func areEqual(_ left: Object, _ right: Object, depth: Int) throws -> Bool {
        if left === right, left.kind != .native { return true }
        guard depth <= Limits.nesting else { throw tooDeep }
        try Interruption.check()
        switch (left, right) {
        case (let a as StringObject, let b as StringObject):
            return a.hasSameBytes(as: b)
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

    static var tooDeep: RuntimeError {
        RuntimeError("these values are nested too deeply to compare: more than \(Limits.nesting) levels", code: "E232")
    }

    private static func listsEqual(_ a: ListObject, _ b: ListObject, _ depth: Int) throws -> Bool {
        guard a.count == b.count else { return false }
        for (index, (x, y)) in zip(a.elements, b.elements).enumerated() {
            if index & 0xFFF == 0xFFF { try Interruption.check() }
            if !(try areEqual(x, y, depth: depth)) { return false }
        }
        return true
    }

    /// The order of the fields does not matter.
    private static func recordsEqual(_ a: RecordObject, _ b: RecordObject, _ depth: Int) throws -> Bool {
        guard a.count == b.count else { return false }
        for (index, (key, x)) in zip(a.names, a.values).enumerated() {
            if index & 0xFFF == 0xFFF { try Interruption.check() }
            guard let y = b[key], try areEqual(x, y, depth: depth) else { return false }
        }
        return true
    }
}
