/// Checks compiled code against the opcodes' table: every jump leads to an instruction, every place is reached with the
/// same height of the stack by all ways, the stack never falls below its bottom nor grows beyond the frame, and every
/// operand names something that exists.
package enum Verifier {
    /// What is wrong with the code of a source that compiles; nothing, unless the compiler is.
    package static func problems(in source: Source, registry: Registry = Registry()) throws(DiagnosticsError) -> [String] {
        let interpreter = Interpreter(registry: registry)
        return problems(in: try interpreter.compile(source, into: interpreter.module).prototype)
    }

    private static func problems(in prototype: Prototype) -> [String] {
        let inner = prototype.prototypes.flatMap(problems)
        guard let instructions = Instruction.all(of: prototype) else {
            return inner + ["\(prototype.name): a word is no instruction"]
        }
        let byOffset = Dictionary(uniqueKeysWithValues: instructions.map { ($0.offset, $0) })
        var heights: [Int: Int] = [:]
        var pending = [(offset: 0, height: 0)]
        var problems = inner
        func note(_ text: String, _ offset: Int) { problems.append("\(prototype.name) at \(offset): \(text)") }
        while let (offset, height) = pending.popLast() {
            guard let instruction = byOffset[offset] else {
                note("there is no instruction here", offset)
                continue
            }
            if let known = heights[offset] {
                if known != height { note("reached with \(known) and with \(height) values on the stack", offset) }
                continue
            }
            heights[offset] = height
            if !hasValidOperand(instruction, prototype) { note("`\(instruction.opcode)` names nothing", offset) }
            let after = height + effect(of: instruction, prototype)
            if after < 0 { note("`\(instruction.opcode)` takes more than there is", offset) }
            if prototype.localCount + max(height, after) > prototype.frameSize { note("the frame is too small", offset) }
            pending += successors(of: instruction, height, after)
        }
        return problems
    }

    private static func successors(of instruction: Instruction, _ before: Int, _ after: Int) -> [(Int, Int)] {
        guard let target = instruction.target else {
            return instruction.opcode == .result ? [] : [(instruction.next, after)]
        }
        return switch instruction.opcode {
        case .jump, .loop: [(target, after)]
        case .jumpIfFalseKeep, .jumpIfTrueKeep, .next: [(target, before), (instruction.next, after)]
        case .pushHandler: [(target, before + 1), (instruction.next, after)]
        default: [(target, after), (instruction.next, after)]
        }
    }

    private static func effect(of instruction: Instruction, _ prototype: Prototype) -> Int {
        let declared = instruction.description.effect(instruction.operand)
        guard instruction.description.operand == .shape, prototype.shapes.indices.contains(instruction.operand) else {
            return declared
        }
        switch prototype.shapes[instruction.operand] {
        case .call(let shape): return -shape.count
        case .record(let layout): return 1 - layout.names.count
        case .index(let parts):
            let count = parts.reduce(0) { sum, part in
                if case .slice(let hasStep) = part { return sum + (hasStep ? 3 : 2) }
                return sum + 1
            }
            return instruction.opcode == .setIndexMany ? -count - 2 : -count
        }
    }

    private static func hasValidOperand(_ instruction: Instruction, _ prototype: Prototype) -> Bool {
        func isSlot(_ slot: Int) -> Bool { (0..<prototype.localCount).contains(slot) }
        func isConstant(_ index: Int) -> Bool { (0..<prototype.constantCount).contains(index) }
        return switch instruction.description.operand {
        case .constant, .field: isConstant(instruction.operand)
        case .slot, .slotAndJump: isSlot(instruction.operand)
        case .slots, .slotsAndJump, .branchSlots: isSlot(instruction.first) && isSlot(instruction.last)
        case .slotAndInteger, .branchSlotInteger: isSlot(instruction.first)
        case .slotAndField, .branchSlotConstant: isSlot(instruction.first) && isConstant(instruction.last)
        case .capture: prototype.captures.indices.contains(instruction.operand)
        case .global: prototype.module.names.indices.contains(instruction.operand)
        case .shape: prototype.shapes.indices.contains(instruction.operand)
        case .prototype: prototype.prototypes.indices.contains(instruction.operand)
        case .none, .integer, .count, .jump, .branch, .branchInteger: true
        }
    }
}
