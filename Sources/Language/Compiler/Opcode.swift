/// The virtual machine's instructions. Each begins with a word: the opcode in the low 8 bits, a signed operand above;
/// some take more words (see `Operand`). `Opcode.description` drives the compiler's stack accounting, the verifier and
/// the disassembler.
enum Opcode: UInt8, CaseIterable {
    // Values
    case constant, integer, null, yes, no, pop, duplicate, duplicatePair
    // Variables
    case loadLocal, loadLocalChecked, storeLocal, moveLocal, clearLocal, loadCell, storeCell, newCell, boxLocal
    case loadCapture, loadGlobal, storeGlobal
    // Operators; the order of the first fourteen is that of `BinaryOperator`
    case add, subtract, multiply, divide, floorDivide, remainder, power, matrixMultiply
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
    case negate, plus, not, contains, notContains, range, closedRange
    // Operators with their operands, which save the loads
    case addLocals, subtractLocals, multiplyLocals
    case addLocal, subtractLocal, multiplyLocal
    case addInteger, subtractInteger, multiplyInteger, remainderInteger
    case addLocalInteger, subtractLocalInteger, multiplyLocalInteger, remainderLocalInteger
    case incrementLocal
    // Jumps
    case jump, loop, jumpIfFalse, jumpUnlessBoth, jumpIfFalseKeep, jumpIfTrueKeep, jumpIfBound
    case branch, branchInteger, branchLocals, branchLocalInteger, branchLocalConstant
    // Collections
    case list, record, append, template, format, text, unpack
    case index, indexLocals, indexMany, setIndex, setIndexMany
    case loadField, loadFieldOfLocal, loadFieldKeep, storeField
    // Loops
    case iterate, next, nextLocal, loopLocal
    // Functions
    case call, callShape, callMethod, closure, result
    // Errors, blocks with a hook, files
    case pushHandler, popHandler, enterBlock, leaveBlock, importFile

    /// What an instruction's words hold besides the opcode.
    enum Operand {
        case none, constant, integer, count, slot, capture, global, jump, shape, prototype
        /// Two slots, or a slot and an integer: see `pair`.
        case slots, slotAndInteger
        /// The second word is where to jump.
        case slotAndJump, slotsAndJump
        /// The second word is a `Branch`.
        case branch, branchInteger, branchSlots, branchSlotInteger, branchSlotConstant
        /// The second and third word remember where the field was found last: a layout's id and a position.
        case field
        /// A slot and a field's constant, and the same two words.
        case slotAndField

        var wordCount: Int {
            switch self {
            case .field, .slotAndField: 3
            case .slotAndJump, .slotsAndJump, .branch, .branchInteger, .branchSlots, .branchSlotInteger,
                .branchSlotConstant: 2
            default: 1
            }
        }
    }

    struct Description {
        var operand: Operand
        /// How the stack's height changes: by `change`, and by `perCount` for each that the operand counts.
        private var change: Int
        private var perCount: Int

        init(_ operand: Operand, _ change: Int, perCount: Int = 0) {
            self.operand = operand
            self.change = change
            self.perCount = perCount
        }

        func effect(_ operand: Int) -> Int { change + perCount * operand }
    }

    var description: Description { Opcode.descriptions[Int(rawValue)] }

    private static let descriptions = allCases.map(\.declared)

    private var declared: Description {
        switch self {
        case .constant: Description(.constant, 1)
        case .integer: Description(.integer, 1)
        case .null, .yes, .no, .duplicate: Description(.none, 1)
        case .pop: Description(.none, -1)
        case .duplicatePair: Description(.none, 2)
        case .loadLocal, .loadLocalChecked, .loadCell: Description(.slot, 1)
        case .storeLocal, .storeCell: Description(.slot, -1)
        case .clearLocal, .newCell, .boxLocal: Description(.slot, 0)
        case .moveLocal: Description(.slots, 0)
        case .loadCapture: Description(.capture, 1)
        case .loadGlobal: Description(.global, 1)
        case .storeGlobal: Description(.global, -1)
        case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power, .matrixMultiply, .less,
            .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .contains, .notContains, .range, .closedRange:
            Description(.none, -1)
        case .negate, .plus, .not: Description(.none, 0)
        case .addLocals, .subtractLocals, .multiplyLocals, .indexLocals: Description(.slots, 1)
        case .addLocal, .subtractLocal, .multiplyLocal: Description(.slot, 0)
        case .addInteger, .subtractInteger, .multiplyInteger, .remainderInteger: Description(.integer, 0)
        case .addLocalInteger, .subtractLocalInteger, .multiplyLocalInteger, .remainderLocalInteger:
            Description(.slotAndInteger, 1)
        case .incrementLocal: Description(.slotAndInteger, 0)
        case .jump, .loop: Description(.jump, 0)
        case .jumpIfFalse, .jumpUnlessBoth, .jumpIfFalseKeep, .jumpIfTrueKeep: Description(.jump, -1)
        case .jumpIfBound: Description(.slotAndJump, 0)
        case .branch: Description(.branch, -2)
        case .branchInteger: Description(.branchInteger, -1)
        case .branchLocals: Description(.branchSlots, 0)
        case .branchLocalInteger: Description(.branchSlotInteger, 0)
        case .branchLocalConstant: Description(.branchSlotConstant, 0)
        case .list, .template: Description(.count, 1, perCount: -1)
        case .record: Description(.shape, 0)
        case .append: Description(.slot, -1)
        case .format: Description(.none, -1)
        case .text: Description(.none, 0)
        case .unpack: Description(.count, -1, perCount: 1)
        case .index: Description(.none, -1)
        case .setIndex: Description(.none, -3)
        case .indexMany, .setIndexMany: Description(.shape, 0)
        case .loadField: Description(.field, 0)
        case .loadFieldOfLocal: Description(.slotAndField, 1)
        case .loadFieldKeep: Description(.field, 1)
        case .storeField: Description(.field, -2)
        case .iterate: Description(.slot, -1)
        case .next: Description(.slotAndJump, 1)
        case .nextLocal, .loopLocal: Description(.slotsAndJump, 0)
        case .call: Description(.count, 0, perCount: -1)
        case .callShape, .callMethod: Description(.shape, 0)
        case .closure: Description(.prototype, 1)
        case .result: Description(.none, -1)
        case .pushHandler: Description(.jump, 0)
        case .popHandler, .enterBlock, .leaveBlock: Description(.none, 0)
        case .importFile: Description(.constant, 1)
        }
    }
}

extension Opcode {
    init(_ op: BinaryOperator) {
        let position = BinaryOperator.allCases.firstIndex(of: op) ?? 0
        self = Opcode(rawValue: Opcode.add.rawValue + UInt8(position)) ?? .add
    }

    /// An operand of two parts: 12 bits each, the second with a sign.
    static func pair(_ first: Int, _ second: Int) -> Int? {
        guard (0..<4096).contains(first), (-2048..<2048).contains(second) else { return nil }
        return second << 12 | first
    }

    /// The same operator with its operands in it.
    enum OperandMode { case locals, local, integer, localInteger, localConstant }

    func with(_ mode: OperandMode) -> Opcode? {
        switch (self, mode) {
        case (.add, .locals): .addLocals
        case (.add, .local): .addLocal
        case (.add, .integer): .addInteger
        case (.add, .localInteger): .addLocalInteger
        case (.subtract, .locals): .subtractLocals
        case (.subtract, .local): .subtractLocal
        case (.subtract, .integer): .subtractInteger
        case (.subtract, .localInteger): .subtractLocalInteger
        case (.multiply, .locals): .multiplyLocals
        case (.multiply, .local): .multiplyLocal
        case (.multiply, .integer): .multiplyInteger
        case (.multiply, .localInteger): .multiplyLocalInteger
        case (.remainder, .integer): .remainderInteger
        case (.remainder, .localInteger): .remainderLocalInteger
        case (.index, .locals): .indexLocals
        case (.branch, .integer): .branchInteger
        case (.branch, .locals): .branchLocals
        case (.branch, .localInteger): .branchLocalInteger
        case (.branch, .localConstant): .branchLocalConstant
        default: nil
        }
    }
}

/// The second word of a branch: it jumps to `target` unless the operands stand in one of the relations.
struct Branch {
    /// How two numbers compare, as a bit; `unordered` where one is NaN.
    static let less: UInt32 = 1
    static let equal: UInt32 = 2
    static let greater: UInt32 = 4
    static let unordered: UInt32 = 8

    let word: UInt32

    init(_ op: BinaryOperator, target: Int) {
        word = Branch.relations(op) << 24 | UInt32(target)
    }

    init(word: UInt32) { self.word = word }

    @inline(__always) var target: Int { Int(word & 0xFF_FFFF) }
    @inline(__always) var relations: UInt32 { word >> 24 }

    var comparison: BinaryOperator {
        let all: [BinaryOperator] = [.less, .lessOrEqual, .greater, .greaterOrEqual, .equal]
        return all.first { Branch.relations($0) == relations } ?? .notEqual
    }

    static func relations(_ op: BinaryOperator) -> UInt32 {
        switch op {
        case .less: less
        case .lessOrEqual: less | equal
        case .greater: greater
        case .greaterOrEqual: greater | equal
        case .equal: equal
        default: less | greater | unordered
        }
    }
}
