import Randomness

extension UInt8 {
    var isASCIIDigit: Bool { self >= 48 && self <= 57 }
}

/// `7` as `007`.
func padded(_ value: Int, width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// `10^exponent`, for exponents up to 18.
func powerOfTen(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * 10 } }

extension RandomStream {
    /// A number with exactly `digits` digits, 1 to 9 for one.
    mutating func number(digits: Int) -> Int {
        let low = powerOfTen(digits - 1)
        return low + integer(below: 9 * low)
    }
}
