import Glibc

/// A text: its bytes in UTF-8, always well formed. It is indexed by Unicode scalar, as in Python. Nothing changes it
/// once a second place holds it.
///
/// The bytes stand in the object itself if they are few, else in memory of their own; looking at them costs neither a
/// copy nor a count of references, which is why this is no Swift `String`.
public final class StringObject: Object {
    package typealias Bytes = UnsafeBufferPointer<UInt8>

    public private(set) var byteCount: Int
    /// Where the bytes are. Only while the object is held: see `withBytes`.
    private var start: UnsafeMutablePointer<UInt8>
    private var countedScalars = -1
    private var knownHash = 0
    /// The bytes where they fit, with zeros behind them; else how many the memory at `start` has room for, and the
    /// address of `marks`.
    private var short: (UInt64, UInt64) = (0, 0)

    private static let shortBytes = 16

    /// - Parameter fill: writes the bytes, which must be well-formed UTF-8.
    @inline(__always)
    package init(byteCount: Int, fill: (UnsafeMutablePointer<UInt8>) throws -> Void) rethrows {
        self.byteCount = byteCount
        start = UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped
        super.init(kind: .string)
        if byteCount <= StringObject.shortBytes {
            start = shortPlace
        } else {
            start = .allocate(capacity: byteCount)
            short.0 = UInt64(byteCount)
        }
        try fill(start)
    }

    public convenience init(_ text: String) {
        self.init(byteCount: text.utf8.count) { place in
            let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
                if let start = bytes.baseAddress { memcpy(place, start, bytes.count) }
            }
            if isDone == nil { for (offset, byte) in text.utf8.enumerated() { place[offset] = byte } }
        }
    }

    /// - Parameter bytes: well-formed UTF-8.
    convenience init(_ bytes: Bytes) {
        self.init(byteCount: bytes.count) { place in
            if let start = bytes.baseAddress { memcpy(place, start, bytes.count) }
        }
    }

    deinit {
        guard byteCount > StringObject.shortBytes else { return }
        forgetMarks()
        start.deallocate()
    }

    /// A stored property of an object stays where it is.
    @inline(__always)
    private var shortPlace: UnsafeMutablePointer<UInt8> {
        withUnsafeMutablePointer(to: &short) { UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt8.self) }
    }

    public override var typeName: String { "String" }

    /// A copy as Swift has it.
    public var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    @inline(__always)
    package func withBytes<Result>(_ body: (Bytes) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(UnsafeBufferPointer(start: start, count: byteCount)) }
    }

    /// Copies the bytes to a place that has room for them; gives the place behind them.
    @inline(__always)
    func copy(to place: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        memcpy(place, start, byteCount)
        return place + byteCount
    }

    // MARK: - Characters

    /// How many characters `len` reports. Counted once.
    public var count: Int {
        if countedScalars < 0 { countedScalars = withBytes { Text.characters(in: $0) } }
        return countedScalars
    }

    /// With one byte for each character, a character is found without a search.
    @inline(__always)
    var isASCII: Bool { count == byteCount }

    /// The offset in bytes of a character.
    /// - Parameter position: in 0...count.
    func offset(of position: Int) -> Int {
        if isASCII { return position }
        return withBytes { bytes in
            var (offset, left) = (0, position)
            if position >= StringObject.markDistance, bytes.count > StringObject.shortBytes {
                offset = Int(marks[position / StringObject.markDistance])
                left = position % StringObject.markDistance
            }
            for _ in 0..<left { offset += Text.width(bytes[offset]) }
            return offset
        }
    }

    /// How many characters lie between two whose offsets are kept.
    private static let markDistance = 32

    /// The offsets of every 32nd character of a text in which they cannot be reckoned, found at the first question.
    /// Only where the bytes have memory of their own.
    private var marks: UnsafeMutablePointer<UInt32> {
        if let known = UnsafeMutablePointer<UInt32>(bitPattern: UInt(short.1)) { return known }
        let marks = UnsafeMutablePointer<UInt32>.allocate(capacity: count / StringObject.markDistance + 1)
        var (offset, position) = (0, 0)
        while offset <= byteCount, position <= count {
            if position % StringObject.markDistance == 0 {
                marks[position / StringObject.markDistance] = UInt32(offset)
            }
            if offset < byteCount { offset += Text.width(start[offset]) }
            position += 1
        }
        short.1 = UInt64(UInt(bitPattern: marks))
        return marks
    }

    private func forgetMarks() {
        UnsafeMutablePointer<UInt32>(bitPattern: UInt(short.1))?.deallocate()
        short.1 = 0
    }

    /// - Parameter position: in 0..<count.
    @inline(__always)
    func character(at position: Int) -> StringObject { character(offset: offset(of: position)) }

    /// - Parameter offset: where a character begins, in bytes.
    @inline(__always)
    func character(offset: Int) -> StringObject {
        let first = start[offset]
        return first < 0x80 ? StringObject.ascii(first) : longCharacter(offset)
    }

    private func longCharacter(_ offset: Int) -> StringObject {
        withBytes { StringObject(Bytes(rebasing: $0[offset..<offset + Text.width($0[offset])])) }
    }

    /// The strings of one ASCII character, of which there are many wherever a text is gone through.
    @inline(__always)
    private static func ascii(_ byte: UInt8) -> StringObject {
        (asciiTable ?? makeASCIITable())[Int(byte)]
    }

    nonisolated(unsafe) private static var asciiTable: UnsafeMutablePointer<StringObject>?

    private static func makeASCIITable() -> UnsafeMutablePointer<StringObject> {
        let table = UnsafeMutablePointer<StringObject>.allocate(capacity: 128)
        for byte in 0..<128 {
            (table + byte).initialize(to: StringObject(byteCount: 1) { $0.pointee = UInt8(byte) })
        }
        asciiTable = table
        return table
    }

    // MARK: - Growing

    /// For strings that one place alone holds, and so nobody sees change.
    func append(_ other: StringObject) {
        countedScalars = countedScalars < 0 || other.countedScalars < 0 ? -1 : countedScalars + other.countedScalars
        knownHash = 0
        let total = byteCount + other.byteCount
        let capacity = byteCount <= StringObject.shortBytes ? StringObject.shortBytes : Int(short.0)
        if byteCount > StringObject.shortBytes { forgetMarks() }
        if total > capacity { move(toCapacity: max(total, capacity * 2)) }
        _ = other.copy(to: start + byteCount)
        byteCount = total
    }

    private func move(toCapacity capacity: Int) {
        let old = start
        let isShort = byteCount <= StringObject.shortBytes
        start = .allocate(capacity: capacity)
        memcpy(start, old, byteCount)
        if !isShort { old.deallocate() }
        short = (UInt64(capacity), 0)
    }

    // MARK: - Comparing

    /// Equal bytes give equal numbers, never negative ones.
    @inline(__always)
    var hash: Int {
        if knownHash == 0 { knownHash = withBytes { Text.hash(of: $0) } }
        return knownHash
    }

    @inline(__always)
    func isSame(as other: StringObject) -> Bool {
        self === other || byteCount == other.byteCount && hash == other.hash && hasSameBytes(as: other)
    }

    @inline(__always)
    func hasSameBytes(as other: StringObject) -> Bool {
        self === other || byteCount == other.byteCount && memcmp(start, other.start, byteCount) == 0
    }

    /// By bytes, and so by code point: negative, zero or positive.
    static func order(_ left: StringObject, _ right: StringObject) -> Int {
        let (a, b) = (left.prefix, right.prefix)
        if a != b { return a < b ? -1 : 1 }
        let common = min(left.byteCount, right.byteCount)
        if common > 8 {
            let order = memcmp(left.start, right.start, common)
            if order != 0 { return Int(order) }
        }
        return left.byteCount - right.byteCount
    }

    /// The first eight bytes as a number, zeros behind the end: mostly they decide.
    @inline(__always)
    private var prefix: UInt64 {
        UInt64(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
    }
}
