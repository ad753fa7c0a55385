import Interruption

/// What the operators mean. The virtual machine does the commonest cases itself and comes here for the rest.
enum Arithmetic {
    static func binary(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
        switch (left, right) {
        case (.int(let a), .int(let b)): if let result = try quick(op, a, b) { return result }
        case (.int(let a), .float(let b)): if let result = try quick(op, Double(a), b) { return result }
        case (.float(let a), .int(let b)): if let result = try quick(op, a, Double(b)) { return result }
        case (.float(let a), .float(let b)): if let result = try quick(op, a, b) { return result }
        case (.object(let a), .object(let b)) where a.kind == .string && b.kind == .string:
            let (a, b) = (unsafeDowncast(a, to: StringObject.self), unsafeDowncast(b, to: StringObject.self))
            if let result = compare(op, a, b) { return .bool(result) }
        default: break
        }
        if let result = try native(op, left, right) { return result }
        switch op {
        case .equal: return .bool(try Equality.areEqual(left, right))
        case .notEqual: return .bool(!(try Equality.areEqual(left, right)))
        case .less, .lessOrEqual, .greater, .greaterOrEqual: return .bool(try Ordering.compare(op, left, right))
        default: break
        }
        switch (left, right) {
        case (.int(let a), .int(let b)): return try integers(op, a, b)
        case (.int, .float), (.float, .int), (.float, .float):
            if let a = left.asDouble, let b = right.asDouble, let result = try floats(op, a, b) {
                return .float(result)
            }
        default: if let result = try collections(op, left, right) { return result }
        }
        throw unsupported(op, left, right)
    }

    private static func quick(_ op: BinaryOperator, _ a: Int, _ b: Int) throws -> Value? {
        switch op {
        case .less: .bool(a < b)
        case .lessOrEqual: .bool(a <= b)
        case .greater: .bool(a > b)
        case .greaterOrEqual: .bool(a >= b)
        case .equal: .bool(a == b)
        case .notEqual: .bool(a != b)
        default: try integers(op, a, b)
        }
    }

    /// Comparisons of an Int with a Float go the long way, which is exact where it must be.
    private static func quick(_ op: BinaryOperator, _ a: Double, _ b: Double) throws -> Value? {
        try floats(op, a, b).map { .float($0) }
    }

    private static func compare(_ op: BinaryOperator, _ a: StringObject, _ b: StringObject) -> Bool? {
        switch op {
        case .equal: a.hasSameBytes(as: b)
        case .notEqual: !a.hasSameBytes(as: b)
        case .less: StringObject.order(a, b) < 0
        case .lessOrEqual: StringObject.order(a, b) <= 0
        case .greater: StringObject.order(a, b) > 0
        case .greaterOrEqual: StringObject.order(a, b) >= 0
        default: nil
        }
    }

    static func unary(_ op: UnaryOperator, _ value: Value) throws -> Value {
        switch (op, value) {
        case (.negate, .int(let int)):
            let (result, overflow) = (0).subtractingReportingOverflow(int)
            if overflow { throw RuntimeError("`-` overflows: -(\(int)) does not fit in 64 bits", code: "E202") }
            return .int(result)
        case (.negate, .float(let double)): return .float(-double)
        case (.not, .bool(let bool)): return .bool(!bool)
        case (_, .object(let object as NativeObject)): if let result = try object.unary(op) { return result }
        default: break
        }
        if op == .not { throw condition(value, "`not`") }
        throw RuntimeError("`-` cannot be used on \(Printer.withType(value))", code: "E201")
    }

    /// `+x` is `x`, for what `-x` is defined for.
    static func checkPlus(_ value: Value) throws {
        switch value {
        case .int, .float: return
        case .object(let object as NativeObject): if try object.unary(.negate) != nil { return }
        default: break
        }
        throw RuntimeError("`+` cannot be used on \(Printer.withType(value))", code: "E201")
    }

    private static func native(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
        if case .object(let object) = left, object.kind == .native {
            if let result = try unsafeDowncast(object, to: NativeObject.self).binary(op, right, isLeft: true) {
                return result
            }
        }
        if case .object(let object) = right, object.kind == .native {
            return try unsafeDowncast(object, to: NativeObject.self).binary(op, left, isLeft: false)
        }
        return nil
    }

    private static func integers(_ op: BinaryOperator, _ a: Int, _ b: Int) throws -> Value {
        let outcome: (partialValue: Int, overflow: Bool)
        switch op {
        case .add: outcome = a.addingReportingOverflow(b)
        case .subtract: outcome = a.subtractingReportingOverflow(b)
        case .multiply: outcome = a.multipliedReportingOverflow(by: b)
        case .divide:
            if b == 0 { throw divisionByZero(op, .int(a)) }
            return .float(quotient(a, b))
        case .floorDivide, .remainder:
            if b == 0 { throw divisionByZero(op, .int(a)) }
            outcome = op == .floorDivide ? floorDivide(a, b) : (floorRemainder(a, b), false)
        case .power: return try power(a, b)
        default: throw unsupported(op, .int(a), .int(b))
        }
        if outcome.overflow { throw overflow(op, a, b) }
        return .int(outcome.partialValue)
    }

    static func floorDivide(_ a: Int, _ b: Int) -> (partialValue: Int, overflow: Bool) {
        let (quotient, overflow) = a.dividedReportingOverflow(by: b)
        if overflow { return (0, true) }
        return (a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient, false)
    }

    /// The Float nearest to a / b, also where a or b has more digits than a Float holds.
    private static func quotient(_ a: Int, _ b: Int) -> Double {
        let exact = UInt(1) << 53
        if a.magnitude <= exact, b.magnitude <= exact { return Double(a) / Double(b) }
        // A quotient of 56 to 64 bits, its lowest bit set where something is left over, rounds as the exact one does.
        let shift = max(0, 56 + a.magnitude.leadingZeroBitCount - b.magnitude.leadingZeroBitCount)
        let shifted = UInt128(a.magnitude) << UInt128(shift)
        let (whole, rest) = shifted.quotientAndRemainder(dividingBy: UInt128(b.magnitude))
        let magnitude = Double(sign: .plus, exponent: -shift, significand: Double(whole | (rest == 0 ? 0 : 1)))
        return (a < 0) == (b < 0) ? magnitude : -magnitude
    }

    static func floorRemainder(_ a: Int, _ b: Int) -> Int {
        if b == -1 { return 0 }
        let remainder = a % b
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
    }

    private static func power(_ base: Int, _ exponent: Int) throws -> Value {
        if exponent < 0 {
            if base == 0 { throw negativePower(.int(base), .int(exponent)) }
            return .float(Maths.power(Double(base), Double(exponent)))
        }
        var result = 1
        var square = base
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: square)
                if overflow { throw self.overflow(.power, base, exponent) }
                result = product
            }
            rest >>= 1
            if rest > 0 {
                let (product, overflow) = square.multipliedReportingOverflow(by: square)
                if overflow { throw self.overflow(.power, base, exponent) }
                square = product
            }
        }
        return .int(result)
    }

    /// As in Python: the remainder has the divisor's sign, and the quotient suits the remainder.
    private static func floorDivide(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double) {
        var remainder = a.truncatingRemainder(dividingBy: b)
        var quotient = (a - remainder) / b
        if remainder == 0 {
            remainder = Double(signOf: b, magnitudeOf: 0)
        } else if (remainder < 0) != (b < 0) {
            remainder += b
            quotient -= 1
        }
        guard quotient != 0 else { return (Double(signOf: a / b, magnitudeOf: 0), remainder) }
        // The division is not exact: the whole number nearest to it is meant.
        let whole = quotient.rounded(.down)
        return (quotient - whole > 0.5 ? whole + 1 : whole, remainder)
    }

    private static func floats(_ op: BinaryOperator, _ a: Double, _ b: Double) throws -> Double? {
        switch op {
        case .add: return a + b
        case .subtract: return a - b
        case .multiply: return a * b
        case .divide:
            if b == 0 { throw divisionByZero(op, .float(a)) }
            return a / b
        case .floorDivide, .remainder:
            if b == 0 { throw divisionByZero(op, .float(a)) }
            let (quotient, remainder) = floorDivide(a, b)
            return op == .floorDivide ? quotient : remainder
        case .power:
            if a == 0, b < 0, b.isFinite { throw negativePower(.float(a), .float(b)) }
            if a < 0, a.isFinite, b.isFinite, b != b.rounded() {
                throw RuntimeError("a negative number has no power \(Printer.short(.float(b)))", code: "E207")
            }
            return Maths.power(a, b)
        default: return nil
        }
    }

    private static func collections(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
        switch (op, left.object, right.object) {
        case (.add, let a as StringObject, let b as StringObject):
            let bytes = a.byteCount + b.byteCount
            guard bytes <= Limits.stringBytes else { throw Limits.stringTooLong(bytes) }
            try MemoryLimit.reserve(bytes)
            return .object(Text.joined(a, b))
        case (.add, let a as ListObject, let b as ListObject):
            guard a.count + b.count <= Limits.listElements else { throw Limits.listTooLong(a.count + b.count) }
            try MemoryLimit.reserve((a.count + b.count) * MemoryLayout<Value>.stride)
            let (first, second) = (a.elements, b.elements)
            if first.count + second.count < 1 << 16 { return .list(first + second) }
            return .list(
                try Value.collected(first.count + second.count) {
                    $0 < first.count ? first[$0] : second[$0 - first.count]
                })
        case (.multiply, let object?, nil):
            return try right.asInt.flatMap { try repeated(object, $0) }
        case (.multiply, nil, let object?):
            return try left.asInt.flatMap { try repeated(object, $0) }
        default: return nil
        }
    }

    private static func repeated(_ object: Object, _ count: Int) throws -> Value? {
        let count = max(0, count)
        switch object {
        // Nothing, however often, is nothing, and is not worth the wait.
        case let string as StringObject where string.byteCount == 0: return .object(string)
        case let list as ListObject where list.elements.isEmpty: return .list([])
        case let string as StringObject:
            let (bytes, overflow) = string.byteCount.multipliedReportingOverflow(by: count)
            guard !overflow, bytes <= Limits.stringBytes else { throw Limits.stringTooLong(overflow ? Int.max : bytes) }
            try MemoryLimit.reserve(bytes)
            return .object(try Text.repeated(string, count))
        case let list as ListObject:
            let (total, overflow) = list.count.multipliedReportingOverflow(by: count)
            guard !overflow, total <= Limits.listElements else { throw Limits.listTooLong(overflow ? Int.max : total) }
            try MemoryLimit.reserve(total * MemoryLayout<Value>.stride)
            return .list(try repeated(list.elements, total))
        default: return nil
        }
    }

    private static func repeated(_ elements: [Value], _ total: Int) throws -> [Value] {
        guard elements.count < total else { return total == 0 ? [] : elements }
        // Many short copies are made of one longer.
        let turns = max(1, min(total, 65_536) / elements.count)
        let piece = elements.count == 1
            ? [Value](repeating: elements[0], count: turns) : Array(repeatElement(elements, count: turns).joined())
        var result: [Value] = []
        result.reserveCapacity(total)
        while result.count < total {
            if Interruption.isRequested {
                Interruption.leave(result)
                throw Interrupted()
            }
            result += piece.prefix(total - result.count)
        }
        return result
    }

    // MARK: - Messages

    static func overflow(_ op: BinaryOperator, _ a: Int, _ b: Int) -> RuntimeError {
        RuntimeError(
            "`\(op.rawValue)` overflows: \(a) \(op.rawValue) \(b) does not fit in 64 bits", code: "E202",
            suggestion: "make one of them a Float")
    }

    static func divisionByZero(_ op: BinaryOperator, _ value: Value) -> RuntimeError {
        RuntimeError("\(Printer.short(value)) \(op.rawValue) 0: a division by zero", code: "E204")
    }

    private static func negativePower(_ zero: Value, _ exponent: Value) -> RuntimeError {
        RuntimeError("\(Printer.short(zero)) ** \(Printer.short(exponent)): a division by zero", code: "E204")
    }

    static func unsupported(_ op: BinaryOperator, _ left: Value, _ right: Value) -> RuntimeError {
        RuntimeError(
            "`\(op.rawValue)` cannot be used on \(Printer.withType(left)) and \(Printer.withType(right))", code: "E201",
            suggestion: Habits.operation(op, StaticType(left), StaticType(right)))
    }

    static func condition(_ value: Value, _ place: String) -> RuntimeError {
        var hint: String?
        switch value {
        case .int, .float: hint = "compare it: `x != 0`"
        case .object(let object) where object is ListObject || object is StringObject: hint = "ask `len(x) > 0`"
        case .null: hint = "compare it: `x != nil`"
        default: break
        }
        return RuntimeError("\(place) needs a Bool, not \(Printer.withType(value))", code: "E208", suggestion: hint)
    }
}
