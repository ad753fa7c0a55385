/// Reads the last number of a text, strictly, in a form in which equal values are equal strings.
public enum NumberReading {
    /// The last number of the text as a plain decimal: no leading zeros, no trailing zeros after the point, no commas.
    ///
    /// `018` is 18, `18.` at the end of a sentence is 18, `18.0` is 18 and `1,018` is 1018. `18.5` is 18.5, `-18` is
    /// -18 and the last number of `1 8` is 8. Nil where there is no number, or where the last one is not a plain
    /// number: part of a word (`x18`), of an exponent (`18e3`), of an open calculation (`20/18`, `20+18`, `18*`), a per
    /// cent.
    public static func last(in text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        guard let last = scalars.lastIndex(where: isDigit) else { return nil }
        var start = last
        while start > 0, isPart(scalars, start - 1) { start -= 1 }
        let token = scalars[start...last]
        guard let value = canonical(token) else { return nil }
        let (before, after) = withoutEmphasis(scalars[..<start], scalars[(last + 1)...])
        if let next = after.first, "+*/^%×÷".unicodeScalars.contains(next) { return nil }
        return before.isEmpty ? value : signed(value, before)
    }

    /// `**18**` is Markdown for a bold 18 (but `2**18**` is a power): as many stars on both sides, after no operand.
    private static func withoutEmphasis(
        _ before: ArraySlice<Unicode.Scalar>, _ after: ArraySlice<Unicode.Scalar>
    ) -> (ArraySlice<Unicode.Scalar>, ArraySlice<Unicode.Scalar>) {
        let stars = before.reversed().prefix { $0 == "*" }.count
        let rest = before.dropLast(stars)
        let isOperand = rest.last.map { isDigit($0) || $0 == ")" } ?? false
        guard stars > 0, !isOperand, after.prefix(while: { $0 == "*" }).count == stars else { return (before, after) }
        return (rest, after.dropFirst(stars))
    }

    /// The plain form of a number that stands alone, `1,018.50` as `1018.5`; nil if it is not a number.
    public static func canonical(_ text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        let isNegative = scalars.first == "-"
        guard let value = canonical(scalars[(isNegative ? 1 : 0)...]) else { return nil }
        return isNegative && value != "0" ? "-" + value : value
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Digits, and points and commas between digits.
    private static func isPart(_ scalars: [Unicode.Scalar], _ i: Int) -> Bool {
        if isDigit(scalars[i]) { return true }
        guard scalars[i] == "." || scalars[i] == "," else { return false }
        return i > 0 && isDigit(scalars[i - 1]) && isDigit(scalars[i + 1])
    }

    /// What stands before the number decides its sign, or that it is no answer.
    private static func signed(_ value: String, _ before: ArraySlice<Unicode.Scalar>) -> String? {
        let previous = before.last!
        switch previous {
        case "-", "−", "–": return value == "0" ? value : "-" + value
        case "+": return before.dropLast().last.map { isDigit($0) || $0 == ")" } == true ? nil : value
        case ".", "*", "/", "^", "×", "÷", "_": return nil
        default: return previous.properties.isAlphabetic ? nil : value
        }
    }

    private static func canonical(_ token: ArraySlice<Unicode.Scalar>) -> String? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = integer(parts[0]) else { return nil }
        guard parts.count == 2 else { return whole }
        guard !parts[1].isEmpty, parts[1].allSatisfy(isDigit) else { return nil }
        let kept = parts[1].count - parts[1].reversed().prefix { $0 == "0" }.count
        return kept == 0 ? whole : whole + "." + text(parts[1].prefix(kept))
    }

    /// Digits with commas, if any, between groups of three; of `12,5` (a list, not a number) the last element.
    private static func integer(_ token: ArraySlice<Unicode.Scalar>) -> String? {
        let groups = token.split(separator: ",", omittingEmptySubsequences: false)
        guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }), let last = groups.last else { return nil }
        let isGrouped = groups[0].count <= 3 && groups.dropFirst().allSatisfy { $0.count == 3 }
        let digits = isGrouped ? text(ArraySlice(groups.joined())) : text(last)
        let significant = digits.drop { $0 == "0" }
        return significant.isEmpty ? "0" : String(significant)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
