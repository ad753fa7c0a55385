/// An exact fraction in lowest terms with a positive denominator.
public struct Rational: Equatable, Sendable {
    public let numerator: Int
    public let denominator: Int

    public init(_ value: Int) { (numerator, denominator) = (value, 1) }

    /// Nil for a zero denominator.
    init?(_ numerator: Int, over denominator: Int) {
        guard denominator != 0, numerator != .min, denominator != .min else { return nil }
        var (a, b) = (abs(numerator), abs(denominator))
        while b != 0 { (a, b) = (b, a % b) }
        let sign = denominator < 0 ? -1 : 1
        (self.numerator, self.denominator) = (sign * numerator / a, sign * denominator / a)
    }

    /// The four operations; nil on a division by zero or an overflow of 64 bits.
    func applying(_ operation: UInt8, _ other: Rational) -> Rational? {
        switch operation {
        case UInt8(ascii: "*"):
            return product(numerator, other.numerator).flatMap { top in
                product(denominator, other.denominator).flatMap { Rational(top, over: $0) }
            }
        case UInt8(ascii: "/"):
            guard let inverse = Rational(other.denominator, over: other.numerator) else { return nil }
            return applying(UInt8(ascii: "*"), inverse)
        default:
            guard let a = product(numerator, other.denominator), let b = product(other.numerator, denominator),
                let bottom = product(denominator, other.denominator)
            else { return nil }
            let (top, overflow) =
                operation == UInt8(ascii: "+") ? a.addingReportingOverflow(b) : a.subtractingReportingOverflow(b)
            return overflow ? nil : Rational(top, over: bottom)
        }
    }

    private func product(_ a: Int, _ b: Int) -> Int? {
        let (value, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? nil : value
    }
}

/// Arithmetic over whole numbers with + - * / and brackets, and nothing else: no powers, factorials, signs or names.
/// Read by recursive descent; text is never executed.
public enum ArithmeticExpression {
    /// Brackets deeper than this, or texts longer, are refused: they come from a model.
    static let depthLimit = 64
    static let lengthLimit = 1024

    /// The exact value and the numbers used, in order; nil if the text is anything but one expression.
    public static func parse(_ text: String) -> (value: Rational, numbers: [Int])? {
        guard text.utf8.count <= lengthLimit else { return nil }
        var reader = ExpressionReader(bytes: Array(text.utf8))
        guard let value = reader.sum(depth: 0) else { return nil }
        reader.skipBlanks()
        return reader.isAtEnd ? (value, reader.numbers) : nil
    }
}

private struct ExpressionReader {
    let bytes: [UInt8]
    var position = 0
    var numbers: [Int] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == 32 { position += 1 }
    }

    /// Takes the next byte if it is one of `set`.
    mutating func take(_ set: StaticString) -> UInt8? {
        skipBlanks()
        guard !isAtEnd else { return nil }
        let byte = bytes[position]
        guard set.withUTF8Buffer({ $0.contains(byte) }) else { return nil }
        position += 1
        return byte
    }

    /// sum := product (('+' | '-') product)*
    mutating func sum(depth: Int) -> Rational? {
        guard depth <= ArithmeticExpression.depthLimit, var value = product(depth: depth) else { return nil }
        while let operation = take("+-") {
            guard let right = product(depth: depth), let result = value.applying(operation, right) else { return nil }
            value = result
        }
        return value
    }

    /// product := atom (('*' | '/') atom)*
    mutating func product(depth: Int) -> Rational? {
        guard var value = atom(depth: depth) else { return nil }
        while let operation = take("*/") {
            guard let right = atom(depth: depth), let result = value.applying(operation, right) else { return nil }
            value = result
        }
        return value
    }

    /// atom := digits | '(' sum ')'
    mutating func atom(depth: Int) -> Rational? {
        if take("(") != nil {
            guard let value = sum(depth: depth + 1), take(")") != nil else { return nil }
            return value
        }
        skipBlanks()
        let start = position
        while position < bytes.count, bytes[position].isASCIIDigit { position += 1 }
        guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else { return nil }
        numbers.append(number)
        return Rational(number)
    }
}
