/// Instructions that take the place of several: an operator with the loads before it, a load with the store behind it.
/// None reaches over a place that a jump may lead to.
extension CodeBuilder {
    /// - Returns: whether an instruction that does this and what stood before it has been emitted.
    mutating func fuse(_ opcode: Opcode, _ operand: Int, _ span: SourceSpan) -> Bool {
        switch opcode {
        case .add, .subtract, .multiply, .remainder, .index, .branch: fuseOperands(opcode, span)
        case .storeLocal: fuseStore(operand, span)
        case .loadField:
            if let last = emitted(1), last.opcode == .loadLocal, let both = Opcode.pair(last.operand, operand) {
                replace(1, with: .loadFieldOfLocal, both, span)
            } else {
                false
            }
        default: false
        }
    }

    private mutating func fuseOperands(_ opcode: Opcode, _ span: SourceSpan) -> Bool {
        guard let last = emitted(1) else { return false }
        let local = emitted(2).flatMap { $0.opcode == .loadLocal ? $0.operand : nil }
        switch last.opcode {
        case .loadLocal:
            if let local, let fused = opcode.with(.locals), let both = Opcode.pair(local, last.operand) {
                return replace(2, with: fused, both, span)
            }
            if let fused = opcode.with(.local) { return replace(1, with: fused, last.operand, span) }
        case .integer:
            if let local, let fused = opcode.with(.localInteger), let both = Opcode.pair(local, last.operand) {
                return replace(2, with: fused, both, span)
            }
            if let fused = opcode.with(.integer) { return replace(1, with: fused, last.operand, span) }
        case .constant:
            if let local, let fused = opcode.with(.localConstant), let both = Opcode.pair(local, last.operand) {
                return replace(2, with: fused, both, span)
            }
        default: break
        }
        return false
    }

    private mutating func fuseStore(_ slot: Int, _ span: SourceSpan) -> Bool {
        guard let last = emitted(1) else { return false }
        switch last.opcode {
        case .loadLocal:
            guard let both = Opcode.pair(last.operand, slot) else { return false }
            return replace(1, with: .moveLocal, both, span)
        case .addLocalInteger, .subtractLocalInteger:
            // A negative step stands for a subtraction, so that messages name the operator as written.
            let step = last.operand >> 12
            guard last.operand & 0xFFF == slot, step > 0 else { return false }
            guard let both = Opcode.pair(slot, last.opcode == .addLocalInteger ? step : -step) else { return false }
            return replace(1, with: .incrementLocal, both, last.span)
        default: return false
        }
    }

    /// The last instruction but `distance` - 1, if no jump can lead behind it.
    private func emitted(_ distance: Int) -> (opcode: Opcode, operand: Int, span: SourceSpan)? {
        guard starts.count >= distance else { return nil }
        let start = starts[starts.count - distance]
        guard let opcode = Opcode(rawValue: UInt8(truncatingIfNeeded: parts.code[start])) else { return nil }
        return (opcode, Int(Int32(bitPattern: parts.code[start]) >> 8), parts.spans[start])
    }

    private mutating func replace(_ count: Int, with opcode: Opcode, _ operand: Int, _ span: SourceSpan) -> Bool {
        for distance in 1...count {
            if let last = emitted(distance) { adjust(-last.opcode.description.effect(last.operand)) }
        }
        cut(count)
        append(opcode, operand, span)
        return true
    }
}
