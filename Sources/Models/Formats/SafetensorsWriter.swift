import JSON

/// Writes named tensors as a safetensors file that Hugging Face's libraries read.
public struct SafetensorsWriter {
    /// A tensor to be written. Its numbers are asked for when its turn comes, so that one tensor at a time is copied.
    public struct Entry {
        let name: String
        let shape: [Int]
        let floats: () throws -> [Float]

        public init(name: String, shape: [Int], floats: @escaping () throws -> [Float]) {
            self.name = name
            self.shape = shape
            self.floats = floats
        }
    }

    /// - Parameters:
    ///   - entries: names must differ.
    ///   - encoding: `f32` keeps every bit, `bf16` and `f16` take half the room.
    ///   - metadata: free text for the header.
    /// - Throws: `ModelError` when a name comes twice, a tensor does not have the numbers that its shape asks for, the
    ///   encoding is a quantised one, or the file cannot be written (then the place keeps what it held).
    public static func write(
        _ entries: [Entry], to path: String, encoding: TensorEncoding = .f32,
        metadata: [String: String] = ["format": "pt"]
    ) throws {
        var file = try FileReplacement(path: path)
        let sorted = entries.sorted { $0.name < $1.name }
        let header = try header(of: sorted, encoding: encoding, metadata: metadata, path: path)
        try withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { try file.write($0) }
        try file.write(header)
        for entry in sorted {
            let numbers = try entry.floats()
            guard numbers.count == entry.shape.reduce(1, *) else {
                throw ModelError(
                    "tensor \(quoted(entry.name)) has \(numbers.count) numbers, not those of shape \(entry.shape)")
            }
            try file.write(numbers, as: encoding)
        }
        try file.commit()
    }

    private static func header(
        of entries: [Entry], encoding: TensorEncoding, metadata: [String: String], path: String
    ) throws -> String {
        guard encoding.blockLength == 1 else {
            throw ModelError.unwritable(path, reason: "safetensors files hold F32, F16 and BF16, not \(encoding.name)")
        }
        // Sorted, so that equal models give equal files.
        let notes = metadata.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        var members: JSONObject = ["__metadata__": .object(JSONObject(uniqueKeysWithValues: notes))]
        var offset = 0
        for entry in entries {
            let end = offset + entry.shape.reduce(encoding.blockByteCount, *)
            let description: JSONValue = [
                "dtype": .string(encoding.name), "shape": .array(entry.shape.map { .int($0) }),
                "data_offsets": [.int(offset), .int(end)],
            ]
            guard members.updateValue(description, forKey: entry.name) == nil else {
                throw ModelError.unwritable(path, reason: "two tensors are named \(quoted(entry.name))")
            }
            offset = end
        }
        let text = JSONValue.object(members).text()
        // The data start at a multiple of eight bytes, as the reference implementation aligns them.
        return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    }
}

extension FileReplacement {
    fileprivate func write(_ numbers: [Float], as encoding: TensorEncoding) throws {
        switch encoding {
        case .f16: try numbers.map { halfBits($0).littleEndian }.withUnsafeBytes { try write($0) }
        case .bf16: try numbers.map { brainBits($0).littleEndian }.withUnsafeBytes { try write($0) }
        default: try numbers.map { $0.bitPattern.littleEndian }.withUnsafeBytes { try write($0) }
        }
    }
}

/// The nearest bfloat16, ties to even.
private func brainBits(_ number: Float) -> UInt16 {
    let bits = number.bitPattern
    guard !number.isNaN else { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
}

/// The nearest half-precision number, ties to even; what is too large becomes infinity.
private func halfBits(_ number: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: number.bitPattern >> 16) & 0x8000
    let magnitude = number.magnitude
    if number.isNaN { return sign | 0x7E00 }
    if magnitude >= 65_520 { return sign | 0x7C00 }
    if magnitude < 0x1p-14 {  // subnormal: a whole number of 2^-24
        return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
    }
    let bits = magnitude.bitPattern
    let rounded = bits &+ 0xFFF &+ (bits >> 13 & 1)
    return sign | UInt16(truncatingIfNeeded: (rounded >> 13) &- (112 << 10))
}
