import Interruption
import Spelling

/// `x[...]`, `x[...] = value`, `in`, and fields.
package enum Indexing {
    static func get(_ object: Value, _ items: [IndexItem]) throws -> Value {
        if case .object(let native as NativeObject) = object { return try native.index(items) }
        guard items.count == 1 else {
            throw RuntimeError(
                "\(Printer.withType(object)) takes one index, and \(items.count) are given", code: "E206")
        }
        switch items[0] {
        case .value(let index): return try get(object, index)
        case .slice(let start, let end, let step): return try slice(object, start, end, step)
        }
    }

    /// `x[index]`
    static func get(_ object: Value, at index: Value) throws -> Value {
        if case .object(let native) = object, native.kind == .native {
            return try unsafeDowncast(native, to: NativeObject.self).index([.value(index)])
        }
        return try get(object, index)
    }

    private static func get(_ container: Value, _ index: Value) throws -> Value {
        guard case .object(let object) = container else { throw noItems(container) }
        switch object.kind {
        case .list:
            let list = unsafeDowncast(object, to: ListObject.self)
            return list.elements[try position(index, count: list.count, in: container)]
        case .string:
            let string = unsafeDowncast(object, to: StringObject.self)
            return .object(string.character(at: try position(index, count: string.count, in: container)))
        case .range:
            let range = unsafeDowncast(object, to: RangeObject.self)
            return .int(range.element(at: try position(index, count: range.count, in: container)))
        case .record:
            let record = unsafeDowncast(object, to: RecordObject.self)
            guard let key = index.stringObject else { throw keyType(index) }
            guard let value = record[key] else { throw missingField(key.text, in: container, names: record.keys) }
            return value
        default: throw noItems(container)
        }
    }

    private static func noItems(_ value: Value) -> RuntimeError {
        RuntimeError("\(Printer.withType(value)) cannot be indexed", code: "E206")
    }

    /// `x[index] = value`
    static func set(_ object: Value, at index: Value, _ value: Value) throws {
        if let record = object.asRecord, let key = index.stringObject { return try setField(key, of: record, to: value) }
        try set(object, [.value(index)], value)
    }

    static func set(_ object: Value, _ items: [IndexItem], _ value: Value) throws {
        if case .object(let native as NativeObject) = object { return try native.setIndex(items, value) }
        switch (object.object, items.count == 1 ? items[0] : nil) {
        case (let list as ListObject, .value(let index)?):
            list.elements[try position(index, count: list.count, in: object)] = value
            list.noteHolding(value)
        case (let list as ListObject, .slice(let start, let end, let step)?):
            try setSlice(list, start, end, step, value)
        case (let record as RecordObject, .value(let key)?):
            guard let key = key.stringObject else { throw keyType(key) }
            try setField(key, of: record, to: value)
        case (is StringObject, _):
            throw RuntimeError("a String cannot be changed", code: "E206", suggestion: "make a new one, with `replace`")
        default: throw RuntimeError("the items of \(Printer.withType(object)) cannot be set", code: "E206")
        }
    }

    private static func position(_ index: Value, count: Int, in object: Value) throws -> Int {
        guard let index = index.asInt else {
            throw RuntimeError("an index must be an Int, not \(Printer.withType(index))", code: "E206")
        }
        let position = index < 0 ? index &+ count : index
        guard position >= 0, position < count else {
            throw RuntimeError.index(index, count: count, of: object.typeName)
        }
        return position
    }

    // MARK: - Slices

    private static func slice(_ object: Value, _ start: Value, _ end: Value, _ step: Value?) throws -> Value {
        switch object.object {
        case let list as ListObject:
            let chosen = try bounds(start, end, step, count: list.count)
            if chosen.step == 1 { return .list(Array(list.elements[chosen.start..<max(chosen.start, chosen.end)])) }
            let places = stride(from: chosen.start, to: chosen.end, by: chosen.step)
            return .list(
                try places.map { place -> Value in
                    try Interruption.check()
                    return list.elements[place]
                })
        case let string as StringObject:
            return .object(try slice(string, try bounds(start, end, step, count: string.count)))
        case let range as RangeObject:
            let chosen = try bounds(start, end, step, count: range.count)
            let stride = chosen.step &* range.step
            return .object(
                RangeObject(
                    start: range.element(at: chosen.start), end: range.element(at: chosen.end), step: stride))
        default: throw RuntimeError("\(Printer.withType(object)) cannot be sliced", code: "E206")
        }
    }

    private static func setSlice(
        _ list: ListObject, _ start: Value, _ end: Value, _ step: Value?, _ value: Value
    ) throws {
        guard let new = try value.iterated() else {
            throw RuntimeError("a slice is set to a list, not to \(Printer.withType(value))", code: "E206")
        }
        let chosen = try bounds(start, end, step, count: list.count)
        defer { list.noteHolding(new) }
        if chosen.step == 1 {
            let count = list.count + new.count - max(0, chosen.end - chosen.start)
            guard count <= Limits.listElements else { throw Limits.listTooLong(count) }
            return list.elements.replaceSubrange(chosen.start..<max(chosen.start, chosen.end), with: new)
        }
        let places = Array(stride(from: chosen.start, to: chosen.end, by: chosen.step))
        guard places.count == new.count else {
            throw RuntimeError("\(new.count) values do not fit in a slice of \(places.count)", code: "E206")
        }
        for (place, value) in zip(places, new) { list.elements[place] = value }
    }

    private static func slice(
        _ string: StringObject, _ chosen: (start: Int, end: Int, step: Int)
    ) throws -> StringObject {
        if chosen.step == 1 {
            let start = string.offset(of: chosen.start)
            let end = string.offset(of: max(chosen.start, chosen.end))
            return string.withBytes { StringObject(StringObject.Bytes(rebasing: $0[start..<end])) }
        }
        let scalars = Array(string.text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for position in stride(from: chosen.start, to: chosen.end, by: chosen.step) {
            try Interruption.check()
            result.append(scalars[position])
        }
        return StringObject(String(result))
    }

    /// Python's rules: bounds beyond the ends are brought back to them.
    private static func bounds(
        _ start: Value, _ end: Value, _ step: Value?, count: Int
    ) throws -> (start: Int, end: Int, step: Int) {
        let step = try bound(step ?? .null) ?? 1
        if step == 0 { throw RuntimeError("the step of a slice cannot be 0", code: "E206") }
        let low = step > 0 ? 0 : -1
        let high = step > 0 ? count : count - 1
        func placed(_ bound: Int) -> Int { min(max(bound < 0 ? bound &+ count : bound, low), high) }
        let first = try bound(start).map(placed) ?? (step > 0 ? 0 : count - 1)
        let last = try bound(end).map(placed) ?? (step > 0 ? count : -1)
        return (first, last, step)
    }

    private static func bound(_ value: Value) throws -> Int? {
        if value.isNull { return nil }
        if let int = value.asInt { return int }
        throw RuntimeError("the bounds of a slice must be Int, not \(Printer.withType(value))", code: "E206")
    }

    // MARK: - in

    static func contains(_ value: Value, in container: Value) throws -> Bool {
        guard case .object(let object) = container else { throw noContainer(container) }
        switch object.kind {
        case .list:
            for (index, element) in unsafeDowncast(object, to: ListObject.self).elements.enumerated() {
                if index & 0xFFF == 0xFFF { try Interruption.check() }
                if try Equality.areEqual(element, value) { return true }
            }
            return false
        case .string:
            guard let part = value.stringObject else {
                throw RuntimeError("only a String can be in a String, not \(Printer.withType(value))", code: "E201")
            }
            return try Text.position(of: part, in: unsafeDowncast(object, to: StringObject.self)) != nil
        case .record:
            let layout = unsafeDowncast(object, to: RecordObject.self).layout
            return value.stringObject.map { layout.slot(of: $0) != nil } ?? false
        case .range:
            let range = unsafeDowncast(object, to: RangeObject.self)
            if let double = value.asDouble, let int = Int(exactly: double) { return range.contains(value.asInt ?? int) }
            return false
        case .native:
            let native = unsafeDowncast(object, to: NativeObject.self)
            if let answer = try native.contains(value) { return answer }
            guard let elements = try native.elements() else { throw noContainer(container) }
            for element in elements where try Equality.areEqual(element, value) { return true }
            return false
        default: throw noContainer(container)
        }
    }

    private static func noContainer(_ value: Value) -> RuntimeError {
        RuntimeError("`in` cannot look into \(Printer.withType(value))", code: "E201")
    }

    // MARK: - Fields

    static func field(_ name: String, of value: Value, registry: Registry) throws -> Value {
        switch value.object {
        case let record as RecordObject:
            if let field = record[name] { return field }
            throw missingField(name, in: value, names: record.keys)
        case let namespace as NamespaceObject:
            if let member = namespace.member(name) { return member }
            throw RuntimeError(
                "`\(namespace.name)` has no `\(name)`", code: "E210",
                suggestion: EditDistance.suggestion(for: name, in: namespace.memberNames, listing: true))
        case let native as NativeObject:
            if let member = try native.member(name) { return member }
            if let method = registry.methodObject(name, of: native.typeName) {
                return .object(NativeFunctionObject(method.function, receiver: value))
            }
            throw missingField(name, in: value, names: native.memberNames + registry.methods(of: native.typeName))
        default:
            throw missingField(name, in: value, names: [])
        }
    }

    static func setField(_ name: String, of object: Value, to value: Value) throws {
        switch object.object {
        case let record as RecordObject: try setField(StringObject(name), of: record, to: value)
        case let native as NativeObject:
            if try native.setMember(name, value) { return }
            throw RuntimeError("`\(name)` of a \(native.typeName) cannot be set", code: "E210")
        default: throw RuntimeError("\(Printer.withType(object)) has no fields to set", code: "E210")
        }
    }

    /// - Parameter most: fields that a record may have.
    package static func setField(
        _ name: StringObject, of record: RecordObject, to value: Value, most: Int = Limits.recordFields
    ) throws {
        if record.count >= most, record[name] == nil { throw Limits.recordTooLong }
        record[name] = value
    }

    static func missingField(_ name: String, in value: Value, names: [String]) -> RuntimeError {
        var notes: [String] = []
        if names.count > 16 {
            let some = names.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
            notes = ["it has \(names.count) fields: \(some), ..."]
        }
        return RuntimeError(
            value.isNull ? "nil has no field `\(name)`" : "this \(value.typeName) has no field `\(name)`", code: "E210",
            suggestion: value.isNull
                ? "what gave nil here?" : memberSuggestion(name, names: names, isCalled: false, registry: nil),
            notes: notes)
    }

    /// Which member was meant; a call may mean a function of the library as well.
    static func memberSuggestion(_ name: String, names: [String], isCalled: Bool, registry: Registry?) -> String? {
        let functions = isCalled ? registry?.functions.filter { $0.namespace == nil }.map(\.name) ?? [] : []
        let near = EditDistance.nearest(to: name, in: names + functions, limit: 1, fits: { names.contains($0) })
        if let near = near.first, EditDistance.between(near, name) <= 1 { return "did you mean `\(near)`?" }
        if let habit = Habits.members[name] { return habit }
        if !isCalled, let function = registry?.function(named: name), !function.parameters.isEmpty {
            return "`\(name)` is a function: write `\(name)(x)`"
        }
        return EditDistance.suggestion(for: name, in: near + names, listing: true)
    }

    private static func keyType(_ key: Value) -> RuntimeError {
        RuntimeError(
            "a record's fields are named by Strings, not by \(Printer.withType(key))", code: "E206",
            suggestion: "convert it with `str(...)`")
    }
}
