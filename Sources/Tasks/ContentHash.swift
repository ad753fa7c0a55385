/// The hash that decides a problem's split, the same on every machine and for ever.
public enum ContentHash {
    /// FNV-1a with 64 bits over the UTF-8 bytes.
    public static func fnv1a(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }

    /// A quarter of all texts are held out.
    ///
    /// The low bits of FNV-1a depend on the low bits of the bytes only (the prime is odd), and its top bits hardly on
    /// the last byte, so the split would follow the parity of the digits. The finaliser of MurmurHash3 mixes them
    /// first.
    public static func split(of text: String) -> ProblemSplit {
        var hash = fnv1a(text)
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        return hash & 3 == 0 ? .heldOut : .training
    }
}
