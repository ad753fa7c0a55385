import Interruption

extension CoreLibrary {
    static var collections: [NativeFunction] {
        [
            NativeFunction(
                name: "keys", parameters: [Parameter("record", .record, "a record")], returns: "List",
                summary: "The names of a record's fields.", example: "assert(keys({a: 1, b: 2}) == [\"a\", \"b\"])",
                seeAlso: ["values", "items"]
            ) { call in .list(try call.record("record").names.map { .object($0) }) },
            NativeFunction(
                name: "values", parameters: [Parameter("record", .record, "a record")], returns: "List",
                summary: "The values of a record's fields.", example: "assert(values({a: 1, b: 2}) == [1, 2])",
                seeAlso: ["keys"]
            ) { call in .list(try call.record("record").values) },
            NativeFunction(
                name: "items", parameters: [Parameter("record", .record, "a record")], returns: "List",
                summary: "Pairs [name, value] of a record's fields.",
                example: "for (name, value) in items({a: 1}) { print(name, value) }", seeAlso: ["keys"]
            ) { call in
                let record = try call.record("record")
                let (names, values) = (record.names, record.values)
                return .list(try Value.collected(names.count) { .list([.object(names[$0]), values[$0]]) })
            },
            NativeFunction(
                name: "push",
                parameters: [
                    Parameter("list", .list, "a list, changed in place"),
                    Parameter("value", .any, "any value"),
                ], returns: "List",
                summary: "Adds an element at the end of the list itself; gives the list.",
                example: "xs = [1]\npush(xs, 2)\nassert(xs == [1, 2])", seeAlso: ["pop", "insert"],
                quick: { arguments, count, result in
                    guard count == 2, let list = arguments.reference(.list, as: ListObject.self) else { return false }
                    let isDone = list._withUnsafeGuaranteedRef { list in
                        guard list.count < Limits.listElements else { return false }
                        list.elements.append(arguments[1])
                        list.noteHolding(arguments[1])
                        return true
                    }
                    if isDone { Quick.copy(arguments, to: result) }
                    return isDone
                }
            ) { call in
                guard let list = call.argument(0).asList else { return .null }
                guard list.count < Limits.listElements else { throw Limits.listTooLong(list.count + 1) }
                list.elements.append(call.argument(1))
                list.noteHolding(call.argument(1))
                return call.argument(0)
            },
            NativeFunction(
                name: "pop",
                parameters: [
                    Parameter("from", .list | .record, "a list, or a record"),
                    Parameter("at", .int | .string, default: .null, "a position, else the last; a field's name"),
                ],
                returns: "any value", summary: "Takes an element out of the list or record itself; gives the element.",
                example: "xs = [1, 2, 3]\nassert(pop(xs) == 3)\nassert(pop(xs, 0) == 1)", seeAlso: ["push"]
            ) { call in try pop(call) },
            NativeFunction(
                name: "insert",
                parameters: [
                    Parameter("list", .list, "a list, changed in place"),
                    Parameter("at", .int, "the place, as in `list[at]`"),
                    Parameter("value", .any, "any value"),
                ],
                returns: "List",
                summary: "Puts an element before a position of the list itself; gives the list.",
                example: "xs = [1, 3]\ninsert(xs, 1, 2)\nassert(xs == [1, 2, 3])", seeAlso: ["push"]
            ) { call in
                let list = try call.list("list")
                let at = try call.int("at")
                guard list.count < Limits.listElements else { throw Limits.listTooLong(list.count + 1) }
                let place = min(max(at < 0 ? at + list.count : at, 0), list.count)
                list.elements.insert(call.value("value"), at: place)
                list.noteHolding(call.value("value"))
                return call.value("list")
            },
            NativeFunction(
                name: "contains",
                parameters: [
                    Parameter("container", .any, "a string, a list, a record or a range"),
                    Parameter("value", .any, "any value"),
                ], returns: "Bool",
                summary: "Whether a value is in a list, a text in a string, a name in a record; the same as `in`.",
                example: "assert(contains([1, 2], 2))", seeAlso: ["find"]
            ) { call in .bool(try Indexing.contains(call.value("value"), in: call.value("container"))) },
            NativeFunction(
                name: "find",
                parameters: [
                    Parameter("container", .string | .list, "a string or a list"),
                    Parameter("value", .any, "any value"),
                ], returns: "Int",
                summary: "The position of the first occurrence; -1 if there is none.",
                example: "assert(find(\"bridge\", \"d\") == 3)\nassert(find([1, 2], 5) == -1)", seeAlso: ["contains"]
            ) { call in
                if let list = call.value("container").asList {
                    let value = call.value("value")
                    return .int(
                        try list.elements.firstIndex {
                            try Interruption.check()
                            return try Equality.areEqual($0, value)
                        } ?? -1)
                }
                let text = try call.text("container")
                guard let offset = try Text.position(of: try call.text("value"), in: text) else { return .int(-1) }
                return .int(Text.characters(of: text, before: offset))
            },
        ]
    }

    private static func pop(_ call: NativeCall) throws -> Value {
        let at = call.value("at")
        if let record = call.value("from").asRecord {
            guard let name = at.asString else {
                throw RuntimeError("`pop` of a Record needs a field's name", code: "E203")
            }
            guard let value = record[name] else {
                throw Indexing.missingField(name, in: call.value("from"), names: record.keys)
            }
            record[name] = nil
            return value
        }
        let list = try call.list("from")
        guard !list.elements.isEmpty else { throw RuntimeError("`pop` of an empty list", code: "E209") }
        let index = try call.optionalInt("at") ?? -1
        let position = index < 0 ? index &+ list.count : index
        guard list.elements.indices.contains(position) else {
            throw RuntimeError.index(index, count: list.count, of: "List")
        }
        return list.elements.remove(at: position)
    }
}
