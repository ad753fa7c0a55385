import Glibc
import Interruption

/// Searching in strings, by bytes: exact, as in Python.
enum Text {
    /// The offset in bytes of the first occurrence.
    static func position(of part: String, in text: String) throws -> Int? {
        var (text, part) = (text, part)
        return try text.withUTF8 { bytes in try part.withUTF8 { try position(of: $0, in: bytes, from: 0) } }
    }

    private static func position(
        of needle: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws -> Int? {
        guard let part = needle.baseAddress, needle.count > 0 else { return start }
        guard let base = bytes.baseAddress else { return nil }
        var place = start
        while place + needle.count <= bytes.count {
            try Interruption.check()
            let places = bytes.count - needle.count - place + 1
            guard let found = memchr(base + place, Int32(part[0]), places) else { return nil }
            place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            if memcmp(base + place, part, needle.count) == 0 { return place }
            place += 1
        }
        return nil
    }

    /// How many characters stand before an offset in bytes.
    static func characters(of text: String, before offset: Int) -> Int {
        text.utf8.prefix(offset).reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// - Parameter separator: not empty.
    static func split(_ text: String, by separator: String) throws -> [String] {
        var (text, separator) = (text, separator)
        return try text.withUTF8 { bytes in
            try separator.withUTF8 { needle in
                var parts: [String] = []
                var start = 0
                while let found = try position(of: needle, in: bytes, from: start) {
                    try Interruption.check()
                    parts.append(String(decoding: bytes[start..<found], as: UTF8.self))
                    guard parts.count < Limits.listElements else { throw Limits.listTooLong(parts.count + 1) }
                    start = found + needle.count
                }
                parts.append(String(decoding: bytes[start...], as: UTF8.self))
                return parts
            }
        }
    }

    /// The parts between white space.
    static func words(of text: String) throws -> [String] {
        try text.unicodeScalars.split { isSpace($0) }.map {
            try Interruption.check()
            return String($0)
        }
    }

    /// Without white space at the ends.
    static func trimmed(_ text: String) -> String {
        let start = text.unicodeScalars.drop { isSpace($0) }
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(start[...last])
    }

    /// As in Python: Unicode's white space and the four separators of ASCII.
    private static func isSpace(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    /// - Parameter count: not negative; the result must be within the limits.
    static func repeated(_ text: String, _ count: Int) throws -> String {
        let bytes = Array(text.utf8)
        let total = bytes.count * count
        guard total > 0 else { return "" }
        // Many short copies are made of one longer.
        let turns = min(count, max(1, 65_536 / bytes.count))
        let piece = Array(repeatElement(bytes, count: turns).joined())
        var result: [UInt8] = []
        result.reserveCapacity(total)
        while result.count < total {
            try Interruption.check()
            result.append(contentsOf: piece.prefix(total - result.count))
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The characters from back to front.
    static func reversed(_ text: String) throws -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.reversed() {
            try Interruption.check()
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// Each character replaced by its capital or small form.
    static func mapped(_ text: String, _ form: (UnicodeScalar.Properties) -> String) throws -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            try Interruption.check()
            result += form(scalar.properties)
        }
        guard result.utf8.count <= Limits.stringBytes else { throw Limits.stringTooLong(result.utf8.count) }
        return result
    }

    /// The text of a number as Swift reads it: trimmed, decimal digits of any script as ASCII, `_` between digits left
    /// out; `nil` where a character cannot belong to a number.
    static func number(_ text: String) -> String? {
        var result: [UInt8] = []
        var previousIsDigit = false
        var isAfterMark = false
        for scalar in trimmed(text).unicodeScalars {
            if scalar == "_" {
                guard previousIsDigit else { return nil }
                (previousIsDigit, isAfterMark) = (false, true)
                continue
            }
            let digit = scalar.properties.numericType == .decimal ? scalar.properties.numericValue : nil
            if isAfterMark, digit == nil { return nil }
            (previousIsDigit, isAfterMark) = (digit != nil, false)
            if let digit {
                result.append(UInt8(ascii: "0") + UInt8(digit))
            } else {
                guard scalar.isASCII else { return nil }
                result.append(UInt8(scalar.value))
            }
        }
        return isAfterMark ? nil : String(decoding: result, as: UTF8.self)
    }
}
