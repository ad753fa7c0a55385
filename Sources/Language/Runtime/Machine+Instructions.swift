/// What the rarer instructions do. Each takes the stack's end and gives the new one.
extension Machine {
    /// The cell of a captured variable, which the compiler has put there.
    @inline(__always)
    func cell(_ place: UnsafeMutablePointer<Value>) -> Unmanaged<CellObject> { place.reference(as: CellObject.self) }

    /// Puts the next element into a place that has a value; false at the end. The compiler has put the iterator there.
    @inline(__always)
    func advance(_ iterator: UnsafeMutablePointer<Value>, into place: UnsafeMutablePointer<Value>) throws -> Bool {
        try iterator.reference(as: IteratorObject.self)._withUnsafeGuaranteedRef { try $0.advance(into: place) }
    }

    func unbound(_ prototype: Unmanaged<Prototype>, slot: Int) -> RuntimeError {
        unbound(prototype.takeUnretainedValue().localNames[slot])
    }

    func unbound(_ prototype: Unmanaged<Prototype>, capture: Int) -> RuntimeError {
        unbound(prototype.takeUnretainedValue().captures[capture].name)
    }

    private func unbound(_ name: String) -> RuntimeError {
        let written = String(name.prefix { $0 != "#" })
        return RuntimeError("`\(written)` has no value yet", code: "E212", suggestion: "bind it before it is read")
    }

    /// A name of the file that is not bound may be the library's.
    func builtin(_ prototype: Unmanaged<Prototype>, slot: Int) throws -> Value {
        let name = prototype.takeUnretainedValue().module.names[slot]
        if let value = interpreter.registry.builtin(name) { return value }
        throw unbound(name)
    }

    /// - Parameter memory: two words of the code, where the layout and the position are noted for the next time.
    @inline(never)
    func field(_ name: Value, of value: Value, _ memory: UnsafeMutablePointer<UInt32>) throws -> Value {
        guard let name = name.stringObject else { return .null }
        if let record = value.asRecord, let slot = record.layout.slot(of: name) {
            remember(record, slot, memory)
            return record.slots[slot]
        }
        return try Indexing.field(name.text, of: value, registry: interpreter.registry)
    }

    /// Sets a field of the second topmost value to the topmost one.
    @inline(never)
    func storeField(
        _ name: Value, _ end: UnsafeMutablePointer<Value>, _ memory: UnsafeMutablePointer<UInt32>
    ) throws {
        guard let name = name.stringObject else { return }
        guard let record = end[-2].asRecord else {
            return try Indexing.setField(name.text, of: end[-2], to: end[-1])
        }
        if let slot = record.layout.slot(of: name) { remember(record, slot, memory) }
        record[name] = end[-1]
    }

    private func remember(_ record: RecordObject, _ slot: Int, _ memory: UnsafeMutablePointer<UInt32>) {
        guard record.layout.isShared else { return }
        memory[0] = record.layoutID
        memory[1] = UInt32(slot)
    }

    func range(_ start: Value, _ end: Value, isClosed: Bool) throws -> Value {
        guard case .int(let first) = start, case .int(let last) = end else {
            throw RuntimeError(
                "a range goes from Int to Int, not from \(Printer.withType(start)) to \(Printer.withType(end))",
                code: "E201")
        }
        guard isClosed else { return .object(RangeObject(start: first, end: last)) }
        let (beyond, overflow) = last.addingReportingOverflow(1)
        if overflow { throw Arithmetic.overflow(.add, last, 1) }
        return .object(RangeObject(start: first, end: beyond))
    }

    // MARK: - The commonest cases, which cannot fail

    /// Whether the second topmost value is the name of a field of the topmost; `nil` where they are other things.
    @inline(__always)
    static func fieldIsThere(_ end: UnsafeMutablePointer<Value>) -> Bool? {
        guard let record = (end - 1).reference(.record, as: RecordObject.self),
            let name = (end - 2).reference(.string, as: StringObject.self)
        else { return nil }
        return record._withUnsafeGuaranteedRef { record in name._withUnsafeGuaranteedRef { record.has($0) } }
    }

    /// Copies the field of a name, or the character at a position, to a place that has no value; false where there is
    /// none, or the values are other things.
    @inline(never)
    static func item(
        _ container: UnsafeMutablePointer<Value>, _ index: UnsafeMutablePointer<Value>,
        to place: UnsafeMutablePointer<Value>
    ) -> Bool {
        if let record = container.reference(.record, as: RecordObject.self) {
            guard let name = index.reference(.string, as: StringObject.self) else { return false }
            return record._withUnsafeGuaranteedRef { record in
                name._withUnsafeGuaranteedRef { record.copy($0, to: place) }
            }
        }
        guard let text = container.reference(.string, as: StringObject.self), case .int(let position) = index.pointee
        else { return false }
        return text._withUnsafeGuaranteedRef { text in
            guard position >= 0, position < text.count else { return false }
            place.initialize(to: .object(text.character(at: position)))
            return true
        }
    }

    /// Moves the topmost value to the field of a record that has it; false, and nothing has happened, where it is
    /// another case. The record and the name stay.
    @inline(__always)
    static func setField(_ end: UnsafeMutablePointer<Value>) -> Bool {
        guard let record = (end - 3).reference(.record, as: RecordObject.self),
            let name = (end - 2).reference(.string, as: StringObject.self)
        else { return false }
        return record._withUnsafeGuaranteedRef { record in
            name._withUnsafeGuaranteedRef { record.take(end - 1, at: $0) }
        }
    }

    /// Calls a function of the library that has a quick way; the result goes to `place`, the arguments stay.
    @inline(__always)
    static func callQuick(
        _ callee: UnsafeMutablePointer<Value>, _ count: Int, _ place: UnsafeMutablePointer<Value>
    ) -> Bool {
        guard let function = callee.reference(.nativeFunction, as: NativeFunctionObject.self) else { return false }
        return function._withUnsafeGuaranteedRef { $0.quick.map { $0(callee + 1, count, place) } ?? false }
    }

    func append(_ value: Value, to list: Value) throws {
        guard case .object(let object) = list else { return }
        let list = unsafeDowncast(object, to: ListObject.self)
        guard list.elements.count < Limits.listElements else { throw Limits.listTooLong(list.elements.count + 1) }
        list.elements.append(value)
    }

    func makeRecord(
        _ prototype: Unmanaged<Prototype>, _ index: Int, _ sp: UnsafeMutablePointer<Value>
    ) -> UnsafeMutablePointer<Value> {
        guard case .record(let layout) = prototype.takeUnretainedValue().shapes[index] else { return sp }
        let count = layout.names.count
        let record = RecordObject(layout, slots: Machine.take(count, below: sp))
        let start = sp - count
        start.initialize(to: .object(record))
        return start + 1
    }

    /// Moves the topmost values into an array.
    @inline(__always)
    static func take(_ count: Int, below end: UnsafeMutablePointer<Value>) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0 { buffer.baseAddress!.moveInitialize(from: end - count, count: count) }
            initialized = count
        }
    }

    func joinText(_ count: Int, _ sp: UnsafeMutablePointer<Value>) throws -> UnsafeMutablePointer<Value> {
        let start = sp - count
        var bytes = 0
        for place in start..<sp {
            if case .int(let int) = place.pointee {
                bytes += Text.digitCount(int)
            } else if let part = place.reference(.string, as: StringObject.self) {
                bytes += part._withUnsafeGuaranteedRef { $0.byteCount }
            }
        }
        guard bytes <= Limits.stringBytes else { throw Limits.stringTooLong(bytes) }
        let text = StringObject(byteCount: bytes) { destination in
            var destination = destination
            for place in start..<sp {
                if case .int(let int) = place.pointee {
                    destination = Text.write(int, to: destination)
                } else if let part = place.reference(.string, as: StringObject.self) {
                    destination = part._withUnsafeGuaranteedRef { $0.copy(to: destination) }
                }
            }
        }
        drop(to: start, from: sp)
        start.initialize(to: .object(text))
        return start + 1
    }

    /// Leaves the elements on the stack, the first on top.
    func unpack(_ count: Int, _ sp: UnsafeMutablePointer<Value>) throws -> UnsafeMutablePointer<Value> {
        if let list = sp[-1].asList, list.elements.count == count { return unpack(list, count, sp) }
        let value = sp[-1]
        guard let elements = try value.iterated() else {
            throw RuntimeError("\(Printer.withType(value)) cannot be taken apart into \(count) names", code: "E213")
        }
        guard elements.count == count else {
            let noun = elements.count == 1 ? "element" : "elements"
            throw RuntimeError(
                "\(count) names are bound to a \(value.typeName) of \(elements.count) \(noun)", code: "E213")
        }
        drop(to: sp - 1, from: sp)
        for (offset, element) in elements.reversed().enumerated() { (sp - 1 + offset).initialize(to: element) }
        return sp - 1 + count
    }

    private func unpack(
        _ list: ListObject, _ count: Int, _ sp: UnsafeMutablePointer<Value>
    ) -> UnsafeMutablePointer<Value> {
        Quick.drop(sp - 1)
        for index in 0..<count { (sp - 1 + index).initialize(to: list.elements[count - 1 - index]) }
        return sp - 1 + count
    }

    func closure(_ prototype: Unmanaged<Prototype>, _ index: Int, _ base: UnsafeMutablePointer<Value>) -> Value {
        let inner = prototype.takeUnretainedValue().prototypes[index]
        let function = FunctionObject(inner) { index in
            let capture = inner.captures[index]
            if capture.isLocalOfParent { return cell(base + capture.index).takeUnretainedValue() }
            return frames[depth - 1].function!._withUnsafeGuaranteedRef { $0.captures[capture.index] }
        }
        return .object(function)
    }

    // MARK: - Indices with several parts

    private func items(
        _ prototype: Unmanaged<Prototype>, _ index: Int, endingAt end: UnsafeMutablePointer<Value>
    ) -> (items: [IndexItem], start: UnsafeMutablePointer<Value>) {
        guard case .index(let parts) = prototype.takeUnretainedValue().shapes[index] else { return ([], end) }
        let sizes = parts.map { part in
            switch part {
            case .value: 1
            case .slice(let hasStep): hasStep ? 3 : 2
            }
        }
        let start = end - sizes.reduce(0, +)
        var place = start
        var items: [IndexItem] = []
        for (part, size) in zip(parts, sizes) {
            switch part {
            case .value: items.append(.value(place[0]))
            case .slice(let hasStep): items.append(.slice(place[0], place[1], hasStep ? place[2] : nil))
            }
            place += size
        }
        return (items, start)
    }

    func indexMany(
        _ prototype: Unmanaged<Prototype>, _ index: Int, _ sp: UnsafeMutablePointer<Value>
    ) throws -> UnsafeMutablePointer<Value> {
        let (items, start) = items(prototype, index, endingAt: sp)
        let result = try Indexing.get(start[-1], items)
        drop(to: start, from: sp)
        start[-1] = result
        return start
    }

    func setIndexMany(
        _ prototype: Unmanaged<Prototype>, _ index: Int, _ sp: UnsafeMutablePointer<Value>
    ) throws -> UnsafeMutablePointer<Value> {
        let (items, start) = items(prototype, index, endingAt: sp - 1)
        try Indexing.set(start[-1], items, sp[-1])
        drop(to: start - 1, from: sp)
        return start - 1
    }

    // MARK: - Blocks with a hook, files

    /// Runs the block that begins at the frame's next instruction.
    func runBlock() throws {
        nativeDepth += 1
        defer { nativeDepth -= 1 }
        guard nativeDepth <= Limits.nativeDepth else {
            throw RuntimeError("blocks are nested too deeply: more than \(Limits.nativeDepth) levels", code: "E234")
        }
        let entry = depth - 1
        let body: () throws -> Value = { try self.loop(entry: entry, isBlock: true) }
        if let hook = interpreter.noGradHook { _ = try hook(body) } else { _ = try body() }
    }

    /// A file runs at its first import.
    func importFile(_ value: Value) throws -> Value {
        guard case .object(let object as ImportedFile) = value else { return .null }
        if !object.hasRun {
            object.hasRun = true
            do { _ = try run(object.prototype) } catch {
                object.hasRun = false
                throw error
            }
        }
        return .object(object.namespace)
    }
}
