extension CoreLibrary {
    static var numbers: [NativeFunction] {
        [
            NativeFunction(
                name: "abs",
                parameters: [Parameter("x", .number, "a number")], returns: "number", summary: "The absolute value.",
                example: "assert(abs(-3) == 3)",
                quick: { arguments, count, result in
                    guard count == 1, case .float(let x) = arguments.pointee else { return false }
                    result.initialize(to: .float(x.magnitude))
                    return true
                }
            ) { call in
                if let int = call.value("x").asInt {
                    return int < 0 ? try Arithmetic.unary(.negate, .int(int)) : .int(int)
                }
                return .float(try call.float("x").magnitude)
            },
            real("sqrt", "The square root of a number that is not negative.", "assert(sqrt(9) == 3.0)") { x in
                if x < 0 { throw RuntimeError("`sqrt` of the negative number \(plain(x))", code: "E207") }
                return x.squareRoot()
            },
            real("exp", "e to the power x.", "assert(exp(0) == 1.0)") { Maths.exponential($0) },
            real("log", "The natural logarithm of a positive number.", "assert(log(1) == 0.0)") { x in
                if x <= 0 { throw RuntimeError("`log` of \(plain(x)), which is not positive", code: "E207") }
                return Maths.logarithm(x)
            },
            whole("floor", "The largest Int that is not above x.", "assert(floor(-1.5) == -2)", .down),
            whole("ceil", "The smallest Int that is not below x.", "assert(ceil(1.2) == 2)", .up),
            NativeFunction(
                name: "round",
                parameters: [
                    Parameter("x", .number, "a number"),
                    Parameter("digits", .int, default: .null, "digits behind the point; none gives an Int"),
                ],
                returns: "Int or Float", summary: "The nearest number; halves go to the even one.",
                example: "assert(round(2.5) == 2)\nassert(round(3.14159, 2) == 3.14)", seeAlso: ["floor", "ceil"]
            ) { call in
                if let int = call.value("x").asInt {
                    return .int(try rounded(int, try call.optionalInt("digits") ?? 0))
                }
                guard let digits = try call.optionalInt("digits") else {
                    return try integer(try call.float("x").rounded(.toNearestOrEven), call)
                }
                let x = try call.float("x")
                guard x.isFinite, digits <= 330 else { return .float(x) }
                if digits < -308 { return .float(Double(signOf: x, magnitudeOf: 0)) }
                if digits >= 0 { return .float(Double(try Formatter.format(.float(x), ".\(digits)f")) ?? x) }
                let scale = Maths.power(10, Double(-digits))
                return .float((x / scale).rounded(.toNearestOrEven) * scale)
            },
            NativeFunction(
                name: "str", parameters: [Parameter("value", .any, "what to convert")], returns: "String",
                summary: "A value as text; lists and records on one line, long ones cut.",
                example: "assert(str(1.5) == \"1.5\")"
            ) { call in .string(Printer.string(call.value("value"))) },
            NativeFunction(
                name: "int",
                parameters: [Parameter("value", .number | .string | .bool, "what to convert")], returns: "Int",
                summary: "A number without what is behind its point, or a text as a whole number.",
                example: "assert(int(\"42\") == 42)\nassert(int(-1.7) == -1)", seeAlso: ["float", "round"]
            ) { call in
                switch call.value("value") {
                case .int(let int): return .int(int)
                case .bool(let bool): return .int(bool ? 1 : 0)
                case .float(let double): return try integer(double.rounded(.towardZero), call)
                default:
                    let text = try call.string("value")
                    guard let digits = Text.number(text) else { throw notANumber(text, "Int") }
                    guard let int = Int(digits) else {
                        let isTooLong = Double(digits) != nil && digits.allSatisfy { $0.isNumber || "+-".contains($0) }
                        throw isTooLong ? tooLarge(text, call) : notANumber(text, "Int")
                    }
                    return .int(int)
                }
            },
            NativeFunction(
                name: "float",
                parameters: [Parameter("value", .number | .string | .bool, "what to convert")], returns: "Float",
                summary: "A number as a Float, or a text as one.", example: "assert(float(\"1.5\") == 1.5)",
                seeAlso: ["int"]
            ) { call in
                if case .bool(let bool) = call.value("value") { return .float(bool ? 1 : 0) }
                if let double = call.value("value").asDouble { return .float(double) }
                let text = try call.string("value")
                guard let digits = Text.number(text), let double = decimal(digits) else {
                    throw notANumber(text, "Float")
                }
                return .float(double)
            },
        ]
    }

    private static func real(
        _ name: String, _ summary: String, _ example: String, _ body: @escaping (Double) throws -> Double
    ) -> NativeFunction {
        NativeFunction(
            name: name, parameters: [Parameter("x", .number, "a number")], returns: "Float",
            summary: summary, example: example,
            quick: { arguments, count, result in
                guard count == 1, case .float(let x) = arguments.pointee, let y = try? body(x) else { return false }
                result.initialize(to: .float(y))
                return true
            }
        ) { call in .float(try body(call.argument(0).asDouble ?? .nan)) }
    }

    private static func whole(
        _ name: String, _ summary: String, _ example: String, _ rule: FloatingPointRoundingRule
    ) -> NativeFunction {
        NativeFunction(
            name: name, parameters: [Parameter("x", .number, "a number")], returns: "Int",
            summary: summary, example: example,
            seeAlso: ["round"],
            quick: { arguments, count, result in
                guard count == 1, case .float(let x) = arguments.pointee, let int = Int(exactly: x.rounded(rule))
                else { return false }
                result.initialize(to: .int(int))
                return true
            }
        ) { call in
            if let int = call.value("x").asInt { return .int(int) }
            return try integer(try call.float("x").rounded(rule), call)
        }
    }

    private static func integer(_ double: Double, _ call: NativeCall) throws -> Value {
        guard let int = Int(exactly: double) else {
            throw tooLarge(Printer.number(double), call)
        }
        return .int(int)
    }

    private static func tooLarge(_ text: String, _ call: NativeCall) -> RuntimeError {
        let shown = text.count > 60 ? text.prefix(60) + "..." : text
        return RuntimeError("`\(call.function.name)`: \(shown) does not fit in 64 bits", code: "E202")
    }

    /// To tens, hundreds and so on for negative digits; halves go to the even one.
    private static func rounded(_ int: Int, _ digits: Int) throws -> Int {
        if digits >= 0 { return int }
        guard digits >= -18 else {
            // 10^19 is more than twice the largest Int, or the half of it is.
            return digits == -19 && int.magnitude > 5_000_000_000_000_000_000 ? try overflow(int) : 0
        }
        let unit = (0..<(-digits)).reduce(1) { unit, _ in unit * 10 }
        let down = Arithmetic.floorDivide(int, unit).partialValue
        let rest = Arithmetic.floorRemainder(int, unit)
        let isUp = rest > unit / 2 || (rest == unit / 2 && down % 2 != 0)
        let (result, isTooLarge) = (isUp ? down + 1 : down).multipliedReportingOverflow(by: unit)
        return isTooLarge ? try overflow(int) : result
    }

    private static func overflow(_ int: Int) throws -> Int {
        throw RuntimeError("`round`: \(int) rounded does not fit in 64 bits", code: "E202")
    }

    /// Python's forms alone: no hexadecimal digits, no `nan(...)`.
    private static func decimal(_ text: String) -> Double? {
        let body = text.drop { "+-".contains($0) }.lowercased()
        let isNamed = ["inf", "infinity", "nan"].contains(body)
        guard isNamed || body.allSatisfy({ $0.isNumber || ".e+-".contains($0) }) else { return nil }
        return Double(text)
    }

    private static func notANumber(_ text: String, _ type: String) -> RuntimeError {
        RuntimeError("\(Printer.short(.string(text))) cannot be read as \(type)", code: "E203")
    }

    /// A number in a message, which may have been an Int.
    private static func plain(_ x: Double) -> String { Int(exactly: x).map { String($0) } ?? Printer.number(x) }
}
