import Glibc

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
    static func position(of part: String, in text: String, from start: Int = 0) -> Int? {
        withBytes(part) { needle in withBytes(text) { bytes in position(of: needle, in: bytes, from: start) } }
    }

    static func position(
        of needle: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        guard start <= bytes.count, needle.count <= bytes.count - start else { return nil }
        guard let first = needle.first, let text = bytes.baseAddress else { return start }
        var offset = start
        let last = bytes.count - needle.count
        while offset <= last, let found = memchr(text + offset, Int32(first), last - offset + 1) {
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

    static func split(_ text: String, by separator: String) -> [String] {
        withBytes(text) { bytes in
            withBytes(separator) { needle in
                var parts: [String] = []
                var start = 0
                while let found = position(of: needle, in: bytes, from: start) {
                    parts.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<found]), as: UTF8.self))
                    start = found + needle.count
                }
                parts.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[start...]), as: UTF8.self))
                return parts
            }
        }
    }
}
