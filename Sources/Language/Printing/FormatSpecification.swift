/// Python's format specification, taken apart: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
struct FormatSpecification {
    let text: String
    var fill: Character = " "
    private var hasFill = false
    var align: Character?
    var sign: Character?
    /// `z`: a zero that comes from rounding has no minus.
    var dropsNegativeZero = false
    var isAlternate = false
    /// Whether `0` stands before the width: it fills, and goes between the sign and the digits of a number.
    var padsWithZeros = false
    var width = 0
    var grouping: Character?
    var precision: Int?
    var type: Character?

    /// Nothing wider or more precise than this is written.
    private static let largest = 10_000

    init(_ text: String) throws {
        self.text = text
        var rest = Substring(text)
        readAlignment(&rest)
        if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
        dropsNegativeZero = take("z", &rest)
        isAlternate = take("#", &rest)
        if !hasFill, take("0", &rest) {
            padsWithZeros = true
            fill = "0"
        }
        width = try number(&rest) ?? 0
        if let first = rest.first, ",_".contains(first) { grouping = rest.removeFirst() }
        if take(".", &rest) {
            guard let digits = try number(&rest) else { throw malformed }
            precision = digits
        }
        if let first = rest.first, "bdeEfFgGnosxX%".contains(first) { type = rest.removeFirst() }
        guard rest.isEmpty else { throw malformed }
    }

    private mutating func readAlignment(_ rest: inout Substring) {
        let aligns: Set<Character> = ["<", ">", "^", "="]
        if let second = rest.dropFirst().first, aligns.contains(second) {
            fill = rest.removeFirst()
            hasFill = true
            align = rest.removeFirst()
        } else if let first = rest.first, aligns.contains(first) {
            align = rest.removeFirst()
        }
    }

    private func take(_ mark: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == mark else { return false }
        rest.removeFirst()
        return true
    }

    private func number(_ rest: inout Substring) throws -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        rest.removeFirst(digits.count)
        guard let number = Int(digits), number <= Self.largest else {
            throw RuntimeError(
                "the width or precision in the format `\(text)` is too large: at most \(Self.largest)", code: "E214")
        }
        return number
    }

    private var malformed: RuntimeError {
        RuntimeError("`\(text)` is not a format", code: "E214", suggestion: "such as `.3f`, `>8`, `,`, `.1%`")
    }

    func invalid(for value: Value) -> RuntimeError {
        RuntimeError("the format `\(text)` does not suit \(Printer.withType(value))", code: "E214")
    }

    /// What stands before the digits.
    func prefix(isNegative: Bool) -> String {
        if isNegative { return "-" }
        guard let sign, sign != "-" else { return "" }
        return String(sign)
    }

    /// Fills up to the width.
    func padded(_ body: String, align: Character, fill: Character) -> String {
        let missing = width - body.unicodeScalars.count
        guard missing > 0 else { return body }
        let blanks = String(repeating: fill, count: missing)
        switch align {
        case "<": return body + blanks
        case "^": return String(blanks.prefix(missing / 2)) + body + blanks.dropFirst(missing / 2)
        default: return blanks + body
        }
    }
}
