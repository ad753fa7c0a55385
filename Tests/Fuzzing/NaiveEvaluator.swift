import Glibc

/// Walks an `ArithmeticProgram`, written from Python's rules and not from the language's sources.
struct NaiveEvaluator {
    enum Number {
        case int(Int), float(Double), bool(Bool)
    }

    enum Failure: Error {
        case overflow, divisionByZero, noRealPower

        var code: String {
            switch self {
            case .overflow: "E202"
            case .divisionByZero: "E204"
            case .noRealPower: "E207"
            }
        }
    }

    typealias Node = ArithmeticProgram.Node
    private(set) var output = ""
    private var names: [String: Number] = [:]

    mutating func run(_ statements: [ArithmeticProgram.Statement]) throws {
        for statement in statements {
            switch statement {
            case .bind(let name, let value): names[name] = try evaluate(value)
            case .print(let value): output += Self.text(try evaluate(value)) + "\n"
            case .branch(let condition, let then, let otherwise): try run(truth(condition) ? then : otherwise)
            case .count(let name, let count, let body):
                for index in 0..<count {
                    names[name] = .int(index)
                    try run(body)
                }
            case .attempt(let body, let handler):
                do { try run(body) } catch is Failure { try run(handler) }
            }
        }
    }

    private func truth(_ node: Node) throws -> Bool {
        if case .bool(let bool) = try evaluate(node) { return bool }
        return false
    }

    private func evaluate(_ node: Node) throws -> Number {
        switch node {
        case .int(let int): return .int(int)
        case .float(let double): return .float(double)
        case .bool(let bool): return .bool(bool)
        case .name(let name): return names[name] ?? .int(0)
        case .negate(let operand):
            switch try evaluate(operand) {
            case .int(let int): return .int(try Self.checked(int.multipliedReportingOverflow(by: -1)))
            case .float(let double): return .float(-double)
            case .bool(let bool): return .bool(bool)
            }
        case .not(let operand): return .bool(!(try truth(operand)))
        case .and(let left, let right): return .bool(try truth(left) && truth(right))
        case .or(let left, let right): return .bool(try truth(left) || truth(right))
        case .choice(let condition, let then, let otherwise): return try evaluate(truth(condition) ? then : otherwise)
        case .arithmetic(let op, let left, let right): return try Self.arithmetic(op, evaluate(left), evaluate(right))
        case .comparison(let op, let left, let right):
            return .bool(Self.holds(op, Self.compare(try evaluate(left), try evaluate(right))))
        }
    }

    // MARK: - Comparing

    /// Exactly, also an Int with a Float; `nil` where one is NaN.
    private static func compare(_ left: Number, _ right: Number) -> Int? {
        switch (left, right) {
        case (.int(let a), .int(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.float(let a), .float(let b)): return a.isNaN || b.isNaN ? nil : a < b ? -1 : a > b ? 1 : 0
        case (.int(let a), .float(let b)): return compare(a, b)
        case (.float(let a), .int(let b)): return compare(b, a).map { -$0 }
        default: return nil
        }
    }

    private static func compare(_ a: Int, _ b: Double) -> Int? {
        if b.isNaN { return nil }
        if b >= 0x1p63 { return -1 }
        if b < -0x1p63 { return 1 }
        let whole = Int(b.rounded(.towardZero))
        if a != whole { return a < whole ? -1 : 1 }
        let rest = b - Double(whole)
        return rest > 0 ? -1 : rest < 0 ? 1 : 0
    }

    private static func holds(_ op: String, _ order: Int?) -> Bool {
        guard let order else { return op == "!=" }
        switch op {
        case "<": return order < 0
        case "<=": return order <= 0
        case ">": return order > 0
        case ">=": return order >= 0
        case "==": return order == 0
        default: return order != 0
        }
    }

    // MARK: - Computing

    private static func checked(_ result: (partialValue: Int, overflow: Bool)) throws -> Int {
        if result.overflow { throw Failure.overflow }
        return result.partialValue
    }

    private static func arithmetic(_ op: String, _ left: Number, _ right: Number) throws -> Number {
        if case .int(let a) = left, case .int(let b) = right { return try integers(op, a, b) }
        return .float(try floats(op, double(left), double(right)))
    }

    private static func double(_ number: Number) -> Double {
        switch number {
        case .int(let int): Double(int)
        case .float(let double): double
        case .bool: 0
        }
    }

    private static func integers(_ op: String, _ a: Int, _ b: Int) throws -> Number {
        switch op {
        case "+": return .int(try checked(a.addingReportingOverflow(b)))
        case "-": return .int(try checked(a.subtractingReportingOverflow(b)))
        case "*": return .int(try checked(a.multipliedReportingOverflow(by: b)))
        case "**":
            if b < 0 { return .float(try floats(op, Double(a), Double(b))) }
            var result = 1
            for _ in 0..<b { result = try checked(result.multipliedReportingOverflow(by: a)) }
            return .int(result)
        default: break
        }
        if b == 0 { throw Failure.divisionByZero }
        if op == "/" { return .float(quotient(a, b)) }
        // The sign of a remainder is the divisor's.
        if b == -1 { return op == "%" ? .int(0) : .int(try checked((0).subtractingReportingOverflow(a))) }
        var (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        if remainder != 0, (remainder > 0) != (b > 0) { (quotient, remainder) = (quotient - 1, remainder + b) }
        return .int(op == "%" ? remainder : quotient)
    }

    /// Rounded once, to the nearest and of two as near to the even one: long division, a binary digit at a time.
    private static func quotient(_ a: Int, _ b: Int) -> Double {
        let divisor = b.magnitude
        let whole = a.magnitude / divisor
        var remainder = a.magnitude % divisor
        var digits = (0..<64).map { whole >> (63 - $0) & 1 }
        // The first digit that is not 0 has a place above 2 ** -64; 53 are kept and one more decides.
        for _ in 0..<(64 + 54) {
            remainder *= 2
            digits.append(remainder / divisor)
            remainder %= divisor
        }
        guard let first = digits.firstIndex(of: 1) else { return (a < 0) != (b < 0) ? -0.0 : 0.0 }
        var significand = digits[first..<first + 53].reduce(0) { $0 * 2 + $1 }
        let rest = digits[(first + 53)...]
        let isAboveHalf = rest.first == 1 && (remainder > 0 || rest.dropFirst().contains(1))
        if isAboveHalf || (rest.first == 1 && significand % 2 == 1) { significand += 1 }
        let result = scalbn(Double(significand), 63 - (first + 52))
        return (a < 0) != (b < 0) ? -result : result
    }

    private static func floats(_ op: String, _ a: Double, _ b: Double) throws -> Double {
        switch op {
        case "+": return a + b
        case "-": return a - b
        case "*": return a * b
        case "**":
            if a == 0, b < 0 { throw Failure.divisionByZero }
            if a < 0, b != floor(b) { throw Failure.noRealPower }
            return pow(a, b)
        default: break
        }
        if b == 0 { throw Failure.divisionByZero }
        switch op {
        case "/": return a / b
        case "//":
            // CPython's float_divmod: the quotient suits the remainder.
            let remainder = fmod(a, b)
            var quotient = (a - remainder) / b
            if remainder != 0, (remainder < 0) != (b < 0) { quotient -= 1 }
            if quotient == 0 { return copysign(0, a / b) }
            return quotient - floor(quotient) > 0.5 ? floor(quotient) + 1 : floor(quotient)
        default:
            let remainder = fmod(a, b)
            // As in CPython, a zero has the divisor's sign.
            if remainder == 0 { return copysign(0, b) }
            return (remainder < 0) != (b < 0) ? remainder + b : remainder
        }
    }

    // MARK: - Printing

    static func text(_ number: Number) -> String {
        switch number {
        case .int(let int): String(int)
        case .bool(let bool): bool ? "true" : "false"
        case .float(let double): text(double)
        }
    }

    /// Python's `repr`: the fewest digits that read back as the same number, found by trying.
    private static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        for precision in 0...16 {
            guard let written = candidates(value, precision).first(where: { strtod($0, nil) == value }) else { continue }
            let exponent = Int(written[written.index(after: written.firstIndex(of: "e")!)...]) ?? 0
            guard exponent >= -4, exponent < 16 else { return written }
            let text = printed(strtod(written, nil), "f", max(0, precision - exponent))
            return text.contains(".") ? text : text + ".0"
        }
        return printed(value, "e", 16)
    }

    /// The nearest number of so many digits, and its neighbours: another than the nearest may be the one to read back.
    private static func candidates(_ value: Double, _ precision: Int) -> [String] {
        let nearest = printed(value, "e", precision)
        let parts = nearest.split(separator: "e")
        guard precision > 0, let digits = Int(parts[0].filter { $0 != "." && $0 != "-" }) else { return [nearest] }
        let sign = value < 0 ? "-" : ""
        return [nearest] + [digits + 1, digits - 1].map { digits in
            let text = String(digits)
            return "\(sign)\(text.prefix(1)).\(text.dropFirst())e\(parts[1])"
        }
    }

    private static func printed(_ value: Double, _ type: Character, _ precision: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 400)
        _ = withVaList([CInt(precision), value]) { vsnprintf(&buffer, 400, "%.*\(type)", $0) }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
