extension TensorEncoding {
    /// Decodes whole blocks to floats.
    /// - Parameters:
    ///   - source: the encoded bytes; exactly `destination.count / blockLength` blocks.
    ///   - destination: receives the numbers; a multiple of `blockLength`.
    func decode(_ source: UnsafeRawBufferPointer, into destination: UnsafeMutableBufferPointer<Float>) {
        let blocks = destination.count / blockLength
        precondition(source.count == blocks * blockByteCount && destination.count == blocks * blockLength)
        guard let bytes = source.baseAddress, let numbers = destination.baseAddress else { return }
        switch self {
        case .f32: decodeF32(bytes, numbers, destination.count)
        case .f16: decodeF16(bytes, numbers, destination.count)
        case .bf16: decodeBF16(bytes, numbers, destination.count)
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_K, .q5_K, .q6_K:
            let decodeBlock = blockDecoder
            for block in 0..<blocks { decodeBlock(bytes + block * blockByteCount, numbers + block * blockLength) }
        }
    }

    private var blockDecoder: (UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void {
        switch self {
        case .q4_0: decodeQ4_0
        case .q4_1: decodeQ4_1
        case .q5_0: decodeQ5_0
        case .q5_1: decodeQ5_1
        case .q8_0: decodeQ8_0
        case .q4_K: decodeQ4_K
        case .q5_K: decodeQ5_K
        case .q6_K: decodeQ6_K
        case .f32, .f16, .bf16: { _, _ in }
        }
    }
}

// MARK: Plain floats

private func decodeF32(_ bytes: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count {
        numbers[i] = Float(
            bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: i &* 4, as: UInt32.self)))
    }
}

private func decodeF16(_ bytes: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { numbers[i] = half(bytes, i &* 2) }
}

private func decodeBF16(_ bytes: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count {
        let bits = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: i &* 2, as: UInt16.self))
        numbers[i] = Float(bitPattern: UInt32(bits) << 16)
    }
}

/// The half-precision number at an offset. Worked out in integers, because not every processor that runs Swift has
/// `Float16` in hardware: shifting exponent and mantissa into place leaves a factor of 2^112 to make good.
@inline(__always)
private func half(_ bytes: UnsafeRawPointer, _ offset: Int) -> Float {
    let bits = UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    let sign = (bits & 0x8000) << 16
    let magnitude = (bits & 0x7FFF) << 13
    // Infinity and NaN keep an exponent of all ones.
    let isSpecial = bits & 0x7C00 == 0x7C00
    let scaled = Float(bitPattern: magnitude) * 0x1p112
    return Float(bitPattern: (isSpecial ? magnitude | 0x7F80_0000 : scaled.bitPattern) | sign)
}

@inline(__always)
private func byte(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt8 {
    bytes.load(fromByteOffset: offset, as: UInt8.self)
}

// MARK: Blocks of 32: a scale d (and a minimum m), then the numbers' low four bits, two halves interleaved

private func decodeQ8_0(_ block: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    for i in 0..<32 { numbers[i] = d * Float(block.load(fromByteOffset: 2 &+ i, as: Int8.self)) }
}

private func decodeQ4_0(_ block: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    for i in 0..<16 {
        let pair = byte(block, 2 &+ i)
        numbers[i] = d * Float(Int32(pair & 15) &- 8)
        numbers[i &+ 16] = d * Float(Int32(pair >> 4) &- 8)
    }
}

private func decodeQ4_1(_ block: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    let m = half(block, 2)
    for i in 0..<16 {
        let pair = byte(block, 4 &+ i)
        numbers[i] = d * Float(pair & 15) + m
        numbers[i &+ 16] = d * Float(pair >> 4) + m
    }
}

private func decodeQ5_0(_ block: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    let fifth = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
    for i in 0..<16 {
        let pair = UInt32(byte(block, 6 &+ i))
        numbers[i] = d * Float(Int32(pair & 15 | (fifth >> UInt32(i)) << 4 & 16) &- 16)
        numbers[i &+ 16] = d * Float(Int32(pair >> 4 | fifth >> UInt32(i &+ 12) & 16) &- 16)
    }
}

private func decodeQ5_1(_ block: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    let m = half(block, 2)
    let fifth = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    for i in 0..<16 {
        let pair = UInt32(byte(block, 8 &+ i))
        numbers[i] = d * Float(pair & 15 | (fifth >> UInt32(i)) << 4 & 16) + m
        numbers[i &+ 16] = d * Float(pair >> 4 | fifth >> UInt32(i &+ 12) & 16) + m
    }
}

// MARK: Blocks of 256: eight (or sixteen) sub-blocks whose own scales are quantised in turn

/// The six-bit scale and minimum of sub-block `j` out of the twelve bytes that hold eight of each.
@inline(__always)
private func subScale(_ scales: UnsafeRawPointer, _ j: Int) -> (scale: Float, minimum: Float) {
    if j < 4 { return (Float(byte(scales, j) & 63), Float(byte(scales, j + 4) & 63)) }
    let low = byte(scales, j + 4)
    let scale = low & 15 | (byte(scales, j - 4) >> 6) << 4
    let minimum = low >> 4 | (byte(scales, j) >> 6) << 4
    return (Float(scale), Float(minimum))
}

private func decodeQ4_K(_ block: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    let m = half(block, 2)
    for pair in 0..<4 {
        let first = subScale(block + 4, 2 * pair)
        let second = subScale(block + 4, 2 * pair + 1)
        let (d1, m1, d2, m2) = (d * first.scale, m * first.minimum, d * second.scale, m * second.minimum)
        let low = block + 16 + 32 * pair
        let target = numbers + 64 * pair
        for i in 0..<32 {
            target[i] = d1 * Float(byte(low, i) & 15) - m1
            target[i &+ 32] = d2 * Float(byte(low, i) >> 4) - m2
        }
    }
}

private func decodeQ5_K(_ block: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    let m = half(block, 2)
    let fifth = block + 16
    for pair in 0..<4 {
        let first = subScale(block + 4, 2 * pair)
        let second = subScale(block + 4, 2 * pair + 1)
        let (d1, m1, d2, m2) = (d * first.scale, m * first.minimum, d * second.scale, m * second.minimum)
        let low = block + 48 + 32 * pair
        let target = numbers + 64 * pair
        for i in 0..<32 {
            let bits = byte(fifth, i) >> UInt8(2 * pair)
            target[i] = d1 * Float(byte(low, i) & 15 | bits << 4 & 16) - m1
            target[i &+ 32] = d2 * Float(byte(low, i) >> 4 | bits << 3 & 16) - m2
        }
    }
}

private func decodeQ6_K(_ block: UnsafeRawPointer, _ numbers: UnsafeMutablePointer<Float>) {
    let scales = block + 192
    let d = half(block, 208)
    for part in 0..<2 {
        let low = block + 64 * part
        let high = block + 128 + 32 * part
        let target = numbers + 128 * part
        for i in 0..<32 {
            let two = byte(high, i)
            let quarters = (
                byte(low, i) & 15 | two << 4 & 48, byte(low, i &+ 32) & 15 | two << 2 & 48,
                byte(low, i) >> 4 | two & 48, byte(low, i &+ 32) >> 4 | two >> 2 & 48
            )
            let scale = 8 &* part &+ i / 16
            target[i] = d * sixBit(quarters.0, scales, scale)
            target[i &+ 32] = d * sixBit(quarters.1, scales, scale &+ 2)
            target[i &+ 64] = d * sixBit(quarters.2, scales, scale &+ 4)
            target[i &+ 96] = d * sixBit(quarters.3, scales, scale &+ 6)
        }
    }
}

@inline(__always)
private func sixBit(_ number: UInt8, _ scales: UnsafeRawPointer, _ index: Int) -> Float {
    Float(scales.load(fromByteOffset: index, as: Int8.self)) * Float(Int32(number) &- 32)
}
