/// Counter-based random numbers: the value at a position is a pure function of the key and the position, so results
/// depend neither on the thread count nor on what else was drawn before. Philox4x32-10 of Salmon et al., "Parallel
/// random numbers: as easy as 1, 2, 3" (SC 2011); checked against the known answers of Random123.

/// What random numbers are drawn for. Streams of different purposes never overlap, whatever the other indices.
public enum RandomPurpose: UInt32, Sendable {
    case initialisation = 1, data, rollout, bootstrap, user
}

/// An endless stream of random numbers, named by a seed, a purpose and up to three indices (such as problem, group and
/// row). Streams with different names are independent.
public struct RandomStream: RandomNumberGenerator, Sendable {
    private let key: (UInt32, UInt32)
    private let stream: (UInt32, UInt32)
    private var position: UInt32 = 0
    private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var used = 4

    /// - Parameters:
    ///   - seed: the session's seed.
    ///   - purpose: what the numbers are for.
    ///   - indices: what they belong to, for example problem, group, row, step; order matters, any count.
    public init(seed: UInt64, purpose: RandomPurpose, _ indices: Int...) {
        // The name is hashed into a 64-bit key and a 64-bit stream with Philox itself as the mixing function.
        var a = UInt32(truncatingIfNeeded: seed), b = UInt32(truncatingIfNeeded: seed >> 32)
        var c = purpose.rawValue, d = UInt32(truncatingIfNeeded: indices.count)
        for index in [0] + indices {
            let low = UInt32(truncatingIfNeeded: index), high = UInt32(truncatingIfNeeded: index >> 32)
            (a, b, c, d) = Philox.block(counter: (a, b, c, d), key: (low, high))
        }
        key = (a, b)
        stream = (c, d)
    }

    /// The next 32 random bits.
    public mutating func nextBits() -> UInt32 {
        if used == 4 {
            block = Philox.block(counter: (position, 0, stream.0, stream.1), key: key)
            position &+= 1
            used = 0
        }
        defer { used += 1 }
        switch used {
        case 0: return block.0
        case 1: return block.1
        case 2: return block.2
        default: return block.3
        }
    }

    public mutating func next() -> UInt64 {
        let low = UInt64(nextBits())
        return low | UInt64(nextBits()) << 32
    }

    /// Uniform in [0, 1), a multiple of 2^-24.
    public mutating func uniform() -> Float { Float(nextBits() >> 8) * 0x1p-24 }

    /// Uniform in [0, 1), a multiple of 2^-53.
    public mutating func uniformDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in 0 ..< bound, without bias (Lemire 2019). `bound` is at least 1.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "a random integer needs a positive bound")
        return Int(next(upperBound: UInt64(bound)))
    }
}

/// The Philox4x32-10 block function.
public enum Philox {
    /// Ten rounds over a 128-bit counter with a 64-bit key.
    public static func block(
        counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        var c = counter, k = key
        for _ in 0..<10 {
            let p0 = UInt64(0xD251_1F53) &* UInt64(c.0), p1 = UInt64(0xCD9E_8D57) &* UInt64(c.2)
            c = (
                UInt32(truncatingIfNeeded: p1 >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: p1),
                UInt32(truncatingIfNeeded: p0 >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: p0)
            )
            k.0 &+= 0x9E37_79B9
            k.1 &+= 0xBB67_AE85
        }
        return c
    }
}
