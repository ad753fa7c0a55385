/// The virtual machine's instructions. Each is one word: the opcode in the low 8 bits, a signed operand above; those
/// marked `slotAndJump` take a second word. This table drives the compiler's stack accounting and the disassembler.
enum Opcode: UInt8, CaseIterable {
    // Values
    case constant, integer, null, yes, no, pop, duplicate, duplicatePair
    // Variables
    case loadLocal, loadLocalChecked, storeLocal, clearLocal, loadCell, storeCell, newCell, boxLocal
    case loadCapture, loadGlobal, storeGlobal
    // Operators; the order of the first fourteen is that of `BinaryOperator`
    case add, subtract, multiply, divide, floorDivide, remainder, power, matrixMultiply
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
    case negate, not, contains, notContains, range, closedRange
    // Jumps
    case jump, loop, jumpIfFalse, jumpIfFalseKeep, jumpIfTrueKeep, jumpIfBound
    // Collections
    case list, record, append, template, format, text, unpack
    case index, indexMany, setIndex, setIndexMany, loadField, storeField, loadFieldKeep
    // Loops
    case iterate, next
    // Functions
    case call, callShape, callMethod, closure, result
    // Errors, blocks with a hook, files
    case pushHandler, popHandler, enterBlock, leaveBlock, importFile

    enum Operand { case none, constant, slot, capture, global, count, jump, shape, prototype, slotAndJump }

    struct Description {
        var operand: Operand
        /// How the stack's height changes, from the operand where it depends on it.
        var effect: (Int) -> Int

        init(_ operand: Operand, _ effect: Int) {
            self.operand = operand
            self.effect = { _ in effect }
        }

        init(_ operand: Operand, by effect: @escaping (Int) -> Int) {
            self.operand = operand
            self.effect = effect
        }
    }

    var description: Description {
        switch self {
        case .constant: Description(.constant, 1)
        case .integer: Description(.count, 1)
        case .null, .yes, .no: Description(.none, 1)
        case .pop: Description(.none, -1)
        case .duplicate: Description(.none, 1)
        case .duplicatePair: Description(.none, 2)
        case .loadLocal, .loadLocalChecked, .loadCell: Description(.slot, 1)
        case .storeLocal, .storeCell: Description(.slot, -1)
        case .clearLocal, .newCell, .boxLocal: Description(.slot, 0)
        case .loadCapture: Description(.capture, 1)
        case .loadGlobal: Description(.global, 1)
        case .storeGlobal: Description(.global, -1)
        case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power, .matrixMultiply, .less,
            .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .contains, .notContains, .range, .closedRange:
            Description(.none, -1)
        case .negate, .not: Description(.none, 0)
        case .jump, .loop: Description(.jump, 0)
        case .jumpIfFalse, .jumpIfFalseKeep, .jumpIfTrueKeep: Description(.jump, -1)
        case .jumpIfBound: Description(.slotAndJump, 0)
        case .list, .template: Description(.count, by: { 1 - $0 })
        case .record: Description(.shape, 0)
        case .append: Description(.slot, -1)
        case .format: Description(.none, -1)
        case .text: Description(.none, 0)
        case .unpack: Description(.count, by: { $0 - 1 })
        case .index: Description(.none, -1)
        case .setIndex: Description(.none, -3)
        case .indexMany, .setIndexMany: Description(.shape, 0)
        case .loadField: Description(.constant, 0)
        case .loadFieldKeep: Description(.constant, 1)
        case .storeField: Description(.constant, -2)
        case .iterate: Description(.slot, -1)
        case .next: Description(.slotAndJump, 1)
        case .call: Description(.count, by: { -$0 })
        case .callShape, .callMethod: Description(.shape, 0)
        case .closure: Description(.prototype, 1)
        case .result: Description(.none, -1)
        case .pushHandler: Description(.jump, 0)
        case .popHandler, .leaveBlock: Description(.none, 0)
        case .enterBlock: Description(.none, 0)
        case .importFile: Description(.constant, 1)
        }
    }
}
