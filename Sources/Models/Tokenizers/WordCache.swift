/// Remembers the tokens of short pieces, as a text says the same words over and over. Each piece has one place, which
/// the next piece that hashes to it takes over, so the cache never grows.
struct WordCache: Sendable {
    /// A piece of at most 31 bytes (15 Cyrillic letters or 10 Chinese characters), together with its length.
    struct Key: Equatable, Sendable {
        let words: (UInt64, UInt64, UInt64, UInt64)

        /// Nil when the piece is too long.
        @inline(__always)
        init?(_ bytes: UnsafePointer<UInt8>, count: Int) {
            guard count < 32 else { return nil }
            let length = UInt64(count) << 56
            if count < 16 {
                words = (Key.word(bytes, 0, count), Key.word(bytes, 8, count), 0, length)
            } else {
                words = (
                    Key.word(bytes, 0, count), Key.word(bytes, 8, count), Key.word(bytes, 16, count),
                    Key.word(bytes, 24, count) | length
                )
            }
        }

        /// Eight bytes from a place on, or as many as are left.
        @inline(__always)
        private static func word(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
            if start &+ 8 <= count { return UnsafeRawPointer(bytes + start).loadUnaligned(as: UInt64.self) }
            var word: UInt64 = 0
            var place = start
            while place < count {
                word |= UInt64(bytes[place]) << UInt64(8 &* (place &- start))
                place &+= 1
            }
            return word
        }

        @inline(__always)
        static func == (a: Key, b: Key) -> Bool { a.words == b.words }

        @inline(__always)
        fileprivate var slot: Int {
            let low = words.0 ^ words.1 &* 0xC2B2_AE3D_27D4_EB4F
            let high = words.2 &* 0x1656_67B1_9E37_79F9 ^ words.3 &* 0xD6E8_FEB8_6659_FD93
            let mixed = (low ^ high) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: mixed >> UInt64(64 - WordCache.slotBits))
        }
    }

    fileprivate static let slotBits = 14
    private static let tokensPerEntry = 7

    private struct Entry: Sendable {
        // No piece of length 0 is ever looked up, so zeros are an empty place.
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var count: Int32 = 0
        var tokens: (Int32, Int32, Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0, 0, 0)
    }

    private var entries = [Entry](repeating: Entry(), count: 1 << slotBits)

    /// Appends the tokens of a piece, if it is remembered.
    @inline(__always)
    func append(_ key: Key, to tokens: inout [Int32]) -> Bool {
        let entry = entries[key.slot]
        guard entry.words == key.words else { return false }
        tokens.append(entry.tokens.0)
        guard entry.count > 1 else { return true }
        withUnsafeBytes(of: entry.tokens) { bytes in
            tokens.append(contentsOf: bytes.bindMemory(to: Int32.self)[1..<Int(entry.count)])
        }
        return true
    }

    /// Remembers the tokens of a piece, unless they are too many or none.
    mutating func store(_ key: Key, _ tokens: ArraySlice<Int32>) {
        guard 1...WordCache.tokensPerEntry ~= tokens.count else { return }
        var entry = Entry(words: key.words, count: Int32(tokens.count))
        withUnsafeMutableBytes(of: &entry.tokens) { bytes in
            for (i, token) in tokens.enumerated() { bytes.storeBytes(of: token, toByteOffset: 4 * i, as: Int32.self) }
        }
        entries[key.slot] = entry
    }
}
