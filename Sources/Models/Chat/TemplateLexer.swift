/// A chat template cut into plain text and tags, as Jinja does with `trim_blocks` and `lstrip_blocks` on, which is how
/// transformers reads templates: a tag of statements takes the white space before it in its line and the line break
/// behind it.
struct TemplateLexer {
    enum Part {
        case text(String)
        case output([Token])
        case statement([Token])
    }

    struct Token: Equatable {
        enum Kind: Equatable {
            case name(String), string(String), int(Int), symbol(String)
        }
        let kind: Kind
        let line: Int
    }

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var parts: [Part] = []

    /// - Throws: `ModelError` for a tag without end, or a character that no expression has.
    static func parts(of template: String) throws -> [Part] {
        var lexer = TemplateLexer(template)
        try lexer.run()
        return lexer.parts
    }

    private init(_ template: String) {
        var bytes = Array(template.utf8)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        self.bytes = bytes
    }

    private mutating func run() throws {
        var startsLine = true
        while place < bytes.count {
            let start = place
            var tag = start
            while tag < bytes.count, !isTag(tag) { tag += 1 }
            place = tag
            guard tag < bytes.count else { return append(start..<tag) }
            let kind = bytes[tag + 1], sign = tag + 2 < bytes.count ? bytes[tag + 2] : 0
            var end = tag
            if sign == UInt8(ascii: "-") {
                while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
            } else if kind != UInt8(ascii: "{"), sign != UInt8(ascii: "+") {
                while end > start, Self.isSpace(bytes[end - 1]), bytes[end - 1] != UInt8(ascii: "\n") { end -= 1 }
                // Only where nothing but white space stands before the tag in its line.
                if end == start ? !startsLine : bytes[end - 1] != UInt8(ascii: "\n") { end = tag }
            }
            append(start..<end)
            line += bytes[start..<tag].count { $0 == UInt8(ascii: "\n") }
            place += sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? 3 : 2
            try self.tag(kind)
            startsLine = place > 0 && bytes[place - 1] == UInt8(ascii: "\n")
        }
    }

    private mutating func tag(_ kind: UInt8) throws {
        let close: UInt8 = kind == UInt8(ascii: "{") ? UInt8(ascii: "}") : kind
        if kind == UInt8(ascii: "#") {
            while place + 1 < bytes.count, !isEnd(close) { advance() }
            guard place + 1 < bytes.count else { throw TemplateError.unknown("a comment without end", line) }
        } else {
            let tokens = try self.tokens(until: close)
            parts.append(kind == UInt8(ascii: "{") ? .output(tokens) : .statement(tokens))
        }
        let sign = bytes[place]
        place += sign == close ? 2 : 3
        if sign == UInt8(ascii: "-") {
            while place < bytes.count, Self.isSpace(bytes[place]) { advance() }
        } else if kind != UInt8(ascii: "{"), sign != UInt8(ascii: "+"), place < bytes.count,
            bytes[place] == UInt8(ascii: "\n")
        {
            advance()
        }
    }

    private mutating func append(_ range: Range<Int>) {
        if !range.isEmpty { parts.append(.text(String(decoding: bytes[range], as: UTF8.self))) }
    }

    private func isTag(_ place: Int) -> Bool {
        bytes[place] == UInt8(ascii: "{") && place + 1 < bytes.count
            && [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(bytes[place + 1])
    }

    /// Whether `}}`, `%}` or `#}` is here, or one of them behind a sign.
    private func isEnd(_ close: UInt8) -> Bool {
        let signs = [UInt8(ascii: "-"), UInt8(ascii: "+")]
        let first = signs.contains(bytes[place]) ? place + 1 : place
        return first + 1 < bytes.count && bytes[first] == close && bytes[first + 1] == UInt8(ascii: "}")
    }

    private mutating func advance() {
        if bytes[place] == UInt8(ascii: "\n") { line += 1 }
        place += 1
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

    // MARK: Expressions

    private mutating func tokens(until close: UInt8) throws -> [Token] {
        var tokens: [Token] = []
        var braces = 0
        let start = line
        while place < bytes.count {
            if braces == 0, isEnd(close) { return tokens }
            let byte = bytes[place], line = line
            if Self.isSpace(byte) {
                advance()
                continue
            }
            if byte == UInt8(ascii: "{") { braces += 1 }
            if byte == UInt8(ascii: "}") { braces -= 1 }
            tokens.append(Token(kind: try token(byte), line: line))
        }
        throw TemplateError.unknown("a tag without end", start)
    }

    private mutating func token(_ byte: UInt8) throws -> Token.Kind {
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return .string(try string(byte)) }
        let isLetter = { (byte: UInt8) in
            byte == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
        }
        let isDigit = { (byte: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        let start = place
        if isLetter(byte) {
            while place < bytes.count, isLetter(bytes[place]) || isDigit(bytes[place]) { place += 1 }
            return .name(String(decoding: bytes[start..<place], as: UTF8.self))
        }
        if isDigit(byte) {
            while place < bytes.count, isDigit(bytes[place]) { place += 1 }
            guard let value = Int(String(decoding: bytes[start..<place], as: UTF8.self)) else {
                throw TemplateError.unknown("a number that is too large", line)
            }
            return .int(value)
        }
        for symbol in ["==", "!=", "<=", ">=", "//", "**"] where bytes[place...].starts(with: symbol.utf8) {
            place += 2
            return .symbol(symbol)
        }
        guard "+-*/%~()[]{}.,:|=<>".utf8.contains(byte) else {
            throw TemplateError.unknown("the character \(quoted(String(Unicode.Scalar(byte))))", line)
        }
        place += 1
        return .symbol(String(Unicode.Scalar(byte)))
    }

    /// A literal with Python's escapes; an unknown one stays as it is written.
    private mutating func string(_ quote: UInt8) throws -> String {
        var result: [UInt8] = []
        let start = line
        place += 1
        while place < bytes.count, bytes[place] != quote {
            let byte = bytes[place]
            advance()
            guard byte == UInt8(ascii: "\\"), place < bytes.count else {
                result.append(byte)
                continue
            }
            let escaped = bytes[place]
            advance()
            switch escaped {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): result.append(escaped)
            case UInt8(ascii: "x"), UInt8(ascii: "u"):
                let digits = escaped == UInt8(ascii: "x") ? 2 : 4
                guard place + digits <= bytes.count,
                    let value = UInt32(String(decoding: bytes[place..<place + digits], as: UTF8.self), radix: 16),
                    let scalar = Unicode.Scalar(value)
                else { throw TemplateError.unknown("a wrong escape in a string", line) }
                result += Array(String(scalar).utf8)
                place += digits
            default: result += [byte, escaped]
            }
        }
        guard place < bytes.count else { throw TemplateError.unknown("a string without end", start) }
        place += 1
        return String(decoding: result, as: UTF8.self)
    }
}

enum TemplateError {
    /// Something in a template that this program does not do.
    static func unknown(_ what: String, _ line: Int) -> ModelError {
        ModelError(
            "the model's chat template is not known here: it has \(what) in line \(line); use generate(prompt) with a "
                + "prompt that is written out")
    }

    /// A conversation that a template does not take.
    static func refused(_ why: String) -> ModelError {
        ModelError("the model's chat template refuses the conversation: \(why)")
    }
}
