// Operators that the loop does not do in place.
extension Machine {
    /// The operators in the order of their instructions, of which `add` is the first.
    private static let operators = BinaryOperator.allCases

    @inline(__always)
    static func binaryOperator(_ word: UInt32) -> BinaryOperator {
        operators[Int(UInt8(truncatingIfNeeded: word) &- Opcode.add.rawValue)]
    }

    /// Puts the result in place of the two topmost values; gives the new end of the stack.
    @inline(never)
    func binary(_ op: BinaryOperator, _ end: UnsafeMutablePointer<Value>) throws -> UnsafeMutablePointer<Value> {
        top = end
        return Machine.replacePair(below: end, with: try Arithmetic.binary(op, end[-2], end[-1]))
    }

    /// Puts a value in place of the two topmost ones; gives the new end of the stack.
    @inline(__always)
    static func replacePair(
        below end: UnsafeMutablePointer<Value>, with value: Value
    ) -> UnsafeMutablePointer<Value> {
        (end - 1).deinitialize(count: 1)
        end[-2] = value
        return end - 1
    }

    /// Puts one or two values above the end of the stack; gives the new end.
    @inline(never)
    static func push(_ value: Value, _ end: UnsafeMutablePointer<Value>) -> UnsafeMutablePointer<Value> {
        end.initialize(to: value)
        return end + 1
    }

    @inline(never)
    static func push(
        _ left: Value, _ right: Value, _ end: UnsafeMutablePointer<Value>
    ) -> UnsafeMutablePointer<Value> {
        end.initialize(to: left)
        (end + 1).initialize(to: right)
        return end + 2
    }

    /// Compares the two topmost values, which go, for a branch. Gives all relations, or none where it does not hold.
    @inline(never)
    func compare(_ branch: Branch, _ end: UnsafeMutablePointer<Value>) throws -> UInt32 {
        top = end
        let relation = Machine.textRelation(end - 2, end - 1)
        if relation != 0 {
            drop(to: end - 2, from: end)
            return relation
        }
        let result = try Arithmetic.binary(branch.comparison, end[-2], end[-1])
        guard case .bool(let holds) = result else { throw Arithmetic.condition(result, "a condition") }
        Quick.drop(end - 1)
        Quick.drop(end - 2)
        return holds ? branch.relations : ~branch.relations
    }

    /// How two texts compare, as `Branch` says it; 0 where they are not both texts.
    @inline(never)
    static func textRelation(_ left: UnsafeMutablePointer<Value>, _ right: UnsafeMutablePointer<Value>) -> UInt32 {
        guard let first = left.reference(.string, as: StringObject.self),
            let second = right.reference(.string, as: StringObject.self)
        else { return 0 }
        let order = first._withUnsafeGuaranteedRef { first in
            second._withUnsafeGuaranteedRef { second in first === second ? 0 : StringObject.order(first, second) }
        }
        return order < 0 ? Branch.less : order > 0 ? Branch.greater : Branch.equal
    }

    /// `+` where it is no addition of two numbers of one type. A text that is about to be stored where its beginning
    /// comes from (`text += more`) grows in place, so that building it takes time in proportion to its length.
    @inline(never)
    func add(
        _ end: UnsafeMutablePointer<Value>, _ next: UnsafeMutablePointer<UInt32>, _ base: UnsafeMutablePointer<Value>,
        _ globals: UnsafeMutablePointer<Value>
    ) throws -> UnsafeMutablePointer<Value> {
        if let place = Machine.destination(next, base, globals), Machine.grows(end, place) {
            place.pointee = .null
            return Machine.append(end)
        }
        return try binary(.add, end)
    }

    /// Whether two texts are on the stack of which the first is long and the value of a variable.
    @inline(never)
    private static func grows(_ end: UnsafeMutablePointer<Value>, _ place: UnsafeMutablePointer<Value>) -> Bool {
        guard let left = end[-2].stringObject, let right = end[-1].stringObject,
            place.pointee.stringObject === left
        else { return false }
        let bytes = left.byteCount + right.byteCount
        // What adds much asks for its memory first.
        return bytes > 32 && bytes <= Limits.stringBytes && right.byteCount < 1 << 20
    }

    /// The variable that the next instruction stores into.
    private static func destination(
        _ next: UnsafeMutablePointer<UInt32>, _ base: UnsafeMutablePointer<Value>,
        _ globals: UnsafeMutablePointer<Value>
    ) -> UnsafeMutablePointer<Value>? {
        let operand = Int(Int32(bitPattern: next.pointee) >> 8)
        return switch Opcode(rawValue: UInt8(truncatingIfNeeded: next.pointee)) {
        case .storeLocal: base + operand
        case .storeGlobal: globals + operand
        default: nil
        }
    }

    /// Joins the two topmost strings, in place where nobody else holds the first.
    @inline(never)
    private static func append(_ end: UnsafeMutablePointer<Value>) -> UnsafeMutablePointer<Value> {
        // An object's reference is what a `Value.object` begins with.
        let left = UnsafeMutableRawPointer(end - 2).assumingMemoryBound(to: StringObject.self)
        let right = UnsafeMutableRawPointer(end - 1).assumingMemoryBound(to: StringObject.self)
        if isKnownUniquelyReferenced(&left.pointee) {
            left.pointee.append(right.pointee)
        } else {
            left.pointee = Text.joined(left.pointee, right.pointee)
        }
        (end - 1).deinitialize(count: 1)
        return end - 1
    }

    /// Marks the locals that may be read before they are bound.
    @inline(never)
    static func unbind(_ prototype: Unmanaged<Prototype>, _ base: UnsafeMutablePointer<Value>) {
        prototype._withUnsafeGuaranteedRef { prototype in
            for slot in prototype.uncertainSlots where slot >= prototype.parameterCount { base[slot] = .unbound }
        }
    }
}
