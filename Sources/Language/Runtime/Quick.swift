/// The commonest cases of the operators, done in place by the loop. Each says whether it was one; if not, nothing has
/// happened, and `Arithmetic` does it, or says why it cannot be done.
enum Quick {
    typealias Place = UnsafeMutablePointer<Value>

    /// Copies a value to a place that has none.
    @inline(__always)
    static func copy(_ source: Place, to place: Place) {
        if source.holdsObject {
            place.initialize(to: source.pointee)
        } else {
            UnsafeMutableRawPointer(place).copyMemory(from: source, byteCount: MemoryLayout<Value>.stride)
        }
    }

    /// Leaves a place without a value.
    @inline(__always)
    static func drop(_ place: Place) {
        if place.holdsObject { place.deinitialize(count: 1) }
    }

    @inline(__always)
    static func add(_ left: Place, _ right: Place, into result: Place) -> Bool {
        if case .int(let a) = left.pointee, case .int(let b) = right.pointee {
            let (sum, overflow) = a.addingReportingOverflow(b)
            if overflow { return false }
            result.initialize(to: .int(sum))
            return true
        }
        if case .float(let a) = left.pointee, case .float(let b) = right.pointee {
            result.initialize(to: .float(a + b))
            return true
        }
        return false
    }

    @inline(__always)
    static func subtract(_ left: Place, _ right: Place, into result: Place) -> Bool {
        if case .int(let a) = left.pointee, case .int(let b) = right.pointee {
            let (difference, overflow) = a.subtractingReportingOverflow(b)
            if overflow { return false }
            result.initialize(to: .int(difference))
            return true
        }
        if case .float(let a) = left.pointee, case .float(let b) = right.pointee {
            result.initialize(to: .float(a - b))
            return true
        }
        return false
    }

    @inline(__always)
    static func multiply(_ left: Place, _ right: Place, into result: Place) -> Bool {
        if case .float(let a) = left.pointee, case .float(let b) = right.pointee {
            result.initialize(to: .float(a * b))
            return true
        }
        if case .int(let a) = left.pointee, case .int(let b) = right.pointee {
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            if overflow { return false }
            result.initialize(to: .int(product))
            return true
        }
        return false
    }

    @inline(__always)
    static func divide(_ left: Place, _ right: Place, into result: Place) -> Bool {
        guard case .float(let b) = right.pointee, b != 0, case .float(let a) = left.pointee else { return false }
        result.initialize(to: .float(a / b))
        return true
    }

    @inline(__always)
    static func add(_ left: Place, _ integer: Int, into result: Place) -> Bool {
        guard case .int(let a) = left.pointee else { return false }
        let (sum, overflow) = a.addingReportingOverflow(integer)
        if overflow { return false }
        result.initialize(to: .int(sum))
        return true
    }

    @inline(__always)
    static func subtract(_ left: Place, _ integer: Int, into result: Place) -> Bool {
        guard case .int(let a) = left.pointee else { return false }
        let (difference, overflow) = a.subtractingReportingOverflow(integer)
        if overflow { return false }
        result.initialize(to: .int(difference))
        return true
    }

    @inline(__always)
    static func multiply(_ left: Place, _ integer: Int, into result: Place) -> Bool {
        guard case .int(let a) = left.pointee else { return false }
        let (product, overflow) = a.multipliedReportingOverflow(by: integer)
        if overflow { return false }
        result.initialize(to: .int(product))
        return true
    }

    /// Floored, as in Python.
    @inline(__always)
    static func remainder(_ left: Place, _ integer: Int, into result: Place) -> Bool {
        guard case .int(let a) = left.pointee, integer > 0 else { return false }
        let rest: Int
        if a >= 0, UInt(bitPattern: a | integer) >> 32 == 0 {
            rest = Int(UInt32(truncatingIfNeeded: a) % UInt32(truncatingIfNeeded: integer))
        } else {
            let truncated = a % integer
            rest = truncated < 0 ? truncated + integer : truncated
        }
        result.initialize(to: .int(rest))
        return true
    }

    /// One of the relations of `Branch`; 0 where the values are not two numbers of one type.
    @inline(__always)
    static func relation(_ left: Place, _ right: Place) -> UInt32 {
        if case .int(let a) = left.pointee, case .int(let b) = right.pointee { return relation(a, b) }
        if case .float(let a) = left.pointee, case .float(let b) = right.pointee {
            return a < b ? Branch.less : a > b ? Branch.greater : a == b ? Branch.equal : Branch.unordered
        }
        return 0
    }

    @inline(__always)
    static func relation(_ left: Place, _ integer: Int) -> UInt32 {
        guard case .int(let a) = left.pointee else { return 0 }
        return relation(a, integer)
    }

    @inline(__always)
    private static func relation(_ a: Int, _ b: Int) -> UInt32 {
        a < b ? Branch.less : a == b ? Branch.equal : Branch.greater
    }
}
