/// A number as a document writes it.
@usableFromInline
package enum JSONNumber: Equatable {
    case int(Int)
    case double(Double)
    /// A whole number beyond 64 bits, rounded.
    case largeInteger(Double)
}

extension JSONNumber {
    /// The number that the bytes, all of them, are in JSON's grammar, which is less than most read: no `+1`, `01`,
    /// `1.`, `.5`, `NaN`.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first, first == UInt8(ascii: "-") || 0x30...0x39 ~= first else { return nil }
        var scanner = JSONScanner(bytes: bytes, whole: "text")
        guard let number = try? scanner.number(), scanner.isAtEnd else { return nil }
        self = number
    }
}

extension JSONScanner {
    @usableFromInline
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = offset
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        let firstDigit = offset
        var digits: UInt64 = 0
        let wholeDigits = skipDigits(&digits)
        guard wholeDigits > 0, wholeDigits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
            throw malformed(from: start)
        }
        var places = 0
        var isWhole = true
        if peek == UInt8(ascii: ".") {
            isWhole = false
            offset += 1
            places = skipDigits(&digits)
            guard places > 0 else { throw malformed(from: start) }
        }
        var exponent = 0
        if peek | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            offset += 1
            let isBelowOne = peek == UInt8(ascii: "-")
            if isBelowOne || peek == UInt8(ascii: "+") { offset += 1 }
            var value: UInt64 = 0
            let count = skipDigits(&value)
            guard count > 0 else { throw malformed(from: start) }
            exponent = count > 4 ? 100_000 : Int(value)
            if isBelowOne { exponent.negate() }
        }
        switch peek {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
            throw malformed(from: start)
        default: break
        }
        if isWhole, wholeDigits < 19 { return .int(isNegative ? -Int(digits) : Int(digits)) }
        // Clinger's exact case: both factors are exact in a double, so that one rounding happens.
        let power = exponent - places
        if !isWhole, wholeDigits + places < 19, digits < 1 << 53, abs(power) <= 22 {
            let ten = JSONScanner.powersOfTen[abs(power)]
            let magnitude = power < 0 ? Double(digits) / ten : Double(digits) * ten
            return .double(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, let int = Int(text) { return .int(int) }
        guard let double = Double(text), double.isFinite else {
            throw failure("`\(JSONScanner.cut(text))` is beyond the range of a number", at: start)
        }
        return isWhole ? .largeInteger(double) : .double(double)
    }

    /// Passes over digits and adds them behind those of a number, wrapping; gives how many there were.
    private mutating func skipDigits(_ value: inout UInt64) -> Int {
        let start = offset
        while offset < bytes.count {
            let digit = bytes[offset] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value &* 10 &+ UInt64(digit)
            offset += 1
        }
        return offset - start
    }

    private mutating func malformed(from start: Int) -> JSONError {
        offset = start
        let text = bytes[start...].prefix(64).prefix { "+-.eE0123456789".utf8.contains($0) }
        return failure("`\(String(decoding: text, as: UTF8.self))` is not a number", at: start)
    }

    @usableFromInline
    func tooLargeInteger(from start: Int) -> JSONError {
        let text = JSONScanner.cut(String(decoding: bytes[start..<offset], as: UTF8.self))
        return failure("`\(text)` does not fit in 64 bits; write it as a string, or with a fraction", at: start)
    }

    private static func cut(_ text: String) -> String { text.utf8.count > 40 ? "\(text.prefix(40))..." : text }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
