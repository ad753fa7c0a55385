import Interruption
import Synchronization

extension Machine {
    /// One function, and longer than any other here: the machine is fast because the stack's end, the next instruction
    /// and the frame's base stay in registers from one instruction to the next, where no call between them would leave
    /// them. So an instruction's usual case stands here, as `Quick` has it; what is rarer is a call into
    /// Machine+Operators, Machine+Instructions or Machine+Calls. Even what each case looks like counts: with the slow
    /// ways of the operators folded into fewer lines, a call took 2% more instructions.
    ///
    /// Runs the topmost frame until frame `entry` returns, or, for a block with a hook, until the block is left.
    /// State lives in locals; it goes back to the frame and to `top` before anything that may run code of its own.
    func loop(entry: Int, isBlock: Bool) throws -> Value {
        let handlerCount = handlers.count
        let stackEnd = self.stackEnd
        let interruption = self.interruption
        var prototype = frames[depth - 1].prototype
        var next = frames[depth - 1].next
        var base = frames[depth - 1].base
        var code = prototype._withUnsafeGuaranteedRef { $0.entry.code }
        var constants = prototype._withUnsafeGuaranteedRef { $0.entry.constants }
        var globals = prototype._withUnsafeGuaranteedRef { $0.entry.globals }
        var sp = top

        /// Reloads the locals after the topmost frame has changed.
        @inline(__always)
        func reload() {
            prototype = frames[depth - 1].prototype
            next = frames[depth - 1].next
            base = frames[depth - 1].base
            code = prototype._withUnsafeGuaranteedRef { $0.entry.code }
            constants = prototype._withUnsafeGuaranteedRef { $0.entry.constants }
            globals = prototype._withUnsafeGuaranteedRef { $0.entry.globals }
        }

        while true {
            do {
                while true {
                    let word = next.pointee
                    next += 1
                    let operand = Int(Int32(bitPattern: word) >> 8)
                    switch unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self) {
                    // MARK: Values
                    case .constant:
                        Quick.copy(constants + operand, to: sp)
                        sp += 1
                    case .integer:
                        sp.initialize(to: .int(operand))
                        sp += 1
                    case .null:
                        sp.initialize(to: .null)
                        sp += 1
                    case .yes:
                        sp.initialize(to: .bool(true))
                        sp += 1
                    case .no:
                        sp.initialize(to: .bool(false))
                        sp += 1
                    case .pop:
                        sp -= 1
                        Quick.drop(sp)
                    case .duplicate:
                        Quick.copy(sp - 1, to: sp)
                        sp += 1
                    case .duplicatePair:
                        Quick.copy(sp - 2, to: sp)
                        Quick.copy(sp - 1, to: sp + 1)
                        sp += 2

                    // MARK: Variables
                    case .loadLocal:
                        Quick.copy(base + operand, to: sp)
                        sp += 1
                    case .loadLocalChecked:
                        if (base + operand).isUnbound { throw unbound(prototype, slot: operand) }
                        Quick.copy(base + operand, to: sp)
                        sp += 1
                    case .storeLocal:
                        sp -= 1
                        Quick.drop(base + operand)
                        (base + operand).moveInitialize(from: sp, count: 1)
                    case .moveLocal:
                        let value = base[operand & 0xFFF]
                        base[operand >> 12] = value
                    case .clearLocal:
                        base[operand] = .null
                    case .loadCell:
                        let value = cell(base + operand)._withUnsafeGuaranteedRef { $0.value }
                        if value.isUnbound { throw unbound(prototype, slot: operand) }
                        sp.initialize(to: value)
                        sp += 1
                    case .storeCell:
                        sp -= 1
                        cell(base + operand)._withUnsafeGuaranteedRef {
                            $0.value = sp.move()
                            $0.noteHolding($0.value)
                        }
                    case .newCell:
                        base[operand] = .object(CellObject(.unbound))
                    case .boxLocal:
                        base[operand] = .object(CellObject(base[operand]))
                    case .loadCapture:
                        let function = frames[depth - 1].function.unsafelyUnwrapped
                        let value = function._withUnsafeGuaranteedRef { $0.captures[operand].value }
                        if value.isUnbound { throw unbound(prototype, capture: operand) }
                        sp.initialize(to: value)
                        sp += 1
                    case .loadGlobal:
                        if (globals + operand).isUnbound {
                            sp.initialize(to: try builtin(prototype, slot: operand))
                        } else {
                            Quick.copy(globals + operand, to: sp)
                        }
                        sp += 1
                    case .storeGlobal:
                        sp -= 1
                        Quick.drop(globals + operand)
                        (globals + operand).moveInitialize(from: sp, count: 1)

                    // MARK: Operators
                    case .add:
                        if Quick.add(sp - 2, sp - 1, into: sp - 2) {
                            sp -= 1
                        } else {
                            sp = try add(sp, next, base, globals)
                        }
                    case .subtract:
                        if Quick.subtract(sp - 2, sp - 1, into: sp - 2) {
                            sp -= 1
                        } else {
                            sp = try binary(.subtract, sp)
                        }
                    case .multiply:
                        if Quick.multiply(sp - 2, sp - 1, into: sp - 2) {
                            sp -= 1
                        } else {
                            sp = try binary(.multiply, sp)
                        }
                    case .divide:
                        if Quick.divide(sp - 2, sp - 1, into: sp - 2) {
                            sp -= 1
                        } else {
                            sp = try binary(.divide, sp)
                        }
                    case .floorDivide, .remainder, .power, .matrixMultiply:
                        sp = try binary(Machine.binaryOperator(word), sp)
                    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
                        let op = Machine.binaryOperator(word)
                        let relation = Quick.relation(sp - 2, sp - 1)
                        if relation != 0 {
                            sp -= 1
                            (sp - 1).initialize(to: .bool(Branch.relations(op) & relation != 0))
                        } else {
                            sp = try binary(op, sp)
                        }
                    case .negate:
                        top = sp
                        sp[-1] = try Arithmetic.unary(.negate, sp[-1])
                    case .plus:
                        top = sp
                        try Arithmetic.checkPlus(sp[-1])
                    case .not:
                        if case .bool(let condition) = sp[-1] {
                            (sp - 1).initialize(to: .bool(!condition))
                        } else {
                            top = sp
                            sp[-1] = try Arithmetic.unary(.not, sp[-1])
                        }
                    case .contains, .notContains:
                        let isNegated = unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self) == .notContains
                        top = sp
                        let result = try Machine.fieldIsThere(sp) ?? Indexing.contains(sp[-2], in: sp[-1])
                        sp = Machine.replacePair(below: sp, with: .bool(result != isNegated))
                    case .range, .closedRange:
                        let isClosed = unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self) == .closedRange
                        let result = try range(sp[-2], sp[-1], isClosed: isClosed)
                        sp = Machine.replacePair(below: sp, with: result)

                    // MARK: Operators with their operands
                    case .addLocals:
                        if !Quick.add(base + (operand & 0xFFF), base + (operand >> 12), into: sp) {
                            sp = Machine.push(base[operand & 0xFFF], base[operand >> 12], sp)
                            sp = try add(sp, next, base, globals)
                        } else {
                            sp += 1
                        }
                    case .addLocal:
                        if !Quick.add(sp - 1, base + operand, into: sp - 1) {
                            sp = Machine.push(base[operand], sp)
                            sp = try add(sp, next, base, globals)
                        }
                    case .subtractLocals:
                        if !Quick.subtract(base + (operand & 0xFFF), base + (operand >> 12), into: sp) {
                            sp = Machine.push(base[operand & 0xFFF], base[operand >> 12], sp)
                            sp = try binary(.subtract, sp)
                        } else {
                            sp += 1
                        }
                    case .subtractLocal:
                        if !Quick.subtract(sp - 1, base + operand, into: sp - 1) {
                            sp = Machine.push(base[operand], sp)
                            sp = try binary(.subtract, sp)
                        }
                    case .multiplyLocals:
                        if !Quick.multiply(base + (operand & 0xFFF), base + (operand >> 12), into: sp) {
                            sp = Machine.push(base[operand & 0xFFF], base[operand >> 12], sp)
                            sp = try binary(.multiply, sp)
                        } else {
                            sp += 1
                        }
                    case .multiplyLocal:
                        if !Quick.multiply(sp - 1, base + operand, into: sp - 1) {
                            sp = Machine.push(base[operand], sp)
                            sp = try binary(.multiply, sp)
                        }
                    case .addInteger:
                        if !Quick.add(sp - 1, operand, into: sp - 1) {
                            sp = Machine.push(.int(operand), sp)
                            sp = try add(sp, next, base, globals)
                        }
                    case .addLocalInteger:
                        if !Quick.add(base + (operand & 0xFFF), operand >> 12, into: sp) {
                            sp = Machine.push(base[operand & 0xFFF], .int(operand >> 12), sp)
                            sp = try add(sp, next, base, globals)
                        } else {
                            sp += 1
                        }
                    case .subtractInteger:
                        if !Quick.subtract(sp - 1, operand, into: sp - 1) {
                            sp = Machine.push(.int(operand), sp)
                            sp = try binary(.subtract, sp)
                        }
                    case .subtractLocalInteger:
                        if !Quick.subtract(base + (operand & 0xFFF), operand >> 12, into: sp) {
                            sp = Machine.push(base[operand & 0xFFF], .int(operand >> 12), sp)
                            sp = try binary(.subtract, sp)
                        } else {
                            sp += 1
                        }
                    case .multiplyInteger:
                        if !Quick.multiply(sp - 1, operand, into: sp - 1) {
                            sp = Machine.push(.int(operand), sp)
                            sp = try binary(.multiply, sp)
                        }
                    case .multiplyLocalInteger:
                        if !Quick.multiply(base + (operand & 0xFFF), operand >> 12, into: sp) {
                            sp = Machine.push(base[operand & 0xFFF], .int(operand >> 12), sp)
                            sp = try binary(.multiply, sp)
                        } else {
                            sp += 1
                        }
                    case .remainderInteger:
                        if !Quick.remainder(sp - 1, operand, into: sp - 1) {
                            sp = Machine.push(.int(operand), sp)
                            sp = try binary(.remainder, sp)
                        }
                    case .remainderLocalInteger:
                        if !Quick.remainder(base + (operand & 0xFFF), operand >> 12, into: sp) {
                            sp = Machine.push(base[operand & 0xFFF], .int(operand >> 12), sp)
                            sp = try binary(.remainder, sp)
                        } else {
                            sp += 1
                        }
                    case .incrementLocal:
                        let place = base + (operand & 0xFFF)
                        if !Quick.add(place, operand >> 12, into: place) {
                            let step = operand >> 12
                            sp = Machine.push(place.pointee, .int(abs(step)), sp)
                            sp = try binary(step < 0 ? .subtract : .add, sp) - 1
                            place.pointee = sp.move()
                        }

                    // MARK: Jumps
                    case .jump:
                        next = code + operand
                    case .loop:
                        if interruption.pointee.load(ordering: .relaxed) != 0 { try stop() }
                        next = code + operand
                    case .jumpIfFalse:
                        guard case .bool(let condition) = sp[-1] else {
                            throw Arithmetic.condition(sp[-1], "a condition")
                        }
                        sp -= 1
                        if !condition { next = code + operand }
                    case .jumpUnlessBoth:
                        guard case .bool(let condition) = sp[-1] else { throw Arithmetic.condition(sp[-1], "`and`") }
                        sp -= 1
                        if !condition { next = code + operand }
                    case .branch:
                        let branch = Branch(word: next.pointee)
                        var relation = Quick.relation(sp - 2, sp - 1)
                        if relation == 0 { relation = try compare(branch, sp) }
                        sp -= 2
                        next = branch.relations & relation != 0 ? next + 1 : code + branch.target
                    case .branchInteger:
                        let branch = Branch(word: next.pointee)
                        var relation = Quick.relation(sp - 1, operand)
                        if relation == 0 {
                            sp = Machine.push(.int(operand), sp)
                            relation = try compare(branch, sp)
                            sp -= 1
                        }
                        sp -= 1
                        next = branch.relations & relation != 0 ? next + 1 : code + branch.target
                    case .branchLocals:
                        let branch = Branch(word: next.pointee)
                        let (left, right) = (base + (operand & 0xFFF), base + (operand >> 12))
                        var relation = Quick.relation(left, right)
                        if relation == 0 { relation = Machine.textRelation(left, right) }
                        if relation == 0 {
                            sp = Machine.push(base[operand & 0xFFF], base[operand >> 12], sp)
                            relation = try compare(branch, sp)
                            sp -= 2
                        }
                        next = branch.relations & relation != 0 ? next + 1 : code + branch.target
                    case .branchLocalInteger:
                        let branch = Branch(word: next.pointee)
                        var relation = Quick.relation(base + (operand & 0xFFF), operand >> 12)
                        if relation == 0 {
                            sp = Machine.push(base[operand & 0xFFF], .int(operand >> 12), sp)
                            relation = try compare(branch, sp)
                            sp -= 2
                        }
                        next = branch.relations & relation != 0 ? next + 1 : code + branch.target
                    case .branchLocalConstant:
                        let branch = Branch(word: next.pointee)
                        let (left, right) = (base + (operand & 0xFFF), constants + (operand >> 12))
                        var relation = Quick.relation(left, right)
                        if relation == 0 { relation = Machine.textRelation(left, right) }
                        if relation == 0 {
                            sp = Machine.push(left.pointee, right.pointee, sp)
                            relation = try compare(branch, sp)
                            sp -= 2
                        }
                        next = branch.relations & relation != 0 ? next + 1 : code + branch.target
                    case .jumpIfFalseKeep:
                        guard case .bool(let condition) = sp[-1] else { throw Arithmetic.condition(sp[-1], "`and`") }
                        if condition {
                            sp -= 1
                        } else {
                            next = code + operand
                        }
                    case .jumpIfTrueKeep:
                        guard case .bool(let condition) = sp[-1] else { throw Arithmetic.condition(sp[-1], "`or`") }
                        if condition {
                            next = code + operand
                        } else {
                            sp -= 1
                        }
                    case .jumpIfBound:
                        if (base + operand).isUnbound {
                            next += 1
                        } else {
                            next = code + Int(next.pointee)
                        }

                    // MARK: Collections
                    case .list:
                        let elements = Machine.take(operand, below: sp)
                        sp -= operand
                        sp.initialize(to: .object(ListObject(elements)))
                        sp += 1
                    case .record: sp = makeRecord(prototype, operand, sp)
                    case .append:
                        sp -= 1
                        try append(sp.move(), to: base[operand])
                    case .template: sp = try joinText(operand, sp)
                    case .format:
                        let result = try Formatter.format(sp[-2], sp[-1].asString ?? "")
                        sp = Machine.replacePair(below: sp, with: .string(result))
                    case .text:
                        if case .object(let object) = sp[-1], object.kind == .string { break }
                        if case .int = sp[-1] { break }  // `template` writes it
                        sp[-1] = .string(Printer.string(sp[-1]))
                    case .unpack: sp = try unpack(operand, sp)
                    case .index:
                        if let list = (sp - 2).reference(.list, as: ListObject.self), case .int(let position) = sp[-1],
                            list._withUnsafeGuaranteedRef({ $0.copy(position, to: sp - 1) })
                        {
                            sp -= 1
                            Quick.drop(sp - 1)
                            (sp - 1).moveInitialize(from: sp, count: 1)
                            break
                        }
                        if Machine.item(sp - 2, sp - 1, to: sp) {
                            Quick.drop(sp - 1)
                            Quick.drop(sp - 2)
                            (sp - 2).moveInitialize(from: sp, count: 1)
                            sp -= 1
                            break
                        }
                        top = sp
                        let result = try Indexing.get(sp[-2], at: sp[-1])
                        sp = Machine.replacePair(below: sp, with: result)
                    case .indexLocals:
                        if let list = (base + (operand & 0xFFF)).reference(.list, as: ListObject.self),
                            case .int(let position) = base[operand >> 12],
                            list._withUnsafeGuaranteedRef({ $0.copy(position, to: sp) })
                        {
                            sp += 1
                            break
                        }
                        if Machine.item(base + (operand & 0xFFF), base + (operand >> 12), to: sp) {
                            sp += 1
                            break
                        }
                        top = sp
                        sp.initialize(to: try Indexing.get(base[operand & 0xFFF], at: base[operand >> 12]))
                        sp += 1
                    case .setIndex:
                        if let list = (sp - 3).reference(.list, as: ListObject.self), case .int(let position) = sp[-2],
                            list._withUnsafeGuaranteedRef({ $0.take(sp - 1, at: position) })
                        {
                            sp -= 3
                            Quick.drop(sp)
                            break
                        }
                        if Machine.setField(sp) {
                            sp -= 3
                            Quick.drop(sp + 1)
                            Quick.drop(sp)
                            break
                        }
                        top = sp
                        try Indexing.set(sp[-3], at: sp[-2], sp[-1])
                        drop(to: sp - 3, from: sp)
                        sp -= 3
                    case .indexMany:
                        top = sp
                        sp = try indexMany(prototype, operand, sp)
                    case .setIndexMany:
                        top = sp
                        sp = try setIndexMany(prototype, operand, sp)
                    case .loadField:
                        if let record = (sp - 1).reference(.record, as: RecordObject.self),
                            record._withUnsafeGuaranteedRef({ $0.copy(next, to: sp) })
                        {
                            Quick.drop(sp - 1)
                            (sp - 1).moveInitialize(from: sp, count: 1)
                            next += 2
                            break
                        }
                        top = sp
                        sp[-1] = try field(constants[operand], of: sp[-1], next)
                        next += 2
                    case .loadFieldOfLocal:
                        if let record = (base + (operand & 0xFFF)).reference(.record, as: RecordObject.self),
                            record._withUnsafeGuaranteedRef({ $0.copy(next, to: sp) })
                        {
                            sp += 1
                            next += 2
                            break
                        }
                        top = sp
                        sp.initialize(to: try field(constants[operand >> 12], of: base[operand & 0xFFF], next))
                        sp += 1
                        next += 2
                    case .loadFieldKeep:
                        if let record = (sp - 1).reference(.record, as: RecordObject.self),
                            record._withUnsafeGuaranteedRef({ $0.copy(next, to: sp) })
                        {
                            sp += 1
                            next += 2
                            break
                        }
                        top = sp
                        sp.initialize(to: try field(constants[operand], of: sp[-1], next))
                        sp += 1
                        next += 2
                    case .storeField:
                        if let record = (sp - 2).reference(.record, as: RecordObject.self),
                            record._withUnsafeGuaranteedRef({ $0.take(sp - 1, at: next) })
                        {
                            sp -= 2
                            Quick.drop(sp)
                            next += 2
                            break
                        }
                        top = sp
                        try storeField(constants[operand], sp, next)
                        drop(to: sp - 2, from: sp)
                        sp -= 2
                        next += 2

                    // MARK: Loops
                    case .iterate:
                        top = sp
                        let iterator = try IteratorObject(sp[-1])
                        sp -= 1
                        sp.deinitialize(count: 1)
                        base[operand] = .object(iterator)
                    case .next:
                        top = sp
                        sp.initialize(to: .null)
                        if try advance(base + operand, into: sp) {
                            sp += 1
                            next += 1
                        } else {
                            base[operand] = .null
                            next = code + Int(next.pointee)
                        }
                    case .nextLocal:
                        top = sp
                        if try advance(base + (operand & 0xFFF), into: base + (operand >> 12)) {
                            next += 1
                        } else {
                            base[operand & 0xFFF] = .null
                            next = code + Int(next.pointee)
                        }
                    case .loopLocal:
                        if interruption.pointee.load(ordering: .relaxed) != 0 { try stop() }
                        top = sp
                        if try advance(base + (operand & 0xFFF), into: base + (operand >> 12)) {
                            next = code + Int(next.pointee)
                        } else {
                            base[operand & 0xFFF] = .null
                            next += 1
                        }

                    // MARK: Functions
                    case .call:
                        let callee = sp - (operand + 1)
                        if let function = callee.reference(.function, as: FunctionObject.self) {
                            let target = function._withUnsafeGuaranteedRef { $0.entry }
                            if interruption.pointee.load(ordering: .relaxed) != 0 { try stop() }
                            guard depth < Limits.callDepth, sp + target.frameSize < stackEnd else {
                                throw Machine.tooDeep
                            }
                            if operand == target.parameterCount {
                                let end = callee + (1 + target.localCount)
                                while sp < end {
                                    sp.initialize(to: .null)
                                    sp += 1
                                }
                                if target.hasUncertainSlots {
                                    Machine.unbind(function._withUnsafeGuaranteedRef { $0.code }, callee + 1)
                                }
                            } else {
                                try arrange(function.takeUnretainedValue(), callee, operand, shape: nil)
                                sp = callee + (1 + target.localCount)
                            }
                            frames[depth - 1].next = next
                            base = callee + 1
                            prototype = function._withUnsafeGuaranteedRef { $0.code }
                            code = target.code
                            next = code
                            constants = target.constants
                            globals = target.globals
                            (frames + depth).initialize(
                                to: Frame(
                                    prototype: prototype, function: function, next: next, base: base))
                            depth += 1
                        } else if Machine.callQuick(callee, operand, sp) {
                            if interruption.pointee.load(ordering: .relaxed) != 0 {
                                do { try stop() } catch {
                                    Quick.drop(sp)
                                    throw error
                                }
                            }
                            let result = sp
                            while sp > callee {
                                sp -= 1
                                Quick.drop(sp)
                            }
                            callee.moveInitialize(from: result, count: 1)
                            sp = callee + 1
                        } else {
                            top = sp
                            frames[depth - 1].next = next
                            let result: Value
                            do { result = try callOther(callee, operand, shape: nil) } catch {
                                sp = top
                                throw error
                            }
                            sp = top
                            drop(to: callee, from: sp)
                            callee.initialize(to: result)
                            sp = callee + 1
                        }
                    case .callShape, .callMethod:
                        top = sp
                        frames[depth - 1].next = next
                        let entered: Bool
                        do { entered = try callShaped(prototype, operand) } catch {
                            sp = top
                            throw error
                        }
                        sp = top
                        if entered { reload() }
                    case .closure:
                        sp.initialize(to: closure(prototype, operand, base))
                        sp += 1
                    case .result:
                        sp -= 1
                        let result = sp.move()
                        drop(to: base - 1, from: sp)
                        sp = base - 1
                        depth -= 1
                        if depth == entry {
                            top = sp
                            return result
                        }
                        sp.initialize(to: result)
                        sp += 1
                        reload()

                    // MARK: Errors, blocks with a hook, files
                    case .pushHandler:
                        handlers.append(Handler(frame: depth - 1, height: sp, target: operand))
                    case .popHandler:
                        handlers.removeLast()
                    case .enterBlock:
                        top = sp
                        frames[depth - 1].next = next
                        do { try runBlock() } catch {
                            sp = top
                            throw error
                        }
                        sp = top
                        next = frames[depth - 1].next
                    case .leaveBlock:
                        if isBlock, depth - 1 == entry {
                            frames[depth - 1].next = next
                            top = sp
                            return .null
                        }
                    case .importFile:
                        top = sp
                        frames[depth - 1].next = next
                        sp.initialize(to: try importFile(constants[operand]))
                        sp += 1
                    }
                }
            } catch {
                let located = self.located(error, at: next)
                guard let handler = unwind(located, entry: entry, handlerCount: handlerCount, from: sp) else {
                    handlers.removeLast(handlers.count - handlerCount)
                    abandon(entry: entry, isBlock: isBlock, from: sp)
                    throw located
                }
                reload()
                next = code + handler.target
                sp = handler.height
                sp.initialize(to: record(of: located))
                sp += 1
            }
        }
    }
}
