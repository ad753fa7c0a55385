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
    private var secondWords: Set<Int> = []
    private var constantIndices: [ConstantKey: Int] = [:]

    private enum ConstantKey: Hashable {
        case int(Int), float(UInt64), string(String)
    }

    init(_ parts: PrototypeParts) {
        self.parts = parts
        self.parts.localCount = parts.scope.locals.count
    }

    var position: Int { parts.code.count }

    mutating func emit(_ opcode: Opcode, _ span: SourceSpan) { emit(opcode, 0, span) }

    mutating func emit(_ opcode: Opcode, _ operand: Int, _ span: SourceSpan) {
        parts.code.append(UInt32(opcode.rawValue) | UInt32(bitPattern: Int32(operand) << 8))
        parts.spans.append(span)
        adjust(opcode.description.effect(operand))
    }

    /// An instruction whose effect only the caller knows.
    mutating func emit(_ opcode: Opcode, shape: Shape, effect: Int, _ span: SourceSpan) {
        parts.shapes.append(shape)
        emit(opcode, parts.shapes.count - 1, span)
        adjust(effect)
    }

    mutating func emit(_ opcode: Opcode, slot: Int, _ span: SourceSpan) -> Int {
        emit(opcode, slot, span)
        parts.code.append(0)
        parts.spans.append(span)
        secondWords.insert(position - 1)
        return position - 1
    }

    /// A jump to a place not known yet.
    mutating func emitJump(_ opcode: Opcode, _ span: SourceSpan) -> Int {
        emit(opcode, 0, span)
        return position - 1
    }

    /// Makes a jump lead here.
    mutating func land(_ jump: Int) {
        if secondWords.contains(jump) {
            parts.code[jump] = UInt32(position)
        } else {
            parts.code[jump] = (parts.code[jump] & 0xFF) | UInt32(position) << 8
        }
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
            case .object(let object as StringObject): .string(object.text)
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
