import Language

/// A small generator of random numbers, the same on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A script with other spaces, empty lines, comments and line breaks where the language allows them.
enum MangledScript {
    static func text(of text: String, outline: SourceOutline, random: inout SplitMix) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        // Behind a word such as `if` a newline means something again, also in brackets.
        var brackets: [(isBlock: Bool, hasHeader: Bool)] = []
        var end = 0
        for span in outline.spans {
            let gap = Array(bytes[end..<span.start])
            let word = String(decoding: bytes[span.start..<span.end], as: UTF8.self)
            let last = end > 0 ? String(decoding: result.suffix(2), as: UTF8.self) : ""
            if ["if", "for", "while", "fn", "try"].contains(word), !brackets.isEmpty {
                brackets[brackets.count - 1].hasHeader = true
            }
            let mayBreak = brackets.last.map { !$0.isBlock && !$0.hasHeader } ?? false || word == "|>" || isOperator(last)
            result += Array(mangled(gap, mayBreak: mayBreak && end > 0, &random).utf8)
            result += bytes[span.start..<span.end]
            if ["(", "[", "{"].contains(word) { brackets.append((word == "{", false)) }
            if [")", "]", "}"].contains(word) { brackets.removeLast() }
            end = span.end
        }
        return String(decoding: result + bytes[end...], as: UTF8.self)
    }

    private static func isOperator(_ text: String) -> Bool {
        ["+", "*", "/", "@", "%", "==", "<=", ">=", "!=", "//", "**"].contains { text.hasSuffix($0) }
            && !text.hasSuffix("=") || ["==", "<=", ">=", "!="].contains(text)
    }

    private static func mangled(_ gap: [UInt8], mayBreak: Bool, _ random: inout SplitMix) -> String {
        let text = String(decoding: gap, as: UTF8.self)
        if text.contains("#") { return text }
        let blank = { (random: inout SplitMix) in String(repeating: " ", count: Int.random(in: 0...5, using: &random)) }
        if text.contains("\n") {
            let comment = Int.random(in: 0..<6, using: &random) == 0 ? " # note" : ""
            let lines = String(repeating: "\n\t", count: Int.random(in: 0...2, using: &random))
            return blank(&random) + comment + "\r\n" + lines + blank(&random)
        }
        if mayBreak, Int.random(in: 0..<5, using: &random) == 0 {
            let comment = Int.random(in: 0..<4, using: &random) == 0 ? " # why" : ""
            return blank(&random) + comment + "\n" + blank(&random)
        }
        return text.isEmpty ? "" : " " + blank(&random)
    }
}
