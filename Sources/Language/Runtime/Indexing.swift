import Spelling

/// `x[...]`, `x[...] = value`, `in`, and fields.
enum Indexing {
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

    private static func get(_ object: Value, _ index: Value) throws -> Value {
        switch object.object {
        case let list as ListObject: return list.elements[try position(index, count: list.count, in: object)]
        case let string as StringObject:
            return .string(string.character(at: try position(index, count: string.count, in: object)))
        case let range as RangeObject:
            return .int(range.element(at: try position(index, count: range.count, in: object)))
        case let record as RecordObject:
            guard let key = index.asString else { throw keyType(index) }
            guard let value = record[key] else { throw missingField(key, in: object, names: record.keys) }
            return value
        default: throw RuntimeError("\(Printer.withType(object)) cannot be indexed", code: "E206")
        }
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
            guard let key = key.asString else { throw keyType(key) }
            record[key] = value
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
            throw RuntimeError(
                "index \(index) is out of range: the \(object.typeName) has \(count) element\(count == 1 ? "" : "s")",
                code: "E209")
        }
        return position
    }

    // MARK: - Slices

    private static func slice(_ object: Value, _ start: Value, _ end: Value, _ step: Value?) throws -> Value {
        switch object.object {
        case let list as ListObject:
            return .list(try positions(start, end, step, count: list.count).map { list.elements[$0] })
        case let string as StringObject:
            let scalars = Array(string.text.unicodeScalars)
            var result = String.UnicodeScalarView()
            for position in try positions(start, end, step, count: scalars.count) { result.append(scalars[position]) }
            return .string(String(result))
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
            return list.elements.replaceSubrange(chosen.start..<max(chosen.start, chosen.end), with: new)
        }
        let places = Array(stride(from: chosen.start, to: chosen.end, by: chosen.step))
        guard places.count == new.count else {
            throw RuntimeError("\(new.count) values do not fit in a slice of \(places.count)", code: "E206")
        }
        for (place, value) in zip(places, new) { list.elements[place] = value }
    }

    private static func positions(_ start: Value, _ end: Value, _ step: Value?, count: Int) throws -> StrideTo<Int> {
        let chosen = try bounds(start, end, step, count: count)
        return stride(from: chosen.start, to: chosen.end, by: chosen.step)
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
        switch container.object {
        case let list as ListObject:
            for element in list.elements where try Equality.areEqual(element, value) { return true }
            return false
        case let string as StringObject:
            guard let part = value.asString else {
                throw RuntimeError("only a String can be in a String, not \(Printer.withType(value))", code: "E201")
            }
            return try Text.position(of: part, in: string.text) != nil
        case let record as RecordObject: return value.asString.map { record[$0] != nil } ?? false
        case let range as RangeObject:
            if let double = value.asDouble, let int = Int(exactly: double) { return range.contains(value.asInt ?? int) }
            return false
        case let native as NativeObject:
            if let answer = try native.contains(value) { return answer }
            guard let elements = try native.elements() else { break }
            for element in elements where try Equality.areEqual(element, value) { return true }
            return false
        default: break
        }
        throw RuntimeError("`in` cannot look into \(Printer.withType(container))", code: "E201")
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
        case let record as RecordObject: record[name] = value
        case let native as NativeObject:
            if try native.setMember(name, value) { return }
            throw RuntimeError("`\(name)` of a \(native.typeName) cannot be set", code: "E210")
        default: throw RuntimeError("\(Printer.withType(object)) has no fields to set", code: "E210")
        }
    }

    static func missingField(_ name: String, in value: Value, names: [String]) -> RuntimeError {
        RuntimeError(
            value.isNull ? "nil has no field `\(name)`" : "this \(value.typeName) has no field `\(name)`", code: "E210",
            suggestion: EditDistance.suggestion(for: name, in: names, listing: true))
    }

    private static func keyType(_ key: Value) -> RuntimeError {
        RuntimeError(
            "a record's fields are named by Strings, not by \(Printer.withType(key))", code: "E206",
            suggestion: "convert it with `str(...)`")
    }
}
