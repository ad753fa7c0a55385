/// Collects the instructions of one function and keeps account of the stack's height.
struct CodeBuilder {
    /// What `break`, `continue` and `return` must leave on their way out.
    enum Enclosure {
        case loop(Loop)
        case handler
        case block
    }

    final class Loop {
        let height: Int
        /// Temporaries that were there before the loop.
        let temporaries: Int
        var breaks: [Int] = []
        var continues: [Int] = []

        init(height: Int, temporaries: Int) {
            self.height = height
            self.temporaries = temporaries
        }
    }

    var parts: PrototypeParts
    private(set) var height = 0
    var enclosures: [Enclosure] = []
    /// Slots that surely have a value here.
    var assigned: Set<Int> = []
    private(set) var temporaries = 0
    /// The most temporaries at one time since the innermost `try` began.
    var mostTemporaries = 0
    /// Words that are jumps' targets, and those of them that are a `Branch`.
    private var secondWords: Set<Int> = []
    private var branches: Set<Int> = []
    /// Where the instructions begin since the last place that a jump may lead to.
    private(set) var starts: [Int] = []
    private var constantIndices: [ConstantKey: Int] = [:]

    /// Texts by their bytes: Unicode holds some equal that are not the same.
    private enum ConstantKey: Hashable {
        case int(Int), float(UInt64), string([UInt8])
    }

    init(_ parts: PrototypeParts) {
        self.parts = parts
        self.parts.localCount = parts.scope.locals.count
    }

    var position: Int { parts.code.count }

    /// Here, as a place that code may jump back to.
    mutating func label() -> Int {
        starts = []
        return position
    }

    mutating func emit(_ opcode: Opcode, _ span: SourceSpan) { emit(opcode, 0, span) }

    mutating func emit(_ opcode: Opcode, _ operand: Int, _ span: SourceSpan) {
        if !fuse(opcode, operand, span) { append(opcode, operand, span) }
    }

    /// An instruction whose effect only the caller knows.
    mutating func emit(_ opcode: Opcode, shape: Shape, effect: Int, _ span: SourceSpan) {
        parts.shapes.append(shape)
        append(opcode, parts.shapes.count - 1, span)
        adjust(effect)
    }

    /// An instruction with a jump in its second word, to a place not known yet.
    mutating func emit(_ opcode: Opcode, slot: Int, _ span: SourceSpan) -> Int {
        append(opcode, slot, span)
        return position - 1
    }

    /// A jump to a place not known yet.
    mutating func emitJump(_ opcode: Opcode, _ span: SourceSpan) -> Int {
        append(opcode, 0, span)
        return position - 1
    }

    /// Compares the two values on the stack; the jump is taken unless the comparison holds.
    mutating func emitBranch(_ op: BinaryOperator, _ span: SourceSpan) -> Int {
        if !fuse(.branch, 0, span) { append(.branch, 0, span) }
        parts.code[position - 1] = Branch(op, target: 0).word
        return position - 1
    }

    /// Makes a jump lead here, or to another place.
    mutating func land(_ jump: Int, at place: Int? = nil) {
        let target = UInt32(place ?? label())
        if !secondWords.contains(jump) {
            parts.code[jump] = (parts.code[jump] & 0xFF) | target << 8
        } else if branches.contains(jump) {
            parts.code[jump] = parts.code[jump] & 0xFF00_0000 | target
        } else {
            parts.code[jump] = target
        }
    }

    mutating func append(_ opcode: Opcode, _ operand: Int, _ span: SourceSpan) {
        let description = opcode.description
        starts.append(position)
        parts.code.append(UInt32(opcode.rawValue) | UInt32(bitPattern: Int32(operand) << 8))
        parts.spans.append(span)
        switch description.operand {
        case .slotAndJump, .slotsAndJump: secondWords.insert(position)
        case .branch, .branchInteger, .branchSlots, .branchSlotInteger, .branchSlotConstant:
            secondWords.insert(position)
            branches.insert(position)
        default: break
        }
        for _ in 1..<description.operand.wordCount {
            parts.code.append(0)
            parts.spans.append(span)
        }
        adjust(description.effect(operand))
    }

    /// Takes back the last instructions, which have no jumps in them.
    mutating func cut(_ count: Int) {
        let start = starts[starts.count - count]
        parts.code.removeSubrange(start...)
        parts.spans.removeSubrange(start...)
        starts.removeLast(count)
    }

    mutating func adjust(_ effect: Int) {
        height += effect
        parts.maximumHeight = max(parts.maximumHeight, height)
    }

    /// After a jump away: the height at which the code that follows is reached.
    mutating func setHeight(_ height: Int) { self.height = height }

    mutating func constant(_ value: Value) -> Int {
        let key: ConstantKey? =
            switch value {
            case .int(let int): .int(int)
            case .float(let double): .float(double.bitPattern)
            case .object(let object as StringObject): .string(object.withBytes { Array($0) })
            default: nil
            }
        if let key, let index = constantIndices[key] { return index }
        parts.constants.append(value)
        if let key { constantIndices[key] = parts.constants.count - 1 }
        return parts.constants.count - 1
    }

    /// A local without a name, until it is given back. Temporaries are given back in reverse order.
    mutating func takeTemporary() -> Int {
        temporaries += 1
        mostTemporaries = max(mostTemporaries, temporaries)
        let slot = parts.scope.locals.count + temporaries - 1
        parts.localCount = max(parts.localCount, slot + 1)
        return slot
    }

    mutating func giveBackTemporary() { temporaries -= 1 }

    /// Where code is left before it is through, what its temporaries hold must go, such as the open file of a loop.
    mutating func clearTemporaries(from first: Int, to end: Int, _ span: SourceSpan) {
        for number in first..<max(first, end) { emit(.clearLocal, parts.scope.locals.count + number, span) }
    }
}
