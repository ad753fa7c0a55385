/// Strings: `"text {expression:format}"`, `'text'`, `r"raw"`, `"""several lines"""`.
extension Lexer {
    struct Quote {
        var byte: UInt8
        var isTriple: Bool
        var isRaw: Bool
        var length: Int { isTriple ? 3 : 1 }
    }

    /// Whether a string starts here. `f"..."` is taken as `"..."`: every string interpolates.
    func quoteStart() -> Quote? {
        var isRaw = false
        var distance = 0
        if peek() == UInt8(ascii: "r") || peek() == UInt8(ascii: "f") {
            isRaw = peek() == UInt8(ascii: "r")
            distance = 1
        }
        let byte = peek(distance)
        guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { return nil }
        let isTriple = peek(distance + 1) == byte && peek(distance + 2) == byte
        return Quote(byte: byte, isTriple: isTriple, isRaw: isRaw)
    }

    mutating func string(_ quote: Quote) -> Token {
        let start = offset
        while peek() != quote.byte { offset += 1 }
        offset += quote.length
        var scanner = TemplateBuilder()
        while true {
            guard offset < bytes.count, quote.isTriple || peek() != UInt8(ascii: "\n") else {
                reportUnclosed(quote, start)
                break
            }
            if closes(quote) {
                offset += quote.length
                break
            }
            step(quote, &scanner)
        }
        return Token(kind: .string, span: SourceSpan(start, offset), literal: .template(scanner.finished()))
    }

    private func closes(_ quote: Quote) -> Bool {
        (0..<quote.length).allSatisfy { peek($0) == quote.byte }
    }

    private mutating func reportUnclosed(_ quote: Quote, _ start: Int) {
        if quote.isTriple { endsInsideString = true }
        let mark = String(repeating: Character(UnicodeScalar(quote.byte)), count: quote.length)
        let end = quote.isTriple ? start + quote.length : offset
        report("E004", "this string is not closed", SourceSpan(start, end), suggestion: "close it with \(mark)")
    }

    private mutating func step(_ quote: Quote, _ builder: inout TemplateBuilder) {
        switch peek() {
        case UInt8(ascii: "\\") where !quote.isRaw: escape(&builder)
        case UInt8(ascii: "{") where !quote.isRaw:
            if let part = interpolation(quote) { builder.append(part) }
        default:
            let start = offset
            repeat { offset += 1 } while offset < bytes.count && !bytes[offset].mayEndText
            builder.append(bytes[start..<offset])
        }
    }

    /// `{expression}` or `{expression:format}`, from its opening brace to behind its closing one.
    private mutating func interpolation(_ quote: Quote) -> TemplatePart? {
        let start = offset
        let known = diagnostics.count
        offset += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= 20 else {
            report("E005", "strings are nested too deeply here: at most 20 levels", SourceSpan(start, offset))
            return nil
        }
        var tokens: [Token] = []
        var open = 0
        while true {
            let lastEnd = offset
            let startsLine = skipSpace()
            if offset == bytes.count || (startsLine && !quote.isTriple) {
                diagnostics.removeLast(diagnostics.count - known)
                report(
                    "E006", "this `{` is not closed", SourceSpan(start, start + 1),
                    suggestion: "write `\\{` for a brace")
                offset = mayRead(again: lastEnd - start) ? start + 1 : lastEnd
                return nil
            }
            let token = next()
            if open == 0, token.kind == .rightBrace || token.kind == .colon {
                tokens.append(Token(kind: .end, span: token.span))
                let format = token.kind == .colon ? formatSpecification(quote, start) : nil
                return .expression(tokens, format: format)
            }
            switch token.kind {
            case .leftParen, .leftBracket, .leftBrace: open += 1
            case .rightParen, .rightBracket, .rightBrace: open -= 1
            default: break
            }
            tokens.append(token)
        }
    }

    /// Whether what follows an open `{` may be read again, as text up to the string's own quote. Strings that are opened
    /// inside strings would be read twice at each level, so that a source has an allowance; beyond it the string ends with
    /// its line.
    private mutating func mayRead(again count: Int) -> Bool {
        bytesReadAgain += count
        return bytesReadAgain <= 65536 + 4 * bytes.count
    }

    /// What stands between `:` and `}`, which may hold interpolations of its own.
    private mutating func formatSpecification(_ quote: Quote, _ start: Int) -> [TemplatePart] {
        var builder = TemplateBuilder()
        while offset < bytes.count, peek() != UInt8(ascii: "\n"), !closes(quote) {
            if peek() == UInt8(ascii: "}") {
                offset += 1
                return builder.finished()
            }
            step(quote, &builder)
        }
        report("E006", "this `{` is not closed", SourceSpan(start, start + 1), suggestion: "write `\\{` for a brace")
        return builder.finished()
    }

    private mutating func escape(_ builder: inout TemplateBuilder) {
        let start = offset
        offset += 2
        let byte = start + 1 < bytes.count ? bytes[start + 1] : 0
        if let text = Self.escaped(byte) { return builder.append(text: text) }
        let length = byte == UInt8(ascii: "x") ? 2 : byte == UInt8(ascii: "u") ? 4 : byte == UInt8(ascii: "U") ? 8 : 0
        if length > 0, let scalar = hexScalar(length) { return builder.append(text: String(Character(scalar))) }
        while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        offset = min(offset, bytes.count)
        report(
            "E007", "`\(source.text(of: SourceSpan(start, offset)))` is not an escape", SourceSpan(start, offset),
            suggestion: "write `\\\\` for a backslash, or r\"...\" for a raw string")
    }

    private static func escaped(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "t"): "\t"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "0"): "\0"
        case UInt8(ascii: "\n"): ""
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            String(UnicodeScalar(byte))
        default: nil
        }
    }

    /// `\x41`, `\u00e9`, `\U0001F600` or `\u{e9}`, from behind the letter.
    private mutating func hexScalar(_ length: Int) -> UnicodeScalar? {
        var end = offset + length
        var start = offset
        let longest = bytes[min(offset, bytes.count)..<min(offset + 10, bytes.count)]
        if peek() == UInt8(ascii: "{"), let close = longest.firstIndex(of: UInt8(ascii: "}")) {
            start += 1
            end = close
        }
        guard start < end, end <= bytes.count, end - start <= 8,
            let code = UInt32(String(decoding: bytes[start..<end], as: UTF8.self), radix: 16),
            let scalar = UnicodeScalar(code)
        else { return nil }
        offset = start > offset ? end + 1 : end
        return scalar
    }
}

extension UInt8 {
    /// Whether the text of a string, or the format in one, may end before this byte.
    fileprivate var mayEndText: Bool {
        switch self {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "\n"):
            true
        default: false
        }
    }
}

/// Collects a string literal's text and interpolations.
struct TemplateBuilder {
    private var parts: [TemplatePart] = []
    private var text: [UInt8] = []

    mutating func append(_ bytes: ArraySlice<UInt8>) { text.append(contentsOf: bytes) }
    mutating func append(text more: String) { text.append(contentsOf: more.utf8) }

    mutating func append(_ part: TemplatePart) {
        flush()
        parts.append(part)
    }

    mutating func finished() -> [TemplatePart] {
        flush()
        return parts
    }

    private mutating func flush() {
        guard !text.isEmpty else { return }
        parts.append(.text(String(decoding: text, as: UTF8.self)))
        text = []
    }
}
