import Glibc
import Interruption

/// Searching and making texts, by bytes: exact, as in Python.
enum Text {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    // MARK: - Characters in bytes

    /// How many characters stand in well-formed bytes.
    static func characters(in bytes: Bytes) -> Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// How many bytes a character takes.
    /// - Parameter first: its first byte.
    @inline(__always)
    static func width(_ first: UInt8) -> Int {
        first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    }

    /// The character that begins at an offset.
    @inline(__always)
    private static func scalar(_ bytes: Bytes, _ offset: Int) -> UnicodeScalar {
        let first = bytes[offset]
        if first < 0x80 { return UnicodeScalar(first) }
        let width = width(first)
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for place in offset + 1..<offset + width { value = value << 6 | UInt32(bytes[place] & 0x3F) }
        return UnicodeScalar(value) ?? "\u{FFFD}"
    }

    /// Where the character before an offset begins.
    private static func previous(_ bytes: Bytes, _ offset: Int) -> Int {
        var offset = offset - 1
        while offset > 0, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }

    /// The same for the same bytes in every run; never negative, never 0.
    static func hash(of bytes: Bytes) -> Int {
        var result = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        let raw = UnsafeRawBufferPointer(bytes)
        while offset + 8 <= bytes.count {
            result = mixed(result ^ UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return Int(truncatingIfNeeded: mixed(result ^ rest) & (UInt64.max >> 1)) | 1 << 40
    }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = (value ^ value >> 32) &* 0xD6E8_FEB8_6659_FD93
        return product ^ product >> 29
    }

    // MARK: - Numbers

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

    /// Writes a number's digits to a place that has room for them; gives the place behind them.
    static func write(_ number: Int, to place: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let end = place + digitCount(number)
        var digit = end
        var rest = number.magnitude
        repeat {
            digit -= 1
            digit.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { place.pointee = UInt8(ascii: "-") }
        return end
    }

    // MARK: - Searching

    /// The offset in bytes of the first occurrence from an offset on.
    static func position(of part: StringObject, in text: StringObject) throws -> Int? {
        try part.withBytes { needle in try text.withBytes { try position(of: needle, in: $0, from: 0) } }
    }

    static func position(of needle: Bytes, in bytes: Bytes, from start: Int) throws -> Int? {
        guard start <= bytes.count, needle.count <= bytes.count - start else { return nil }
        guard let first = needle.first, let text = bytes.baseAddress else { return start }
        var offset = start
        let last = bytes.count - needle.count
        while offset <= last, let found = memchr(text + offset, Int32(first), last - offset + 1) {
            try Interruption.check()
            offset = UnsafeRawPointer(found) - UnsafeRawPointer(text)
            if needle.count == 1 || memcmp(text + offset, needle.baseAddress!, needle.count) == 0 { return offset }
            offset += 1
        }
        return nil
    }

    /// How many characters stand before an offset in bytes.
    static func characters(of text: StringObject, before offset: Int) -> Int {
        text.withBytes { characters(in: Bytes(rebasing: $0[..<offset])) }
    }

    static func starts(_ text: StringObject, with part: StringObject) -> Bool {
        text.withBytes { bytes in part.withBytes { bytes.starts(with: $0) } }
    }

    static func ends(_ text: StringObject, with part: StringObject) -> Bool {
        text.withBytes { bytes in part.withBytes { bytes.suffix($0.count).elementsEqual($0) } }
    }

    // MARK: - Taking apart

    /// Visits the parts between the separators.
    /// - Parameter separator: not empty.
    private static func forEachPart(
        of text: StringObject, by separator: StringObject, _ visit: (Bytes) throws -> Void
    ) throws {
        try text.withBytes { bytes in
            try separator.withBytes { needle in
                var start = 0
                while let found = try position(of: needle, in: bytes, from: start) {
                    try Interruption.check()
                    try visit(Bytes(rebasing: bytes[start..<found]))
                    start = found + needle.count
                }
                try visit(Bytes(rebasing: bytes[start...]))
            }
        }
    }

    /// - Parameter separator: not empty.
    static func split(_ text: StringObject, by separator: StringObject) throws -> [Value] {
        var parts: [Value] = []
        do {
            try forEachPart(of: text, by: separator) { part in
                guard parts.count < Limits.listElements else { throw Limits.listTooLong(parts.count + 1) }
                parts.append(.object(StringObject(part)))
            }
        } catch {
            Interruption.leave(parts)
            throw error
        }
        return parts
    }

    /// The parts between white space.
    static func words(of text: StringObject) throws -> [Value] {
        var parts: [Value] = []
        try text.withBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let start = offset
                while offset < bytes.count, !isSpace(scalar(bytes, offset)) { offset += width(bytes[offset]) }
                if offset > start {
                    try Interruption.check()
                    guard parts.count < Limits.listElements else { throw Limits.listTooLong(parts.count + 1) }
                    parts.append(.object(StringObject(Bytes(rebasing: bytes[start..<offset]))))
                } else {
                    offset += width(bytes[offset])
                }
            }
        }
        return parts
    }

    /// Without white space at the ends.
    static func trimmed(_ text: StringObject) -> StringObject {
        text.withBytes { bytes in
            var (start, end) = (0, bytes.count)
            while start < end, isSpace(scalar(bytes, start)) { start += width(bytes[start]) }
            while end > start, isSpace(scalar(bytes, previous(bytes, end))) { end = previous(bytes, end) }
            return end - start == bytes.count ? text : StringObject(Bytes(rebasing: bytes[start..<end]))
        }
    }

    /// As in Python: Unicode's white space and the four separators of ASCII.
    private static func isSpace(_ scalar: UnicodeScalar) -> Bool {
        if scalar.isASCII { return scalar == " " || (0x09...0x0D).contains(scalar.value) || (0x1C...0x1F).contains(scalar.value) }
        return scalar.properties.isWhitespace
    }

    // MARK: - Putting together

    static func joined(_ a: StringObject, _ b: StringObject) -> StringObject {
        StringObject(byteCount: a.byteCount + b.byteCount) { _ = b.copy(to: a.copy(to: $0)) }
    }

    /// - Parameter byteCount: how many bytes the result has.
    static func join(_ parts: [StringObject], _ separator: StringObject, byteCount: Int) throws -> StringObject {
        try StringObject(byteCount: byteCount) { place in
            var place = place
            for (index, part) in parts.enumerated() {
                try Interruption.check()
                if index > 0 { place = separator.copy(to: place) }
                place = part.copy(to: place)
            }
        }
    }

    /// - Parameter old: not empty.
    static func replace(_ old: StringObject, by new: StringObject, in text: StringObject) throws -> StringObject {
        var bytes = text.byteCount
        var isFirst = true
        try forEachPart(of: text, by: old) { _ in
            if !isFirst { bytes += new.byteCount - old.byteCount }
            isFirst = false
            guard bytes <= Limits.stringBytes else { throw Limits.stringTooLong(bytes) }
        }
        try MemoryLimit.reserve(bytes)
        return try StringObject(byteCount: bytes) { place in
            var place = place
            var isFirst = true
            try forEachPart(of: text, by: old) { part in
                if !isFirst { place = new.copy(to: place) }
                isFirst = false
                if let start = part.baseAddress { memcpy(place, start, part.count) }
                place += part.count
            }
        }
    }

    /// - Parameter count: not negative; the result must be within the limits.
    static func repeated(_ text: StringObject, _ count: Int) throws -> StringObject {
        try StringObject(byteCount: text.byteCount * count) { place in
            for turn in 0..<count {
                if turn & 0xFFF == 0 { try Interruption.check() }
                _ = text.copy(to: place + turn * text.byteCount)
            }
        }
    }

    /// The characters from back to front.
    static func reversed(_ text: StringObject) throws -> StringObject {
        try StringObject(byteCount: text.byteCount) { place in
            try text.withBytes { bytes in
                var (end, filled) = (bytes.count, 0)
                while end > 0 {
                    if filled & 0xFFFF < 4 { try Interruption.check() }
                    let start = previous(bytes, end)
                    for offset in start..<end { place[filled + offset - start] = bytes[offset] }
                    filled += end - start
                    end = start
                }
            }
        }
    }

    // MARK: - Other forms

    /// Each character replaced by its capital or small form; piece by piece, since copying a long text as a whole takes
    /// longer than a user waits after Ctrl-C.
    static func mapped(_ text: StringObject, _ form: (UnicodeScalar.Properties) -> String) throws -> StringObject {
        var result: [UInt8] = []
        result.reserveCapacity(text.byteCount)
        try text.withBytes { bytes in
            var start = 0
            while start < bytes.count {
                try Interruption.check()
                var end = min(start + 1 << 16, bytes.count)
                // A piece ends where a character does.
                while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
                let piece = String(decoding: bytes[start..<end], as: UTF8.self)
                for scalar in piece.unicodeScalars { result.append(contentsOf: form(scalar.properties).utf8) }
                start = end
            }
        }
        guard result.count <= Limits.stringBytes else { throw Limits.stringTooLong(result.count) }
        return result.withUnsafeBufferPointer { StringObject($0) }
    }

    /// The text of a number as Swift reads it: trimmed, decimal digits of any script as ASCII, `_` between digits left
    /// out; `nil` where a character cannot belong to a number.
    static func number(_ text: String) -> String? {
        var result: [UInt8] = []
        var previousIsDigit = false
        var isAfterMark = false
        for scalar in trimmed(StringObject(text)).text.unicodeScalars {
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
