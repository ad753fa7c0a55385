/// Code as text, one instruction a line, from the opcodes' table. For tests and for looking.
package enum Disassembler {
    package static func disassemble(_ source: Source, registry: Registry = Registry()) -> String {
        let interpreter = Interpreter(registry: registry)
        guard let prototype = try? interpreter.compile(source, into: interpreter.module).prototype else { return "" }
        return list(prototype)
    }

    /// The names of all instructions.
    package static var instructions: [String] { Opcode.allCases.map { "\($0)" } }

    static func list(_ prototype: Prototype) -> String {
        var lines = ["\(prototype.name):"]
        var offset = 0
        while offset < prototype.codeCount {
            guard let opcode = Opcode(rawValue: UInt8(truncatingIfNeeded: prototype.code[offset])) else { break }
            let operand = Int(Int32(bitPattern: prototype.code[offset]) >> 8)
            var line = "  \(offset) \(opcode)"
            switch opcode.description.operand {
            case .none: break
            case .constant: line += " \(Printer.short(prototype.constants[operand]))"
            case .slotAndJump:
                line += " \(operand) -> \(prototype.code[offset + 1])"
                offset += 1
            case .jump: line += " -> \(operand)"
            case .global: line += " \(prototype.module.names[operand])"
            case .slot, .capture, .count, .shape, .prototype: line += " \(operand)"
            }
            lines.append(line)
            offset += 1
        }
        return (lines + prototype.prototypes.map(list)).joined(separator: "\n")
    }
}
