import Interruption

extension CoreLibrary {
    static var folds: [NativeFunction] {
        [
            NativeFunction(
                name: "sum",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                ], returns: "number",
                summary: "The sum of the elements; of a tensor too.", example: "assert(sum([1, 2, 3]) == 6)",
                seeAlso: ["mean"]
            ) { call in
                var sum = Value.int(0)
                var count = 0
                try call.forEach("values") {
                    sum = try added(sum, $0, call, count)
                    count += 1
                }
                return sum
            },
            NativeFunction(
                name: "mean",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                ], returns: "Float", summary: "The arithmetic mean.",
                example: "assert(mean([1, 2, 6]) == 3.0)", seeAlso: ["median", "std"]
            ) { call in
                let values = try call.elements("values")
                if values.isEmpty { throw empty(call) }
                var sum = Value.int(0)
                for (position, value) in values.enumerated() {
                    try Interruption.check()
                    sum = try added(sum, value, call, position)
                }
                return try Arithmetic.binary(.divide, sum, .int(values.count))
            },
            NativeFunction(
                name: "median",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                ], returns: "Float",
                summary: "The middle of the sorted numbers, or the mean of the two in the middle.",
                example: "assert(median([1, 9, 2]) == 2.0)", seeAlso: ["mean"]
            ) { call in
                let numbers = try numbers(call).sorted {
                    try Interruption.check()
                    return $0 < $1
                }
                if numbers.contains(where: \.isNaN) { return .float(.nan) }
                if numbers.isEmpty { throw empty(call) }
                let middle = numbers.count / 2
                return .float(numbers.count % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2)
            },
            NativeFunction(
                name: "std",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                    Parameter("correction", .int, default: .int(1), "0 divides by n, 1 by n - 1"),
                ],
                returns: "Float", summary: "The standard deviation of a sample.",
                example: "assert(std([2, 4, 6]) == 2.0)", seeAlso: ["mean"]
            ) { call in
                let numbers = try numbers(call)
                let divisor = Double(numbers.count) - Double(try call.int("correction"))
                guard divisor > 0, !numbers.isEmpty else { throw empty(call) }
                let mean = numbers.reduce(0, +) / Double(numbers.count)
                return .float((numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / divisor).squareRoot())
            },
            extreme("min", "smallest", example: "assert(min([3, 1, 2]) == 1)\nassert(min(3, 1) == 1)") { $0 < 0 },
            extreme("max", "largest", example: "assert(max([3, 1, 2]) == 3)\nassert(max(\"a\", \"b\") == \"b\")") {
                $0 > 0
            },
        ]
    }

    private static func added(_ sum: Value, _ value: Value, _ call: NativeCall, _ position: Int) throws -> Value {
        if case .float(let a) = sum, case .float(let b) = value { return .float(a + b) }
        guard value.asDouble != nil || value.object is NativeObject else { throw noNumber(value, call, position) }
        return try Arithmetic.binary(.add, sum, value)
    }

    private static func noNumber(_ value: Value, _ call: NativeCall, _ position: Int) -> RuntimeError {
        RuntimeError(
            "`\(call.function.name)` needs numbers, and element \(position) is \(Printer.withType(value))",
            code: "E203",
            suggestion: value.stringObject != nil
                ? "`join(list, \"\")` joins texts; `float(text)` reads a number"
                : value.asList != nil ? "flatten the lists first: `[x for xs in lists for x in xs]`" : nil)
    }

    private static func extreme(
        _ name: String, _ word: String, example: String, isBetter: @escaping (Int) -> Bool
    ) -> NativeFunction {
        NativeFunction(
            name: name,
            parameters: [
                .variadic("values", .any, "one list, or two or more values"),
                Parameter("by", .function, default: .null, "the key to compare by"),
            ],
            returns: "any value", summary: "The \(word) of the elements; the first if several are equal.",
            example: example,
            seeAlso: ["sort"]
        ) { call in
            var values = try call.list("values").elements
            if values.count == 1, let elements = try values[0].iterated() { values = elements }
            guard var best = values.first else { throw empty(call) }
            func key(_ value: Value) throws -> Value {
                call.wasGiven("by") ? try call.call(call.value("by"), [value]) : value
            }
            var bestKey = try key(best)
            for value in values.dropFirst() {
                try Interruption.check()
                let candidate = try key(value)
                guard let order = try Ordering.order(candidate, bestKey) else {
                    throw RuntimeError(
                        "`\(call.function.name)` cannot compare \(Printer.withType(candidate)) with "
                            + Printer.withType(bestKey), code: "E201")
                }
                if isBetter(order) { (best, bestKey) = (value, candidate) }
            }
            return best
        }
    }

    private static func numbers(_ call: NativeCall) throws -> [Double] {
        try call.elements("values").enumerated().map { position, value in
            try Interruption.check()
            guard let number = value.asDouble else { throw noNumber(value, call, position) }
            return number
        }
    }

    private static func empty(_ call: NativeCall) -> RuntimeError {
        RuntimeError("`\(call.function.name)` has too few elements to work on", code: "E203")
    }
}
