import Interruption

extension Machine {
    /// Runs the topmost frame until frame `entry` returns, or, for a block with a hook, until the block is left.
    /// State lives in locals; it goes back to the frame and to `top` before anything that may run code of its own.
    func loop(entry: Int, isBlock: Bool) throws -> Value {
        let handlerCount = handlers.count
        let stackEnd = self.stackEnd
        var prototype = frames[depth - 1].prototype
        var next = frames[depth - 1].next
        var base = frames[depth - 1].base
        var constants = prototype._withUnsafeGuaranteedRef { $0.constants }
        var globals = prototype._withUnsafeGuaranteedRef { $0.module.values }
        var sp = top

        /// Reloads the locals after the topmost frame has changed.
        @inline(__always)
        func reload() {
            prototype = frames[depth - 1].prototype
            next = frames[depth - 1].next
            base = frames[depth - 1].base
            constants = prototype._withUnsafeGuaranteedRef { $0.constants }
            globals = prototype._withUnsafeGuaranteedRef { $0.module.values }
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
                        sp.initialize(to: constants[operand])
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
                        sp.deinitialize(count: 1)
                    case .duplicate:
                        sp.initialize(to: sp[-1])
                        sp += 1
                    case .duplicatePair:
                        sp.initialize(to: sp[-2])
                        (sp + 1).initialize(to: sp[-1])
                        sp += 2

                    // MARK: Variables
                    case .loadLocal:
                        sp.initialize(to: base[operand])
                        sp += 1
                    case .loadLocalChecked:
                        let value = base[operand]
                        if value.isUnbound { throw unbound(prototype, slot: operand) }
                        sp.initialize(to: value)
                        sp += 1
                    case .storeLocal:
                        sp -= 1
                        base[operand] = sp.move()
                    case .clearLocal:
                        base[operand] = .null
                    case .loadCell:
                        let value = cell(base[operand]).value
                        if value.isUnbound { throw unbound(prototype, slot: operand) }
                        sp.initialize(to: value)
                        sp += 1
                    case .storeCell:
                        sp -= 1
                        cell(base[operand]).value = sp.move()
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
                        let value = globals[operand]
                        if value.isUnbound {
                            sp.initialize(to: try builtin(prototype, slot: operand))
                        } else {
                            sp.initialize(to: value)
                        }
                        sp += 1
                    case .storeGlobal:
                        sp -= 1
                        globals[operand] = sp.move()

                    // MARK: Operators
                    case .add:
                        if case .int(let a) = sp[-2], case .int(let b) = sp[-1] {
                            let (result, overflow) = a.addingReportingOverflow(b)
                            if overflow { throw Arithmetic.overflow(.add, a, b) }
                            sp -= 1
                            (sp - 1).initialize(to: .int(result))
                        } else if case .float(let a) = sp[-2], case .float(let b) = sp[-1] {
                            sp -= 1
                            (sp - 1).initialize(to: .float(a + b))
                        } else {
                            sp = try binary(.add, sp)
                        }
                    case .subtract:
                        if case .int(let a) = sp[-2], case .int(let b) = sp[-1] {
                            let (result, overflow) = a.subtractingReportingOverflow(b)
                            if overflow { throw Arithmetic.overflow(.subtract, a, b) }
                            sp -= 1
                            (sp - 1).initialize(to: .int(result))
                        } else if case .float(let a) = sp[-2], case .float(let b) = sp[-1] {
                            sp -= 1
                            (sp - 1).initialize(to: .float(a - b))
                        } else {
                            sp = try binary(.subtract, sp)
                        }
                    case .multiply:
                        if case .int(let a) = sp[-2], case .int(let b) = sp[-1] {
                            let (result, overflow) = a.multipliedReportingOverflow(by: b)
                            if overflow { throw Arithmetic.overflow(.multiply, a, b) }
                            sp -= 1
                            (sp - 1).initialize(to: .int(result))
                        } else if case .float(let a) = sp[-2], case .float(let b) = sp[-1] {
                            sp -= 1
                            (sp - 1).initialize(to: .float(a * b))
                        } else {
                            sp = try binary(.multiply, sp)
                        }
                    case .divide, .floorDivide, .remainder, .power, .matrixMultiply:
                        sp = try binary(Machine.binaryOperator(word), sp)
                    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
                        let op = Machine.binaryOperator(word)
                        if case .int(let a) = sp[-2], case .int(let b) = sp[-1] {
                            sp -= 1
                            (sp - 1).initialize(to: .bool(Machine.compare(op, a, b)))
                        } else {
                            sp = try binary(op, sp)
                        }
                    case .negate, .not:
                        top = sp
                        let isNegate = unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self) == .negate
                        sp[-1] = try Arithmetic.unary(isNegate ? .negate : .not, sp[-1])
                    case .contains, .notContains:
                        top = sp
                        let isNegated = unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self) == .notContains
                        let result = try Indexing.contains(sp[-2], in: sp[-1])
                        sp = Machine.replacePair(below: sp, with: .bool(result != isNegated))
                    case .range, .closedRange:
                        let isClosed = unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self) == .closedRange
                        let result = try range(sp[-2], sp[-1], isClosed: isClosed)
                        sp = Machine.replacePair(below: sp, with: result)

                    // MARK: Jumps
                    case .jump:
                        next = prototype._withUnsafeGuaranteedRef { $0.code } + operand
                    case .loop:
                        try Interruption.check()
                        next = prototype._withUnsafeGuaranteedRef { $0.code } + operand
                    case .jumpIfFalse:
                        guard case .bool(let condition) = sp[-1] else {
                            throw Arithmetic.condition(sp[-1], "a condition")
                        }
                        sp -= 1
                        if !condition { next = prototype._withUnsafeGuaranteedRef { $0.code } + operand }
                    case .jumpIfFalseKeep:
                        guard case .bool(let condition) = sp[-1] else { throw Arithmetic.condition(sp[-1], "`and`") }
                        if condition {
                            sp -= 1
                        } else {
                            next = prototype._withUnsafeGuaranteedRef { $0.code } + operand
                        }
                    case .jumpIfTrueKeep:
                        guard case .bool(let condition) = sp[-1] else { throw Arithmetic.condition(sp[-1], "`or`") }
                        if condition {
                            next = prototype._withUnsafeGuaranteedRef { $0.code } + operand
                        } else {
                            sp -= 1
                        }
                    case .jumpIfBound:
                        if base[operand].isUnbound {
                            next += 1
                        } else {
                            next = prototype._withUnsafeGuaranteedRef { $0.code } + Int(next.pointee)
                        }

                    // MARK: Collections
                    case .list:
                        let elements = Array(UnsafeBufferPointer(start: sp - operand, count: operand))
                        drop(to: sp - operand, from: sp)
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
                        sp[-1] = .string(Printer.display(sp[-1]))
                    case .unpack: sp = try unpack(operand, sp)
                    case .index:
                        if case .object(let object) = sp[-2], object.kind == .list, case .int(let position) = sp[-1] {
                            let list = unsafeDowncast(object, to: ListObject.self)
                            if position >= 0, position < list.elements.count {
                                let value = list.elements[position]
                                sp -= 1
                                sp[-1] = value
                                break
                            }
                        }
                        top = sp
                        let result = try Indexing.get(sp[-2], [.value(sp[-1])])
                        sp = Machine.replacePair(below: sp, with: result)
                    case .setIndex:
                        if case .object(let object) = sp[-3], object.kind == .list, case .int(let position) = sp[-2] {
                            let list = unsafeDowncast(object, to: ListObject.self)
                            if position >= 0, position < list.elements.count {
                                sp -= 1
                                list.elements[position] = sp.move()
                                drop(to: sp - 2, from: sp)
                                sp -= 2
                                break
                            }
                        }
                        top = sp
                        try Indexing.set(sp[-3], [.value(sp[-2])], sp[-1])
                        drop(to: sp - 3, from: sp)
                        sp -= 3
                    case .indexMany:
                        top = sp
                        sp = try indexMany(prototype, operand, sp)
                    case .setIndexMany:
                        top = sp
                        sp = try setIndexMany(prototype, operand, sp)
                    case .loadField:
                        top = sp
                        sp[-1] = try field(constants[operand], of: sp[-1])
                    case .loadFieldKeep:
                        top = sp
                        sp.initialize(to: try field(constants[operand], of: sp[-1]))
                        sp += 1
                    case .storeField:
                        top = sp
                        try Indexing.setField(constants[operand].asString ?? "", of: sp[-2], to: sp[-1])
                        drop(to: sp - 2, from: sp)
                        sp -= 2

                    // MARK: Loops
                    case .iterate:
                        top = sp
                        let iterator = try IteratorObject(sp[-1])
                        sp -= 1
                        sp.deinitialize(count: 1)
                        base[operand] = .object(iterator)
                    case .next:
                        top = sp
                        if let value = try iterator(base[operand]).next() {
                            sp.initialize(to: value)
                            sp += 1
                            next += 1
                        } else {
                            base[operand] = .null
                            next = prototype._withUnsafeGuaranteedRef { $0.code } + Int(next.pointee)
                        }

                    // MARK: Functions
                    case .call:
                        let callee = sp - (operand + 1)
                        if case .object(let object) = callee.pointee, object.kind == .function {
                            let function = unsafeDowncast(object, to: FunctionObject.self)
                            let target = function.prototype
                            if Interruption.isRequested { throw Interrupted() }
                            guard depth < Limits.callDepth, sp + target.frameSize < stackEnd else {
                                throw Machine.tooDeep
                            }
                            if operand == target.parameterCount, target.uncertainSlots.isEmpty {
                                let end = callee + (1 + target.localCount)
                                while sp < end {
                                    sp.initialize(to: .null)
                                    sp += 1
                                }
                            } else {
                                try arrange(function, callee, operand, shape: nil)
                                sp = callee + (1 + target.localCount)
                            }
                            frames[depth - 1].next = next
                            base = callee + 1
                            prototype = .passUnretained(target)
                            next = target.code
                            constants = target.constants
                            globals = target.module.values
                            (frames + depth).initialize(
                                to: Frame(
                                    prototype: prototype, function: .passUnretained(function), next: next, base: base))
                            depth += 1
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
                next = prototype._withUnsafeGuaranteedRef { $0.code } + handler.target
                sp = handler.height
                sp.initialize(to: record(of: located))
                sp += 1
            }
        }
    }
}
