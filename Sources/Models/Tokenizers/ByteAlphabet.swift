/// The alphabet in which byte-level vocabularies spell their tokens: a printable character for each of the 256 bytes
/// (`bytes_to_unicode` of GPT-2's `encoder.py`). Printable Latin-1 characters stand for themselves; the other bytes
/// take the characters from U+0100 on, in order, so a space is spelled "Ġ".
enum ByteAlphabet {
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (UInt32(0)..<256).map { byte in
            if isPrintable(byte) { return Unicode.Scalar(UInt8(byte)) }
            defer { next += 1 }
            return Unicode.Scalar(next)!  // U+0100 ... U+0143
        }
    }()

    private static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
        return table
    }()

    private static func isPrintable(_ byte: UInt32) -> Bool {
        33...126 ~= byte || 161...172 ~= byte || 174...255 ~= byte
    }

    /// The bytes that a token spells, or nil when it uses other characters, as special tokens may.
    static func bytes(of token: String) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(token.utf8.count)
        for scalar in token.unicodeScalars {
            guard scalar.value < 0x144, bytes[Int(scalar.value)] >= 0 else { return nil }
            result.append(UInt8(bytes[Int(scalar.value)]))
        }
        return result
    }
}
