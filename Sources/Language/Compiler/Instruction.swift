/// One instruction of a prototype's code, as the disassembler and the verifier see it.
struct Instruction {
    let offset: Int
    let opcode: Opcode
    let operand: Int
    /// The word behind the first; 0 where there is none.
    let second: UInt32

    var description: Opcode.Description { opcode.description }
    var next: Int { offset + description.operand.wordCount }
    var first: Int { operand & 0xFFF }
    var last: Int { operand >> 12 }
    var branch: Branch { Branch(word: second) }

    /// Where it may jump to.
    var target: Int? {
        switch description.operand {
        case .jump: operand
        case .slotAndJump, .slotsAndJump: Int(second)
        case .branch, .branchInteger, .branchSlots, .branchSlotInteger, .branchSlotConstant: branch.target
        default: nil
        }
    }

    /// All instructions of a prototype; `nil` for a word that is none.
    static func all(of prototype: Prototype) -> [Instruction]? {
        var result: [Instruction] = []
        var offset = 0
        while offset < prototype.codeCount {
            let word = prototype.code[offset]
            guard let opcode = Opcode(rawValue: UInt8(truncatingIfNeeded: word)) else { return nil }
            let hasMore = offset + 1 < prototype.codeCount && opcode.description.operand.wordCount > 1
            let instruction = Instruction(
                offset: offset, opcode: opcode, operand: Int(Int32(bitPattern: word) >> 8),
                second: hasMore ? prototype.code[offset + 1] : 0)
            result.append(instruction)
            offset = instruction.next
        }
        return offset == prototype.codeCount ? result : nil
    }
}
