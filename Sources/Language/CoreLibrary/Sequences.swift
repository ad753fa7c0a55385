import Interruption

extension CoreLibrary {
    static var sequences: [NativeFunction] {
        [
            NativeFunction(
                name: "len",
                parameters: [Parameter("value", .any, "a list, string, record, range or anything with elements")],
                returns: "Int", summary: "How many elements a value has.", example: "assert(len([1, 2, 3]) == 3)",
                quick: { arguments, count, result in
                    guard count == 1 else { return false }
                    if let list = arguments.reference(.list, as: ListObject.self) {
                        result.initialize(to: .int(list._withUnsafeGuaranteedRef { $0.count }))
                    } else if let text = arguments.reference(.string, as: StringObject.self) {
                        result.initialize(to: .int(text._withUnsafeGuaranteedRef { $0.count }))
                    } else {
                        return false
                    }
                    return true
                }
            ) { call in .int(try length(call.argument(0))) },
            NativeFunction(
                name: "range",
                parameters: [
                    Parameter("start", .int, "the end, if it is the only argument"),
                    Parameter("end", .int, default: .null, "not included; without it the first argument is the end"),
                    Parameter("step", .int, default: .int(1), "not 0"),
                ],
                returns: "Range", summary: "Whole numbers from start to end, end excluded.",
                example: "assert(list(range(10, 0, -5)) == [10, 5])", seeAlso: ["list"]
            ) { call in
                let step = try call.int("step")
                if step == 0 { throw RuntimeError("the `step` of `range` cannot be 0", code: "E203") }
                guard let end = try call.optionalInt("end") else {
                    return .object(RangeObject(start: 0, end: try call.int("start"), step: step))
                }
                return .object(RangeObject(start: try call.int("start"), end: end, step: step))
            },
            NativeFunction(
                name: "list",
                parameters: [Parameter("values", .any, default: .list([]), "anything `for` can go through")],
                returns: "List", summary: "A new list of a value's elements.",
                example: "assert(list(0..3) == [0, 1, 2])"
            ) { call in .list(try call.elements("values")) },
            NativeFunction(
                name: "enumerate",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                    Parameter("start", .int, default: .int(0), "the first number"),
                ],
                returns: "List or Rows", summary: "Pairs [number, element].",
                example: "for (i, x) in enumerate([\"a\", \"b\"]) { print(i, x) }", seeAlso: ["zip"]
            ) { call in
                let start = try call.int("start")
                if let rows = call.value("values").object as? RowsObject {
                    return .object(rows.enumerated(from: start))
                }
                let values = try call.elements("values")
                if start.addingReportingOverflow(values.count).overflow {
                    throw Arithmetic.overflow(.add, start, values.count)
                }
                return .list(try Value.collected(values.count) { .list([.int(start + $0), values[$0]]) })
            },
            NativeFunction(
                name: "zip", parameters: [.variadic("lists", .any, "as many as there are")], returns: "List",
                summary: "Lists of the first elements, the second elements and so on, as many as the shortest has.",
                example: "assert(zip([1, 2], [\"a\", \"b\"]) == [[1, \"a\"], [2, \"b\"]])", seeAlso: ["enumerate"]
            ) { call in
                let lists = try call.list("lists").elements.map { value in
                    guard let elements = try value.iterated() else {
                        throw RuntimeError.argument("lists", of: "zip", expected: "List or Range", given: value)
                    }
                    return elements
                }
                let count = lists.map(\.count).min() ?? 0
                return .list(try Value.collected(count) { index in .list(lists.map { $0[index] }) })
            },
            NativeFunction(
                name: "map",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                    Parameter("f", .function, "takes an element"),
                ],
                returns: "List", summary: "The function's results for each element.",
                example: "assert(map([1, 2], x -> x * 10) == [10, 20])", seeAlso: ["filter", "reduce"]
            ) { call in
                let f = call.value("f")
                var results: [Value] = []
                try call.forEach("values") { results.append(try call.call(f, [$0])) }
                return .list(results)
            },
            NativeFunction(
                name: "filter",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                    Parameter("f", .function, "says whether to keep it"),
                ],
                returns: "List", summary: "The elements for which the function gives true.",
                example: "assert(filter(0..5, x -> x % 2 == 0) == [0, 2, 4])", seeAlso: ["map"]
            ) { call in
                let f = call.value("f")
                var kept: [Value] = []
                try call.forEach("values") {
                    guard case .bool(let keep) = try call.call(f, [$0]) else {
                        throw RuntimeError("the function given to `filter` must give a Bool", code: "E208")
                    }
                    if keep { kept.append($0) }
                }
                return .list(kept)
            },
            NativeFunction(
                name: "reduce",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                    Parameter("f", .function, "takes the result so far and an element"),
                    Parameter(
                        name: "initial", documentation: "the first result; else the first element", isOptional: true),
                ],
                returns: "any value", summary: "Joins the elements, one after the other.",
                example: "assert(reduce([1, 2, 3], (a, b) -> a * b) == 6)", seeAlso: ["sum", "map"]
            ) { call in
                let f = call.value("f")
                var result = call.wasGiven("initial") ? call.value("initial") : nil
                try call.forEach("values") { value in
                    result = try result.map { try call.call(f, [$0, value]) } ?? value
                }
                guard let result else { throw RuntimeError("`reduce` of no elements needs `initial`", code: "E203") }
                return result
            },
            NativeFunction(
                name: "sort",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                    Parameter("by", .function | .string, default: .null, "the key: a function or a field"),
                    Parameter("descending", .bool, default: .bool(false), "largest first"),
                ],
                returns: "List", summary: "A new list in order; equal elements keep theirs.",
                details: "Numbers, texts by code point, `false` before `true`, lists by their elements; NaN comes last.",
                example: """
                    assert(sort([3, 1, 2], descending: true) == [3, 2, 1])
                    assert(sort(["bb", "a"], by: len) == ["a", "bb"])
                    """,
                seeAlso: ["reverse", "unique"]
            ) { call in .list(try sorted(call)) },
            NativeFunction(
                name: "reverse",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                ], returns: "List or String",
                summary: "A new list, or a string, from back to front.", example: "assert(reverse([1, 2]) == [2, 1])"
            ) { call in
                if let text = call.value("values").stringObject { return .object(try Text.reversed(text)) }
                let values = try call.elements("values")
                return .list(try Value.collected(values.count) { values[values.count - 1 - $0] })
            },
            NativeFunction(
                name: "unique",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                ], returns: "List",
                summary: "A new list without repetitions, in the order of first appearance.",
                example: "assert(unique([2, 1, 2]) == [2, 1])", seeAlso: ["sort"]
            ) { call in .list(try Distinct.elements(call.elements("values"))) },
        ]
    }

    static func length(_ value: Value) throws -> Int {
        if let list = value.asList { return list.count }
        switch value.object {
        case let string as StringObject: return string.count
        case let record as RecordObject: return record.count
        case let range as RangeObject: return range.count
        case let rows as RowsObject: throw rows.lengthError
        case let native as NativeObject: if let elements = try native.elements() { return elements.count }
        default: break
        }
        throw RuntimeError("\(Printer.withType(value)) has no length", code: "E203")
    }
}
