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

    @inline(__always)
    static func compare(_ op: BinaryOperator, _ a: Int, _ b: Int) -> Bool {
        switch op {
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        case .equal: a == b
        default: a != b
        }
    }
}
