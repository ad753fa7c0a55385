/// A cursor over a mapped file that reads little-endian values one after another and refuses to pass the end.
struct ByteReader {
    let file: MappedFile
    private(set) var offset: Int

    init(_ file: MappedFile, at offset: Int = 0) {
        self.file = file
        self.offset = offset
    }

    var remaining: Int { file.byteCount - offset }

    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type, _ what: String) throws -> Integer {
        let range = try take(MemoryLayout<Integer>.size, what)
        return try file.withBytes(in: range) { Integer(littleEndian: $0.loadUnaligned(as: Integer.self)) }
    }

    /// A count or length of eight bytes, which must be at most what the file can still hold.
    /// - Parameter unit: the fewest bytes that one of the counted things takes.
    mutating func count(of what: String, unit: Int) throws -> Int {
        let value = try integer(UInt64.self, what)
        guard let count = Int(exactly: value), count <= remaining / unit else {
            throw ModelError.damaged(file.path, "\(what) is \(value), more than the \(remaining) bytes left can hold")
        }
        return count
    }

    /// Text with its length in eight bytes before it; at most `limit` bytes.
    mutating func string(_ what: String, limit: Int = .max) throws -> String {
        let length = try count(of: "the length of \(what)", unit: 1)
        guard length <= limit else {
            throw ModelError.damaged(file.path, "\(what) is \(length) bytes long; at most \(limit) are allowed")
        }
        return try file.withBytes(in: take(length, what)) { String(decoding: $0, as: UTF8.self) }
    }

    mutating func skip(_ byteCount: Int, _ what: String) throws { _ = try take(byteCount, what) }

    private mutating func take(_ byteCount: Int, _ what: String) throws -> Range<Int> {
        guard byteCount <= remaining else {
            throw ModelError.damaged(file.path, "it ends at byte \(file.byteCount), inside \(what)")
        }
        defer { offset += byteCount }
        return offset..<offset + byteCount
    }
}
