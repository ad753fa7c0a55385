import JSON

/// A file of named tensors in the safetensors format of Hugging Face: the header's length, a JSON header, the data.
/// Floats of 32 and 16 bits can be read. The header is checked as the reference implementation does: the tensors must
/// fill the data without gaps or overlaps.
public final class SafetensorsFile: Sendable {
    public struct TensorEntry: Sendable {
        public let name: String
        public let shape: [Int]
        public let encoding: TensorEncoding
        /// Where its bytes are in the file.
        public let bytes: Range<Int>

        /// How many numbers it has; fits an `Int`.
        public var count: Int { shape.reduce(1, *) }
    }

    /// The reference implementation allows no longer header either.
    static let headerLimit = 100_000_000

    public let file: MappedFile
    public let tensors: [String: TensorEntry]
    /// The free text that the writer added.
    public let metadata: [String: String]

    /// - Throws: `ModelError` when the file cannot be read or is damaged.
    public convenience init(path: String) throws { try self.init(MappedFile(path: path)) }

    /// - Throws: `ModelError` when the bytes are no safetensors file or are damaged.
    public init(_ file: MappedFile) throws {
        var reader = ByteReader(file)
        let headerLength = try reader.count(of: "the length of its header", unit: 1)
        guard headerLength <= SafetensorsFile.headerLimit else {
            throw ModelError.damaged(file.path, "its header is longer than \(SafetensorsFile.headerLimit) bytes")
        }
        let dataStart = 8 + headerLength
        let header = try file.withBytes(in: 8..<dataStart) { try JSONValue(parsing: $0, source: file.path) }
        guard let members = header.object else { throw ModelError.damaged(file.path, "its header is no JSON object") }
        var tensors: [String: TensorEntry] = [:]
        var metadata: [String: String] = [:]
        for (name, value) in members {
            if name == "__metadata__" {
                for (name, text) in value.object ?? [:] { metadata[name] = text.string }
            } else {
                tensors[name] = try TensorEntry(name: name, value, dataStart: dataStart, file: file)
            }
        }
        self.file = file
        self.tensors = tensors
        self.metadata = metadata
        try checkCoverage(from: dataStart)
    }

    /// A tensor's numbers, decoded.
    /// - Throws: `ModelError` when there is no such tensor.
    public func floats(_ name: String) throws -> [Float] {
        guard let entry = tensors[name] else {
            throw ModelError.damaged(file.path, "it has no tensor named \(quoted(name))")
        }
        return try file.floats(in: entry.bytes, count: entry.count, encoding: entry.encoding)
    }

    private func checkCoverage(from dataStart: Int) throws {
        var end = dataStart
        for entry in tensors.values.sorted(by: {
            ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
        }) {
            guard entry.bytes.lowerBound == end else {
                throw ModelError.damaged(file.path, "there is a gap or an overlap before tensor \(quoted(entry.name))")
            }
            end = entry.bytes.upperBound
        }
        guard end == file.byteCount else {
            throw ModelError.damaged(file.path, "its tensors end at byte \(end), the file at byte \(file.byteCount)")
        }
    }
}

extension SafetensorsFile.TensorEntry {
    fileprivate init(name: String, _ value: JSONValue, dataStart: Int, file: MappedFile) throws {
        let path = file.path
        guard let typeName = value["dtype"]?.string, let sizes = value["shape"]?.array,
            let offsets = value["data_offsets"]?.array, offsets.count == 2,
            let start = offsets[0].int, let end = offsets[1].int
        else { throw ModelError.damaged(path, "the header's entry for tensor \(quoted(name)) is incomplete") }
        let encodings: [String: TensorEncoding] = ["F32": .f32, "F16": .f16, "BF16": .bf16]
        guard let encoding = encodings[typeName] else {
            throw ModelError.damaged(
                path, "tensor \(quoted(name)) is encoded as \(quoted(typeName)); readable are F32, F16 and BF16")
        }
        let shape = try sizes.map { size in
            guard let size = size.int, size >= 0 else {
                throw ModelError.damaged(path, "tensor \(quoted(name)) has an impossible shape")
            }
            return size
        }
        var byteCount = encoding.blockByteCount
        for size in shape {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
            guard !overflow else { throw ModelError.damaged(path, "tensor \(quoted(name)) has an impossible shape") }
            byteCount = product
        }
        guard start >= 0, start <= end, end <= file.byteCount - dataStart, end - start == byteCount else {
            throw ModelError.damaged(
                path,
                "the data of tensor \(quoted(name)) does not fit its shape or lies outside the file; "
                    + "the file may be cut short")
        }
        self.init(name: name, shape: shape, encoding: encoding, bytes: dataStart + start..<dataStart + end)
    }
}
