import Tensors

/// A model file in the GGUF format of ggml, versions 2 and 3: metadata, a directory of tensors, and their data.
///
/// The file is not trusted: every count, length, dimension and offset is checked against the file's size before
/// anything is allocated or read (the manner of candle's `gguf_file.rs`).
public final class GGUFFile: Sendable {
    public let file: MappedFile
    /// 2 or 3.
    public let version: Int
    public let metadata: [String: GGUFValue]
    public let tensors: [String: TensorEntry]

    /// - Throws: `ModelError` when the file cannot be read, is no GGUF file or is damaged.
    public convenience init(path: String) throws { try self.init(MappedFile(path: path)) }

    /// - Throws: `ModelError` when the bytes are no GGUF file or are damaged.
    public init(_ file: MappedFile) throws {
        var reader = ByteReader(file)
        let header = try GGUFHeader(&reader)
        let metadata = try reader.metadata(count: header.metadataCount)
        let descriptions = try reader.tensorDescriptions(count: header.tensorCount)
        let alignment = try GGUFFile.alignment(metadata["general.alignment"], path: file.path)
        let dataStart = (reader.offset + alignment - 1) & ~(alignment - 1)
        var tensors: [String: TensorEntry] = [:]
        for description in descriptions {
            let entry = try description.entry(dataStart: dataStart, alignment: alignment, file: file)
            guard tensors.updateValue(entry, forKey: entry.name) == nil else {
                throw ModelError.damaged(file.path, "it has two tensors named \(quoted(entry.name))")
            }
        }
        self.file = file
        version = header.version
        self.metadata = metadata
        self.tensors = tensors
    }

    /// A tensor's numbers, decoded.
    /// - Throws: `ModelError` when there is no such tensor.
    public func floats(_ name: String) throws -> [Float] {
        guard let entry = tensors[name] else {
            throw ModelError.damaged(file.path, "it has no tensor named \(quoted(name))")
        }
        return try file.floats(in: entry.bytes, count: entry.count, encoding: entry.encoding)
    }

    private static func alignment(_ value: GGUFValue?, path: String) throws -> Int {
        guard let value else { return 32 }
        guard let alignment = value.int, alignment > 0, alignment <= 1 << 20, alignment & (alignment - 1) == 0 else {
            throw ModelError.damaged(path, "general.alignment is not a power of two up to 2^20")
        }
        return alignment
    }
}

extension MappedFile {
    /// Decodes numbers that were checked to be inside the file.
    func floats(in range: Range<Int>, count: Int, encoding: TensorEncoding) throws -> [Float] {
        try withBytes(in: range) { bytes in
            [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
                encoding.decode(bytes, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
                initialised = count
            }
        }
    }
}

/// The fixed part at the start of a GGUF file.
private struct GGUFHeader {
    let version: Int
    let tensorCount: Int
    let metadataCount: Int

    init(_ reader: inout ByteReader) throws {
        let path = reader.file.path
        guard reader.remaining >= 4, try reader.integer(UInt32.self, "the first word") == 0x4655_4747 else {
            throw ModelError.damaged(path, "it does not start with \"GGUF\", so it is no GGUF file")
        }
        let version = try reader.integer(UInt32.self, "the version")
        guard version == 2 || version == 3 else {
            let reason = version.byteSwapped == 3 ? "it is big-endian" : "it is GGUF version \(version)"
            throw ModelError.damaged(path, "\(reason); versions 2 and 3, little-endian, can be read")
        }
        self.version = Int(version)
        // The shortest directory entry: a name's length, the number of dimensions, the encoding and the offset.
        tensorCount = try reader.count(of: "the number of tensors", unit: 24)
        // The shortest metadata entry: a key's length, a type and one byte.
        metadataCount = try reader.count(of: "the number of metadata entries", unit: 13)
    }
}

/// A tensor as the directory describes it, not yet checked against the file's size.
private struct TensorDescription {
    let name: String
    let shape: [Int]
    let encodingNumber: UInt32
    let offset: UInt64

    func entry(dataStart: Int, alignment: Int, file: MappedFile) throws -> TensorEntry {
        guard let encoding = TensorEncoding(rawValue: encodingNumber) else {
            throw ModelError.damaged(
                file.path,
                "tensor \(quoted(name)) is encoded as \(TensorEncoding.describe(encodingNumber)), which cannot be "
                    + "read; readable are \(TensorEncoding.supportedNames)")
        }
        let count = try checkedCount(file.path)
        guard (shape.last ?? 1) % encoding.blockLength == 0 else {
            throw ModelError.damaged(
                file.path, "the rows of tensor \(quoted(name)) are no whole number of \(encoding.name) blocks")
        }
        let (byteCount, overflow) = (count / encoding.blockLength)
            .multipliedReportingOverflow(by: encoding.blockByteCount)
        guard !overflow, dataStart <= file.byteCount, let start = Int(exactly: offset), start % alignment == 0,
            start <= file.byteCount - dataStart, byteCount <= file.byteCount - dataStart - start
        else {
            throw ModelError.damaged(
                file.path,
                "the data of tensor \(quoted(name)) lies outside the file or is not aligned; "
                    + "the file may be cut short")
        }
        let bytes = dataStart + start..<dataStart + start + byteCount
        return TensorEntry(name: name, shape: shape, encoding: encoding, bytes: bytes)
    }

    private func checkedCount(_ path: String) throws -> Int {
        var count = 1
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, size > 0 else {
                throw ModelError.damaged(path, "tensor \(quoted(name)) has the impossible shape \(Shape.text(shape))")
            }
            count = product
        }
        return count
    }
}

extension ByteReader {
    fileprivate mutating func metadata(count: Int) throws -> [String: GGUFValue] {
        var metadata: [String: GGUFValue] = [:]
        for _ in 0..<count {
            let key = try string("a metadata key", limit: 65_535)
            let type = try valueType("the type of \(quoted(key))")
            guard try metadata.updateValue(value(type, nesting: 0), forKey: key) == nil else {
                throw ModelError.damaged(file.path, "its metadata has \(quoted(key)) twice")
            }
        }
        return metadata
    }

    fileprivate mutating func tensorDescriptions(count: Int) throws -> [TensorDescription] {
        try (0..<count).map { _ in
            let name = try string("a tensor's name", limit: 1_024)
            let dimensions = try integer(UInt32.self, "a tensor's number of dimensions")
            guard dimensions <= 4 else {
                throw ModelError.damaged(
                    file.path, "tensor \(quoted(name)) has \(dimensions) dimensions; at most 4 can be")
            }
            var shape: [Int] = []
            for _ in 0..<dimensions {
                // A size that no `Int` holds is impossible like 0, and is refused where shapes are checked.
                shape.append(Int(exactly: try integer(UInt64.self, "a tensor's shape")) ?? 0)
            }
            let encoding = try integer(UInt32.self, "a tensor's encoding")
            let offset = try integer(UInt64.self, "a tensor's offset")
            return TensorDescription(name: name, shape: shape.reversed(), encodingNumber: encoding, offset: offset)
        }
    }
}

/// A name out of a file, fit for a message: in quotes, on one line and not too long.
func quoted(_ name: String) -> String {
    let shown = name.prefix(80)
    return shown.debugDescription + (shown.count < name.count ? "…" : "")
}
