extension JSONScanner {
    @usableFromInline
    mutating func string() throws(JSONError) -> String {
        offset += 1
        let start = offset
        let isASCII = skipPlainBytes()
        if peek == UInt8(ascii: "\"") {  // the common case: nothing to replace
            offset += 1
            let text = UnsafeRawBufferPointer(rebasing: bytes[start..<offset - 1])
            if isASCII { return String(decoding: text.bindMemory(to: UInt8.self), as: UTF8.self) }
            return try validated(text, from: start)
        }
        var text: [UInt8] = []
        var plain = start
        while !isAtEnd {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                text += bytes[plain..<offset]
                offset += 1
                return try text.withUnsafeBytesTyped { (bytes) throws(JSONError) in try validated(bytes, from: start) }
            case UInt8(ascii: "\\"):
                text += bytes[plain..<offset]
                offset += 1
                try escape(to: &text)
                plain = offset
                skipPlainBytes()
            case 0x0A, 0x0D: throw endless(start)
            case let byte:
                throw failure(
                    "\(JSONScanner.hexadecimal(byte)) in a string: control characters are written as \\u00XX",
                    at: offset)
            }
        }
        throw endless(start)
    }

    private func endless(_ start: Int) -> JSONError { failure("the string has no end", at: start - 1) }

    /// Passes over all bytes that stand for themselves in a string, eight at a time; gives whether all were ASCII.
    @discardableResult
    private mutating func skipPlainBytes() -> Bool {
        var seen: UInt64 = 0
        let ones: UInt64 = 0x0101_0101_0101_0101, tops: UInt64 = 0x8080_8080_8080_8080
        while offset + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let quote = word ^ (ones &* 0x22), backslash = word ^ (ones &* 0x5C)
            // A byte's top bit is set where it is below 0x20, or 0 after the exclusive or.
            let low = (word &- ones &* 0x20) & ~word
            let special = (low | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & tops
            if special != 0 {
                // Only the bytes before the special one count; the shift leaves at most seven.
                let before = special.trailingZeroBitCount & ~7
                offset += before / 8
                return (seen | (word & ((1 << UInt64(before)) &- 1))) & tops == 0
            }
            seen |= word
            offset += 8
        }
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            seen |= UInt64(byte)
            offset += 1
        }
        return seen & tops == 0
    }

    private func validated(_ text: UnsafeRawBufferPointer, from start: Int) throws(JSONError) -> String {
        if let string = String(validating: text.bindMemory(to: UInt8.self), as: UTF8.self) { return string }
        // The first place where a repair would be needed: the characters before it are whole.
        var valid = 0
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let encoded = Array(String(scalar).utf8)
            guard text[valid...].starts(with: encoded) else { break }
            valid += encoded.count
        }
        throw failure("\(JSONScanner.hexadecimal(text[valid])) in a string is not UTF-8", at: start + valid)
    }

    private mutating func escape(to text: inout [UInt8]) throws(JSONError) {
        guard !isAtEnd else { throw failure("the string has no end", at: offset) }
        switch bytes[offset] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[offset])
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            offset += 1
            text.append(contentsOf: String(try unicodeEscape()).utf8)
            return
        default: throw expected("an escape such as \\n, \\\" or \\u0041 after the backslash")
        }
        offset += 1
    }

    /// The scalar of `\uXXXX`, whose second half may have to follow as another escape.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let start = offset - 2
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, bytes[offset...].starts(with: "\\u".utf8) {
            offset += 2
            let second = try fourHexDigits()
            if 0xDC00..<0xE000 ~= second,
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw failure("`\\u\(String(first, radix: 16))` is half of a character: its other half must follow", at: start)
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard !isAtEnd, let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
                throw expected("four hexadecimal digits after \\u")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}

extension [UInt8] {
    fileprivate func withUnsafeBytesTyped<R>(
        _ body: (UnsafeRawBufferPointer) throws(JSONError) -> R
    ) throws(JSONError) -> R {
        let result = withUnsafeBytes { bytes in Result { () throws(JSONError) in try body(bytes) } }
        return try result.get()
    }
}
