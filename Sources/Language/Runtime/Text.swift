import Glibc
import Interruption

/// Searching in strings, by bytes: exact, as in Python.
enum Text {
    /// A string's bytes; there is an address even where there are none.
    @inline(__always)
    static func withBytes<Result>(
        _ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let direct = try text.utf8.withContiguousStorageIfAvailable { bytes in
            if bytes.baseAddress != nil { return try body(bytes) }
            return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { place in
                try body(UnsafeBufferPointer(start: place.baseAddress!, count: 0))
            }
        }
        if let direct { return direct }
        return try Array(text.utf8).withUnsafeBufferPointer(body)
    }

    /// Copies a string's bytes into a buffer that is large enough; gives how many they are.
    @inline(__always)
    static func copy(_ text: String, to buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int) -> Int {
        withBytes(text) { bytes in
            if !bytes.isEmpty { memcpy(buffer.baseAddress! + offset, bytes.baseAddress!, bytes.count) }
            return bytes.count
        }
    }

    /// How many bytes a number's digits take, with its sign.
    static func digitCount(_ number: Int) -> Int {
        var count = number < 0 ? 2 : 1
        var rest = number.magnitude / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }

    /// Writes a number's digits into a buffer that is large enough; gives how many bytes they are.
    static func write(_ number: Int, to buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int) -> Int {
        let count = digitCount(number)
        var place = offset + count
        var rest = number.magnitude
        repeat {
            place -= 1
            buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { buffer[offset] = UInt8(ascii: "-") }
        return count
    }

    /// The offset in bytes of the first occurrence from an offset on.
    static func position(of part: String, in text: String, from start: Int = 0) throws -> Int? {
        try withBytes(part) { needle in try withBytes(text) { bytes in try position(of: needle, in: bytes, from: start) } }
    }

    static func position(
        of needle: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws -> Int? {
        guard start <= bytes.count, needle.count <= bytes.count - start else { return nil }
        guard let first = needle.first, let text = bytes.baseAddress else { return start }
        var offset = start
        let last = bytes.count - needle.count
        while offset <= last, let found = memchr(text + offset, Int32(first), last - offset + 1) {
            try Interruption.check()
            offset = UnsafeRawPointer(found) - UnsafeRawPointer(text)
            if memcmp(text + offset, needle.baseAddress!, needle.count) == 0 { return offset }
            offset += 1
        }
        return nil
    }

    /// - Parameter capacity: at least as many bytes as the result has.
    static func join(_ parts: [String], _ separator: String, _ capacity: Int) -> String {
        String(unsafeUninitializedCapacity: capacity) { buffer in
            var filled = 0
            for (index, part) in parts.enumerated() {
                if index > 0 { filled += copy(separator, to: buffer, at: filled) }
                filled += copy(part, to: buffer, at: filled)
            }
            return filled
        }
    }

    /// How many characters stand before an offset in bytes.
    static func characters(of text: String, before offset: Int) -> Int {
        text.utf8.prefix(offset).reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// - Parameter separator: not empty.
    static func split(_ text: String, by separator: String) throws -> [String] {
        try withBytes(text) { bytes in
            try withBytes(separator) { needle in
                var parts: [String] = []
                var start = 0
                while let found = try position(of: needle, in: bytes, from: start) {
                    try Interruption.check()
                    parts.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<found]), as: UTF8.self))
                    guard parts.count < Limits.listElements else { throw Limits.listTooLong(parts.count + 1) }
                    start = found + needle.count
                }
                parts.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[start...]), as: UTF8.self))
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
