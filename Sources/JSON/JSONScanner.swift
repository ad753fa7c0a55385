/// Where a reader is in its bytes, and what it passes over: white space, words, and the places of errors.
@usableFromInline
package struct JSONScanner {
    @usableFromInline
    static let nestingLimit = 512

    @usableFromInline
    let bytes: UnsafeRawBufferPointer
    /// What the bytes are: "text" or "line".
    @usableFromInline
    let whole: String
    @usableFromInline
    var offset = 0

    @usableFromInline
    init(bytes: UnsafeRawBufferPointer, whole: String) {
        self.bytes = bytes
        self.whole = whole
    }

    @usableFromInline
    var isAtEnd: Bool { offset >= bytes.count }

    /// The next byte; 0, which no document holds, at the end.
    @inlinable
    var peek: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    @inlinable
    mutating func skipWhitespace() {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            offset += 1
        }
    }

    /// Passes over white space, and the character if it comes next.
    @inlinable
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    @usableFromInline
    mutating func word(_ word: StaticString) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        let rest = bytes[offset...].prefix(count)
        guard rest.count == count, rest.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count)) else {
            throw expected("`\(word)`")
        }
        offset += count
    }

    // MARK: Errors

    @usableFromInline
    func expected(_ what: String) -> JSONError { failure("expected \(what), found \(found)", at: offset) }

    /// What stands at the present place, in words.
    private var found: String {
        guard offset < bytes.count else { return "the end of the \(whole)" }
        let byte = bytes[offset]
        if byte == 0x0A || byte == 0x0D { return "the end of the line" }
        if byte < 0x20 || byte == 0x7F { return JSONScanner.hexadecimal(byte) }
        let rest = bytes[offset..<min(offset + 24, bytes.count)]
        func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") }
        if isLetter(byte) { return "`\(String(decoding: rest.prefix(while: isLetter), as: UTF8.self))`" }
        guard byte >= 0x80 else { return "`\(Character(Unicode.Scalar(byte)))`" }
        let character = String(decoding: rest, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
        return character == "\u{FFFD}" ? "\(JSONScanner.hexadecimal(byte)), which is not UTF-8" : "`\(character)`"
    }

    static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "the byte 0x\(digits.count < 2 ? "0" : "")\(digits)"
    }

    @usableFromInline
    func failure(_ reason: String, at offset: Int) -> JSONError {
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Bytes that go on with a character (0b10xxxxxx) do not count.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return JSONError(line: before[..<lineStart].count { $0 == 0x0A } + 1, column: column, reason: reason)
    }
}
