import Glibc

/// A text. It is indexed by Unicode scalar, as in Python. Nothing changes it once a second place holds it.
public final class StringObject: Object {
    public private(set) var text: String
    private var countedScalars = -1
    private var knownHash = 0
    private var knownPrefix: UInt64 = 0

    public init(_ text: String) {
        self.text = text
        super.init(kind: .string)
    }

    public override var typeName: String { "String" }

    /// How many characters `len` reports. Counted once.
    public var count: Int {
        if countedScalars < 0 { countedScalars = StringObject.scalars(in: text) }
        return countedScalars
    }

    private static func scalars(in text: String) -> Int {
        Text.withBytes(text) { bytes in
            var count = 0
            for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
            return count
        }
    }

    /// With one byte for each character, a character is found without a search.
    var isASCII: Bool { count == text.utf8.count }

    /// - Parameter position: in 0...count.
    func index(at position: Int) -> String.Index {
        isASCII
            ? text.utf8.index(text.startIndex, offsetBy: position)
            : text.unicodeScalars.index(text.startIndex, offsetBy: position)
    }

    /// - Parameter position: in 0..<count.
    func character(at position: Int) -> StringObject {
        if isASCII {
            return StringObject.ascii[Text.withBytes(text) { Int($0[position]) }]
        }
        let scalars = text.unicodeScalars
        return StringObject.character(scalars[scalars.index(scalars.startIndex, offsetBy: position)])
    }

    static func character(_ scalar: UnicodeScalar) -> StringObject {
        scalar.isASCII ? ascii[Int(scalar.value)] : StringObject(String(scalar))
    }

    /// The strings of one ASCII character, of which there are many wherever a text is gone through.
    nonisolated(unsafe) private static let ascii = (0..<128).map { StringObject(String(UnicodeScalar(UInt8($0)))) }

    /// For strings that one place alone holds, and so nobody sees change.
    func append(_ other: StringObject) {
        countedScalars = countedScalars < 0 || other.countedScalars < 0 ? -1 : countedScalars + other.countedScalars
        (knownHash, knownPrefix) = (0, 0)
        text += other.text
    }

    /// Equal bytes give equal numbers, never negative ones.
    var hash: Int {
        if knownHash == 0 { knownHash = StringObject.hash(of: text) }
        return knownHash
    }

    func isSame(as other: StringObject) -> Bool { self === other || (hash == other.hash && hasSameBytes(as: other)) }

    func hasSameBytes(as other: StringObject) -> Bool {
        self === other || text.utf8.count == other.text.utf8.count && StringObject.order(self, other) == 0
    }

    /// By bytes, and so by code point: negative, zero or positive.
    static func order(_ left: StringObject, _ right: StringObject) -> Int {
        let (a, b) = (left.prefix, right.prefix)
        if a != b { return a < b ? -1 : 1 }
        let (first, second) = (left.text.utf8.count, right.text.utf8.count)
        if min(first, second) <= 8 { return first - second }
        return Text.withBytes(left.text) { a in
            Text.withBytes(right.text) { b in
                let order = memcmp(a.baseAddress!, b.baseAddress!, min(a.count, b.count))
                return order != 0 ? Int(order) : a.count - b.count
            }
        }
    }

    /// The first eight bytes as a number, zeros behind the end: mostly they decide.
    private var prefix: UInt64 {
        if knownPrefix == 0 { knownPrefix = StringObject.prefix(of: text) }
        return knownPrefix
    }

    private static func prefix(of text: String) -> UInt64 {
        Text.withBytes(text) { bytes in
            var result: UInt64 = 0
            for index in 0..<8 { result = result << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
            return result
        }
    }

    private static func hash(of text: String) -> Int {
        Text.withBytes(text) { bytes in
            var result = UInt(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
            for byte in bytes {
                result = (result ^ UInt(byte)) &* 0x0000_0100_0000_01B3
            }
            result ^= result >> 29
            return Int(truncatingIfNeeded: result & (UInt.max >> 1)) | 1 << 40
        }
    }
}
