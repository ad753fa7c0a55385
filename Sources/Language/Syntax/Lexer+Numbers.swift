/// Numbers: `12`, `1_000`, `0xff`, `0b101`, `0o17`, `1.5`, `1e-3`.
extension Lexer {
    mutating func number() -> Token {
        let start = offset
        if peek() == UInt8(ascii: "0"), let radix = radixAfterZero() { return prefixed(radix: radix, start: start) }
        takeDigits()
        var isFloat = false
        if peek() == UInt8(ascii: "."), peek(1).isDigit {
            isFloat = true
            offset += 1
            takeDigits()
        }
        if peek() | 0x20 == UInt8(ascii: "e"), exponentFollows() {
            isFloat = true
            offset += peek(1).isDigit ? 1 : 2
            takeDigits()
        }
        let end = offset
        rejectTrailingLetters(start)
        rejectUnderscores(start..<end) { $0.isDigit }
        if !isFloat { rejectLeadingZero(start..<end) }
        if isFloat {
            let value = Double(digits(start..<end)) ?? 0
            return Token(kind: .float, span: SourceSpan(start, offset), literal: .float(value))
        }
        let magnitude = decimal(start..<end)
        if magnitude == Int.min.magnitude {
            return Token(kind: .integer, span: SourceSpan(start, offset), literal: .beyondLargest)
        }
        return integer(magnitude.flatMap(Int.init(exactly:)), start: start)
    }

    /// - Returns: `nil` where it does not fit.
    private func decimal(_ range: Range<Int>) -> UInt? {
        var result: UInt = 0
        for byte in bytes[range] where byte != UInt8(ascii: "_") {
            let (product, isTooLarge) = result.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = product.addingReportingOverflow(UInt(byte - UInt8(ascii: "0")))
            if isTooLarge || isStillTooLarge { return nil }
            result = sum
        }
        return result
    }

    private func radixAfterZero() -> Int? {
        switch peek(1) | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "b"): 2
        case UInt8(ascii: "o"): 8
        default: nil
        }
    }

    private mutating func prefixed(radix: Int, start: Int) -> Token {
        offset += 2
        let digitsStart = offset
        while offset < bytes.count, bytes[offset].isWordPart { offset += 1 }
        let text = digits(digitsStart..<offset)
        rejectUnderscores(digitsStart..<offset) { $0.isWordPart }
        if text.isEmpty || text.contains(where: { ($0.hexDigitValue ?? 99) >= radix }) {
            report("E002", "this is not a number in base \(radix)", SourceSpan(start, offset))
            return Token(kind: .integer, span: SourceSpan(start, offset), literal: .int(0))
        }
        return integer(Int(text, radix: radix), start: start)
    }

    static let tooLarge = "this integer does not fit in 64 bits"
    static let writeAsFloat = "write it as a Float, with `.0`"

    private mutating func integer(_ value: Int?, start: Int) -> Token {
        if value == nil {
            report("E003", Self.tooLarge, SourceSpan(start, offset), suggestion: Self.writeAsFloat)
        }
        return Token(kind: .integer, span: SourceSpan(start, offset), literal: .int(value ?? 0))
    }

    /// `012`, which is 10 in some languages and 12 in others.
    private mutating func rejectLeadingZero(_ range: Range<Int>) {
        guard range.count > 1, bytes[range.lowerBound] == UInt8(ascii: "0"),
            let first = range.first(where: { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[$0]) })
        else { return }
        let number = source.text(of: SourceSpan(first, range.upperBound))
        report(
            "E002", "a whole number does not begin with 0", SourceSpan(range.lowerBound, range.upperBound),
            suggestion: "write `\(number)`, or `0o\(number)` for one in base 8")
    }

    /// `1__0` and `1_`.
    private mutating func rejectUnderscores(_ range: Range<Int>, isDigit: (UInt8) -> Bool) {
        let underscore = UInt8(ascii: "_")
        for place in range where bytes[place] == underscore {
            let next = place + 1 < range.upperBound ? bytes[place + 1] : 0
            if next != underscore, isDigit(next) { continue }
            return report(
                "E002", "a `_` in a number stands between two digits", SourceSpan(range.lowerBound, range.upperBound),
                suggestion: "write `1_000`")
        }
    }

    private func exponentFollows() -> Bool {
        let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
        return peek(sign ? 2 : 1).isDigit
    }

    private mutating func takeDigits() {
        while offset < bytes.count, bytes[offset].isDigit || bytes[offset] == UInt8(ascii: "_") { offset += 1 }
    }

    private func digits(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    }

    private mutating func rejectTrailingLetters(_ start: Int) {
        guard offset < bytes.count, bytes[offset].isWordStart, !startsFullWidthSign else { return }
        while offset < bytes.count, bytes[offset].isWordPart { offset += 1 }
        report(
            "E002", "`\(source.text(of: SourceSpan(start, offset)))` is neither a number nor a name",
            SourceSpan(start, offset))
    }
}
