import Interruption

/// Searching in strings, by bytes: exact, as in Python.
enum Text {
    /// The offset in bytes of the first occurrence from an offset on.
    static func position(of part: String, in text: String, from start: Int = 0) throws -> Int? {
        let needle = Array(part.utf8)
        return try position(of: needle, in: Array(text.utf8), from: start)
    }

    static func position(of needle: [UInt8], in bytes: [UInt8], from start: Int) throws -> Int? {
        guard needle.count <= bytes.count - start else { return nil }
        guard let first = needle.first else { return start }
        var offset = start
        let last = bytes.count - needle.count
        while offset <= last {
            try Interruption.check()
            if bytes[offset] == first, bytes[offset..<offset + needle.count].elementsEqual(needle) { return offset }
            offset += 1
        }
        return nil
    }

    static func split(_ text: String, by separator: String) throws -> [String] {
        let bytes = Array(text.utf8)
        let needle = Array(separator.utf8)
        var parts: [String] = []
        var start = 0
        while let found = try position(of: needle, in: bytes, from: start) {
            guard parts.count < Limits.listElements else { throw Limits.listTooLong(parts.count + 1) }
            parts.append(String(decoding: bytes[start..<found], as: UTF8.self))
            start = found + needle.count
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }
}
