/// Code as text: a function after the other, one instruction a line with its offset, the line of the source, the opcode
/// and its operands by name. From the opcodes' table, for looking and for tests.
package enum Disassembler {
    /// The names of all instructions.
    package static var instructions: [String] { Opcode.allCases.map { "\($0)" } }

    /// The code of a source without the lines that it stands on; empty where the source has errors.
    package static func disassemble(_ source: Source, registry: Registry = Registry()) -> String {
        let interpreter = Interpreter(registry: registry)
        guard let prototype = try? interpreter.compile(source, into: interpreter.module).prototype else { return "" }
        return list(prototype, showsLines: false)
    }

    static func list(_ prototype: Prototype, showsLines: Bool = true) -> String {
        var lines = [heading(prototype)]
        for instruction in Instruction.all(of: prototype) ?? [] {
            let line = prototype.source.lineNumber(of: prototype.spans[instruction.offset].start)
            let operands = operands(of: instruction, prototype)
            let text = padded("\(instruction.offset)", 6) + (showsLines ? padded("\(line)", 6) : "") + "  "
                + (operands.isEmpty ? "\(instruction.opcode)" : "\(instruction.opcode)".padding(21) + " " + operands)
            lines.append(text)
        }
        return ([lines.joined(separator: "\n")] + prototype.prototypes.map { list($0, showsLines: showsLines) })
            .joined(separator: "\n\n")
    }

    private static func heading(_ prototype: Prototype) -> String {
        if prototype.isFile { return "\(prototype.name):" }
        return "\(prototype.name)(\(prototype.parameters.map(\.name).joined(separator: ", "))):"
    }

    private static func operands(of instruction: Instruction, _ prototype: Prototype) -> String {
        let operand = instruction.operand
        func slot(_ slot: Int) -> String { name(of: slot, prototype) }
        var parts: String
        switch instruction.description.operand {
        case .none: parts = ""
        case .constant: parts = Printer.short(prototype.constants[operand])
        case .integer, .count: parts = "\(operand)"
        case .slot: parts = slot(operand)
        case .capture: parts = prototype.captures[operand].name
        case .global: parts = prototype.module.names[operand]
        case .jump: parts = ""
        case .shape: parts = text(prototype.shapes[operand])
        case .prototype: parts = prototype.prototypes[operand].name
        case .slots, .slotsAndJump: parts = "\(slot(instruction.first)), \(slot(instruction.last))"
        case .slotAndInteger: parts = "\(slot(instruction.first)), \(instruction.last)"
        case .slotAndJump: parts = slot(operand)
        case .branch: parts = "unless \(instruction.branch.comparison.rawValue)"
        case .branchInteger: parts = "unless \(instruction.branch.comparison.rawValue) \(operand)"
        case .branchSlots:
            parts = "unless \(slot(instruction.first)) \(instruction.branch.comparison.rawValue) \(slot(instruction.last))"
        case .branchSlotInteger:
            parts = "unless \(slot(instruction.first)) \(instruction.branch.comparison.rawValue) \(instruction.last)"
        case .branchSlotConstant:
            let constant = Printer.short(prototype.constants[instruction.last])
            parts = "unless \(slot(instruction.first)) \(instruction.branch.comparison.rawValue) \(constant)"
        case .field: parts = "." + (prototype.constants[operand].asString ?? "")
        case .slotAndField:
            parts = slot(instruction.first) + "." + (prototype.constants[instruction.last].asString ?? "")
        }
        if let target = instruction.target { parts += (parts.isEmpty ? "" : " ") + "-> \(target)" }
        return parts
    }

    /// A local's name; `#2` for what has none.
    private static func name(of slot: Int, _ prototype: Prototype) -> String {
        prototype.localNames.indices.contains(slot) ? prototype.localNames[slot] : "#\(slot)"
    }

    private static func text(_ shape: Shape) -> String {
        switch shape {
        case .record(let layout): return "{" + layout.names.map(\.text).joined(separator: ", ") + "}"
        case .index(let parts):
            let texts = parts.map { part in
                switch part {
                case .value: "value"
                case .slice(let hasStep): hasStep ? "::" : ":"
                }
            }
            return "[" + texts.joined(separator: ", ") + "]"
        case .call(let shape):
            let names = shape.names.map { ", \($0):" }.joined()
            return (shape.method.map { ".\($0.text)" } ?? "") + "(\(shape.positional)\(names))"
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension String {
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension Interpreter {
    /// What the virtual machine would run, as text; nothing is run.
    /// - Throws: what is wrong with the source.
    public func disassemble(source: Source) throws(DiagnosticsError) -> String {
        Disassembler.list(try compile(source, into: module).prototype) + "\n"
    }
}
