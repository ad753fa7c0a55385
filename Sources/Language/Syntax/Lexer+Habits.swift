/// Signs of other languages and of word processors: reported, and read as what was meant.
extension Lexer {
    /// What a sign was read as.
    struct Repair {
        /// The token to go on with; `nil` where the sign is left out.
        var token: Token?
    }

    /// - Returns: nothing where no such sign stands here.
    mutating func habit() -> Repair? {
        guard mayBeHabit else { return nil }
        if bytes[offset] == UInt8(ascii: "/") { return blockComment() }
        let signs = Habits.signsByFirstByte[Int(bytes[offset])]
        if signs.isEmpty { return increment() ?? fullWidthSign() }
        for (sign, meant, hint) in signs where starts(with: sign) {
            if sign == "!", peek(1) == UInt8(ascii: "=") { continue }
            if sign == "|", peek(1) == UInt8(ascii: ">") { continue }
            // In a string `{x:=+5}` is a format.
            if sign == ":=", depth > 0 { continue }
            return replace(sign.utf8.count, meant, hint)
        }
        return nil
    }

    /// A quick no for most signs of our own.
    private var mayBeHabit: Bool {
        switch bytes[offset] {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: ";"),
            UInt8(ascii: "%"), UInt8(ascii: ">"):
            false
        case UInt8(ascii: "/"): peek(1) == UInt8(ascii: "*")
        case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            "=<>+-".utf8.contains(peek(1))
        default: true
        }
    }

    private func starts(with text: String) -> Bool { bytes[offset...].starts(with: text.utf8) }

    private mutating func replace(_ length: Int, _ meant: TokenKind?, _ hint: String) -> Repair {
        let span = SourceSpan(offset, offset + length)
        offset = span.end
        report("E001", "`\(source.text(of: span))` has no meaning here", span, suggestion: hint)
        return Repair(token: meant.map { Token(kind: $0, span: span) })
    }

    /// `/* ... */`
    private mutating func blockComment() -> Repair {
        var end = offset + 3
        while end < bytes.count, bytes[end - 1] != UInt8(ascii: "*") || bytes[end] != UInt8(ascii: "/") { end += 1 }
        report(
            "E001", "`/*` has no meaning here", SourceSpan(offset, offset + 2),
            suggestion: "a comment begins with `#` and ends with its line")
        offset = min(end + 1, bytes.count)
        return Repair(token: nil)
    }

    /// `x++` and `x--` at the end of a statement.
    private mutating func increment() -> Repair? {
        let sign = bytes[offset]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), peek(1) == sign else { return nil }
        var end = offset + 2
        while end < bytes.count, bytes[end] == UInt8(ascii: " ") { end += 1 }
        let ends: [UInt8] = [0x0A, 0x0D, UInt8(ascii: ";"), UInt8(ascii: ")"), UInt8(ascii: "}"), UInt8(ascii: "#")]
        guard end == bytes.count || ends.contains(bytes[end]) else { return nil }
        return replace(2, nil, "write `x \(sign == UInt8(ascii: "+") ? "+" : "-")= 1`")
    }

    /// Whether a sign of a Chinese or Japanese keyboard stands here, such as a full-width bracket.
    var startsFullWidthSign: Bool { fullWidthScalar != nil }

    private var fullWidthScalar: UnicodeScalar? {
        guard bytes[offset] == 0xEF || bytes[offset] == 0xE3, offset + 2 < bytes.count else { return nil }
        let text = String(decoding: bytes[offset..<offset + 3], as: UTF8.self)
        guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else { return nil }
        if (0x3000...0x3002).contains(scalar.value) { return scalar }
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return nil }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? nil : scalar
    }

    private mutating func fullWidthSign() -> Repair? {
        guard let scalar = fullWidthScalar else { return nil }
        let plain = [0x3000: " ", 0x3001: ",", 0x3002: "."][scalar.value]
            ?? UnicodeScalar(scalar.value - 0xFEE0).map { String($0) } ?? ""
        let hint = plain == " " ? "this is a wide space: write an ordinary one" : "write `\(plain)`, the narrow one"
        return replace(3, TokenKind(rawValue: plain), hint)
    }

    /// A string between the curly quotes that word processors make.
    mutating func curlyString() -> Token? {
        guard starts(with: "\u{201C}") || starts(with: "\u{201D}") else { return nil }
        let start = offset
        offset += 3
        var text: [UInt8] = []
        while offset < bytes.count, peek() != UInt8(ascii: "\n") {
            if starts(with: "\u{201D}") || starts(with: "\u{201C}") {
                offset += 3
                break
            }
            if peek() == UInt8(ascii: "\"") {
                offset += 1
                break
            }
            text.append(peek())
            offset += 1
        }
        report(
            "E001", "this string has curly quotes", SourceSpan(start, start + 3), suggestion: "write `\"`")
        let part = TemplatePart.text(String(decoding: text, as: UTF8.self))
        return Token(kind: .string, span: SourceSpan(start, offset), literal: .template([part]))
    }
}
