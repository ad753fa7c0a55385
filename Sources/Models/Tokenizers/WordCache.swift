/// Remembers the tokens of short pieces, as a text says the same words over and over. Each piece has one place, which
/// the next piece that hashes to it takes over, so the cache never grows.
struct WordCache: Sendable {
    /// A piece of at most 15 bytes, together with its length, in 16 bytes.
    struct Key: Equatable, Sendable {
        let low: UInt64
        let high: UInt64

        /// Nil when the piece is too long.
        @inline(__always)
        init?(_ bytes: UnsafePointer<UInt8>, count: Int) {
            guard count < 16 else { return nil }
            var low: UInt64 = 0
            var high = UInt64(count) << 56
            if count >= 8 {
                let raw = UnsafeRawPointer(bytes)
                low = raw.loadUnaligned(as: UInt64.self)
                for i in 8..<count { high |= UInt64(bytes[i]) << UInt64(8 &* (i &- 8)) }
            } else {
                for i in 0..<count { low |= UInt64(bytes[i]) << UInt64(8 &* i) }
            }
            self.low = low
            self.high = high
        }

        @inline(__always)
        fileprivate var slot: Int {
            let mixed = (low ^ high &* 0xC2B2_AE3D_27D4_EB4F) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: mixed >> UInt64(64 - WordCache.slotBits))
        }
    }

    fileprivate static let slotBits = 14
    private static let tokensPerEntry = 6

    private struct Entry: Sendable {
        var low: UInt64 = 0
        var high: UInt64 = 0  // no piece of length 0 is ever looked up, so 0 is an empty place
        var count: Int32 = 0
        var tokens: (Int32, Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0, 0)
    }

    private var entries = [Entry](repeating: Entry(), count: 1 << slotBits)

    /// Appends the tokens of a piece, if it is remembered.
    @inline(__always)
    func append(_ key: Key, to tokens: inout [Int32]) -> Bool {
        let entry = entries[key.slot]
        guard entry.low == key.low, entry.high == key.high else { return false }
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
        var entry = Entry(low: key.low, high: key.high, count: Int32(tokens.count))
        withUnsafeMutableBytes(of: &entry.tokens) { bytes in
            for (i, token) in tokens.enumerated() { bytes.storeBytes(of: token, toByteOffset: 4 * i, as: Int32.self) }
        }
        entries[key.slot] = entry
    }
}
