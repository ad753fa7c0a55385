import Glibc
import JSON
import Language

/// Comma-separated values as RFC 4180 has them, a record at a time; the first line names the columns.
///
/// What a cell means: nothing is nil; what is in quotes is a String; a number in JSON's grammar is an Int or a Float,
/// and `true`, `false`, `nan`, `inf` and `-inf` are what they say; everything else is a String, such as `007` or an
/// integer beyond 64 bits, which a number could not give back. So what `write_csv` writes is read as it was.
final class CSVReader {
    private let file: FileReader
    private let separator: UInt8
    /// The line at which the next record starts, from 1.
    private var line = 1
    private var names: RecordObject?

    init(_ path: String, separator: UInt8) throws {
        file = try FileReader(path)
        self.separator = separator
        try file.skipByteOrderMark()
    }

    /// The next record; nil behind the last one.
    /// - Throws: `RuntimeError` with file, line and column.
    func next() throws -> Value? {
        if names == nil {
            guard let header = try nextCells(isHeader: true) else { return nil }
            names = RecordObject(header.map { ($0.asString ?? "", .null) })
        }
        guard let names, let cells = try nextCells(isHeader: false) else { return nil }
        return .object(RecordObject(namesOf: names, cells))
    }

    /// That no name comes twice in the first line, and that the others have as many cells.
    private func check(_ cells: [Value], _ scanner: CSVScanner) throws {
        if let names {
            guard cells.count != names.count else { return }
            let wanted = names.count == 1 ? "1 cell" : "\(names.count) cells"
            throw CSVScanner.Problem(
                reason: "expected \(wanted), one for each column of the first line, found \(cells.count)",
                offset: cells.count > names.count ? scanner.starts[names.count] : scanner.end)
        }
        var seen: Set<String> = []
        for (index, cell) in cells.enumerated() where !seen.insert(cell.asString ?? "").inserted {
            throw CSVScanner.Problem(
                reason: "two columns are named \(Printer.repr(cell))", offset: scanner.starts[index])
        }
    }

    /// The cells of the next line that is not empty.
    private func nextCells(isHeader: Bool) throws -> [Value]? {
        while true {
            var scanner = CSVScanner(
                bytes: file.window, separator: separator, isComplete: file.isAtEnd, isHeader: isHeader)
            do {
                guard let cells = try scanner.record() else {
                    if file.isAtEnd { return nil }
                    try file.readMore(limit: FileReader.longestRecord) { self.tooLong(scanner) }
                    continue
                }
                if !scanner.isBlank { try check(cells, scanner) }
                file.advance(scanner.offset)
                line += scanner.lines
                if !scanner.isBlank { return cells }
            } catch let problem as CSVScanner.Problem {
                let place = scanner.place(of: problem.offset)
                throw RuntimeError(
                    "\(file.path):\(line + place.line):\(place.column): \(problem.reason)", code: "E303")
            }
        }
    }

    private func tooLong(_ scanner: CSVScanner) -> RuntimeError {
        let hint = scanner.openQuote.map { " a quoted cell that begins in line \(line + scanner.place(of: $0).line)" }
        let size = "\(FileReader.longestRecord >> 20) MiB"
        return RuntimeError(
            "\(file.path):\(line): the record is longer than \(size)\(hint.map { ":\($0) does not end" } ?? "")",
            code: "E303")
    }
}

/// Takes one record from the beginning of some bytes.
struct CSVScanner {
    struct Problem: Error {
        let reason: String
        let offset: Int
    }

    let bytes: UnsafeRawBufferPointer
    let separator: UInt8
    /// Whether nothing follows the bytes.
    let isComplete: Bool
    /// Whether all cells are read as they stand.
    let isHeader: Bool
    /// Behind the record.
    private(set) var offset = 0
    /// Line ends within and behind the record.
    private(set) var lines = 0
    /// Where the cells begin, and where the last one ends.
    private(set) var starts: [Int] = []
    private(set) var end = 0
    /// Whether the record is an empty line.
    private(set) var isBlank = false
    /// Where the quoted cell began that has not ended.
    private(set) var openQuote: Int?

    private static let quote = UInt8(ascii: "\""), lineFeed: UInt8 = 0x0A, carriageReturn: UInt8 = 0x0D

    init(bytes: UnsafeRawBufferPointer, separator: UInt8, isComplete: Bool, isHeader: Bool) {
        (self.bytes, self.separator, self.isComplete, self.isHeader) = (bytes, separator, isComplete, isHeader)
    }

    /// The cells; nil where the bytes end before the record does, or there is none.
    mutating func record() throws -> [Value]? {
        guard !bytes.isEmpty else { return nil }
        var cells: [Value] = []
        while true {
            let start = offset
            starts.append(start)
            guard let cell = try isAt(Self.quote) ? quotedCell() : plainCell() else { return nil }
            cells.append(cell)
            if isAt(separator) {
                offset += 1
                continue
            }
            end = offset
            isBlank = cells.count == 1 && offset == start
            return endLine() ? cells : nil
        }
    }

    private func isAt(_ byte: UInt8) -> Bool { offset < bytes.count && bytes[offset] == byte }

    /// Passes over the line's end; false where more bytes could belong to it.
    private mutating func endLine() -> Bool {
        if offset == bytes.count { return isComplete }
        lines += 1
        if isAt(Self.carriageReturn) {
            offset += 1
            if offset == bytes.count, !isComplete { return false }
            if !isAt(Self.lineFeed) { return true }
        }
        offset += 1
        return true
    }

    private mutating func plainCell() throws -> Value? {
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            if byte == 0 { throw Problem(reason: "not CSV: the byte 0x00 in a cell", offset: offset) }
            offset += 1
        }
        guard offset < bytes.count || isComplete else { return nil }
        let cell = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
        return isHeader ? .string(try text(cell, start)) : try value(cell, start)
    }

    private mutating func quotedCell() throws -> Value? {
        let opening = offset
        openQuote = opening
        offset += 1
        var start = offset
        var joined: [UInt8] = []
        while true {
            guard let found = memchr(bytes.baseAddress! + start, Int32(Self.quote), bytes.count - start) else {
                guard isComplete else { return nil }
                throw Problem(reason: "not CSV: the quoted cell that begins here has no end", offset: opening)
            }
            offset = UnsafeRawPointer(found) - bytes.baseAddress! + 1
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<offset - 1])
            if isAt(Self.quote) {
                joined += part
                joined.append(Self.quote)
                offset += 1
                start = offset
                continue
            }
            guard offset < bytes.count || isComplete else { return nil }
            try checkBehindQuote()
            openQuote = nil
            lines += Self.lineEnds(UnsafeRawBufferPointer(rebasing: bytes[opening..<offset]))
            if let zero = bytes[opening..<offset].firstIndex(of: 0) {
                throw Problem(reason: "not CSV: the byte 0x00 in a cell", offset: zero)
            }
            if joined.isEmpty { return .string(try text(part, start)) }
            joined += part
            return .string(try joined.withUnsafeBytes { try text($0, opening) })
        }
    }

    private func checkBehindQuote() throws {
        guard offset < bytes.count, ![separator, Self.lineFeed, Self.carriageReturn].contains(bytes[offset]) else {
            return
        }
        let character = String(decoding: bytes[offset...].prefix(8), as: UTF8.self).first ?? " "
        let mark = separator == 0x09 ? "a tab" : "`\(Character(Unicode.Scalar(separator)))`"
        throw Problem(
            reason: "not CSV: expected \(mark) or the end of the line after a quoted cell, found `\(character)`", offset: offset)
    }

    // MARK: - What cells mean

    private func text(_ cell: UnsafeRawBufferPointer, _ start: Int) throws -> String {
        if let text = String(validating: cell.bindMemory(to: UInt8.self), as: UTF8.self) { return text }
        throw Problem(reason: "not CSV: a cell that is not UTF-8", offset: start)
    }

    private func value(_ cell: UnsafeRawBufferPointer, _ start: Int) throws -> Value {
        guard let first = cell.first else { return .null }
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            switch JSONNumber(cell) {
            case .int(let int)? where int != 0 || cell.count == 1: return .int(int)
            case .double(let double)?: return .float(double)
            default: break
            }
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "i"): break
        default: return .string(try text(cell, start))
        }
        let text = try text(cell, start)
        return Self.words[text] ?? .string(text)
    }

    nonisolated(unsafe) private static let words: [String: Value] = [
        "true": .bool(true), "false": .bool(false), "nan": .float(.nan), "inf": .float(.infinity),
        "-inf": .float(-.infinity),
    ]

    /// Whether a text without quotes would be read as something else than a String.
    static func meansMore(_ text: String) -> Bool {
        var text = text
        return text.isEmpty || words[text] != nil || text.withUTF8 { JSONNumber(UnsafeRawBufferPointer($0)) != nil }
    }

    // MARK: - Places

    /// Line feeds, with or without carriage returns, and carriage returns alone.
    private static func lineEnds(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for (place, byte) in bytes.enumerated() {
            if byte == lineFeed
                || (byte == carriageReturn && (place + 1 == bytes.count || bytes[place + 1] != lineFeed))
            {
                count += 1
            }
        }
        return count
    }

    /// How many lines below the record's first one a byte is, and its character in that line, from 1.
    func place(of offset: Int) -> (line: Int, column: Int) {
        let before = UnsafeRawBufferPointer(rebasing: bytes[..<min(offset, bytes.count)])
        let start = before.lastIndex { $0 == Self.lineFeed || $0 == Self.carriageReturn }.map { $0 + 1 } ?? 0
        return (Self.lineEnds(before), before[start...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}
