/// One value of a GGUF file's metadata.
public enum GGUFValue: Sendable {
    case unsigned(UInt64)
    case signed(Int64)
    case float(Double)
    case bool(Bool)
    case string(String)
    case array(GGUFArray)

    /// As a whole number, when it is one that fits.
    public var int: Int? {
        switch self {
        case .unsigned(let value): Int(exactly: value)
        case .signed(let value): Int(exactly: value)
        default: nil
        }
    }

    /// As a floating-point number; whole numbers count too.
    public var double: Double? {
        switch self {
        case .unsigned(let value): Double(value)
        case .signed(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: GGUFArray? { if case .array(let value) = self { value } else { nil } }
}

/// The types of metadata values, numbered as in the GGUF specification.
enum GGUFValueType: UInt32 {
    case uint8 = 0
    case int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// The fewest bytes that a value takes in the file.
    var minimumByteCount: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .string, .uint64, .int64, .float64: 8
        case .array: 12
        }
    }

    var hasFixedSize: Bool { self != .string && self != .array }
}

/// A list in a GGUF file's metadata, such as the tokens of a vocabulary. It stays in the file until it is asked for.
public struct GGUFArray: Sendable {
    /// How many elements it has.
    public let count: Int
    let type: GGUFValueType
    let file: MappedFile
    let offset: Int

    /// The elements as text, or nil when they are something else.
    /// - Throws: `ModelError` when the file is damaged.
    public func strings() throws -> [String]? {
        guard type == .string else { return nil }
        var reader = ByteReader(file, at: offset)
        return try (0..<count).map { _ in try reader.string("a list of texts") }
    }

    /// The elements as floating-point numbers, or nil when they are something else.
    /// - Throws: `ModelError` when the file is damaged.
    public func doubles() throws -> [Double]? {
        guard type.hasFixedSize else { return nil }
        var reader = ByteReader(file, at: offset)
        var result: [Double] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            guard let number = try reader.value(type, nesting: 0).double, !number.isNaN else { return nil }
            result.append(number)
        }
        return result
    }

    /// The elements as whole numbers, or nil when they are something else or do not fit.
    /// - Throws: `ModelError` when the file is damaged.
    public func ints() throws -> [Int]? {
        guard type.hasFixedSize else { return nil }
        var reader = ByteReader(file, at: offset)
        var result: [Int] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            guard let number = try reader.value(type, nesting: 0).int else { return nil }
            result.append(number)
        }
        return result
    }
}

extension ByteReader {
    /// Lists in lists go this deep; no file in use has any.
    static let nestingLimit = 4

    mutating func valueType(_ what: String) throws -> GGUFValueType {
        let number = try integer(UInt32.self, what)
        guard let type = GGUFValueType(rawValue: number) else {
            throw ModelError.damaged(file.path, "\(what) is \(number), which no value has")
        }
        return type
    }

    /// Reads one value; a list is checked from end to end but not kept.
    mutating func value(_ type: GGUFValueType, nesting: Int) throws -> GGUFValue {
        let what = "a metadata value"
        switch type {
        case .uint8: return try .unsigned(UInt64(integer(UInt8.self, what)))
        case .uint16: return try .unsigned(UInt64(integer(UInt16.self, what)))
        case .uint32: return try .unsigned(UInt64(integer(UInt32.self, what)))
        case .uint64: return try .unsigned(integer(UInt64.self, what))
        case .int8: return try .signed(Int64(integer(Int8.self, what)))
        case .int16: return try .signed(Int64(integer(Int16.self, what)))
        case .int32: return try .signed(Int64(integer(Int32.self, what)))
        case .int64: return try .signed(integer(Int64.self, what))
        case .float32: return try .float(Double(Float(bitPattern: integer(UInt32.self, what))))
        case .float64: return try .float(Double(bitPattern: integer(UInt64.self, what)))
        case .bool: return try .bool(integer(UInt8.self, what) != 0)
        case .string: return try .string(string(what))
        case .array: return try .array(array(nesting: nesting))
        }
    }

    private mutating func array(nesting: Int) throws -> GGUFArray {
        guard nesting < ByteReader.nestingLimit else {
            throw ModelError.damaged(file.path, "its metadata nests lists more than \(ByteReader.nestingLimit) deep")
        }
        let type = try valueType("the type of a list")
        let count = try count(of: "the length of a list", unit: type.minimumByteCount)
        let result = GGUFArray(count: count, type: type, file: file, offset: offset)
        switch type {
        case .string: for _ in 0..<count { try skipString() }
        case .array: for _ in 0..<count { _ = try array(nesting: nesting + 1) }
        default: try skip(count * type.minimumByteCount, "a list")
        }
        return result
    }

    private mutating func skipString() throws {
        try skip(count(of: "the length of a text", unit: 1), "a text")
    }
}
