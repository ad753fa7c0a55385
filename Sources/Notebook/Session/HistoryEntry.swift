/// One thing that was typed at a prompt.
public struct HistoryEntry: Equatable, Sendable {
    public var text: String
    /// When it was run, in seconds since 1970; nil where the file does not say.
    public var time: Double?
    /// How long it ran, in seconds; nil where it did not end, or the file does not say.
    public var duration: Double?

    public init(text: String, time: Double? = nil, duration: Double? = nil) {
        self.text = text
        self.time = time
        self.duration = duration
    }
}

/// How entries are written: one line each, `text TAB milliseconds since 1970 TAB process`, with backslash, newline, tab
/// and carriage return escaped in the text. How long it ran is known later and stands in a line of its own, which
/// begins with the tab: `TAB milliseconds since 1970 TAB process TAB milliseconds it took`, to the microsecond.
enum HistoryFormat {
    /// Names an entry: when it was begun, and by which process.
    struct Key: Hashable {
        var milliseconds: Int
        var process: Int32
    }

    static func line(_ text: String, _ key: Key) -> String {
        "\(escaped(text))\t\(key.milliseconds)\t\(key.process)\n"
    }

    static func durationLine(_ key: Key, seconds: Double) -> String {
        "\t\(key.milliseconds)\t\(key.process)\t\(Double(milliseconds(seconds * 1000)) / 1000)\n"
    }

    static func milliseconds(_ seconds: Double) -> Int { Int(min(max(seconds, 0), 1e12) * 1000) }

    /// An entry of a rewritten file, where the process does not matter any more.
    static func lines(_ entry: HistoryEntry) -> String {
        guard let time = entry.time else { return escaped(entry.text) + "\n" }
        let key = Key(milliseconds: milliseconds(time), process: 0)
        return line(entry.text, key) + (entry.duration.map { durationLine(key, seconds: $0) } ?? "")
    }

    /// The entries of a file's lines, oldest first. Lines that are no text are left out.
    /// - Parameter process: whose entries are left out.
    static func entries(_ lines: [ArraySlice<UInt8>], without process: Int32? = nil) -> [HistoryEntry] {
        var entries: [HistoryEntry] = []
        var places: [Key: Int] = [:]
        for line in lines {
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            let key = key(fields)
            if fields[0].isEmpty {
                if let key, let place = places[key], let took = decimal(fields, 3) {
                    entries[place].duration = took / 1000
                }
                continue
            }
            if let process, key?.process == process { continue }
            guard let text = unescaped(fields[0]), !text.isEmpty else { continue }
            entries.append(HistoryEntry(text: text, time: key.map { Double($0.milliseconds) / 1000 }))
            if let key { places[key] = entries.count - 1 }
        }
        return entries
    }

    private static func key(_ fields: [ArraySlice<UInt8>]) -> Key? {
        guard let milliseconds = number(fields, 1) else { return nil }
        return Key(milliseconds: milliseconds, process: Int32(truncatingIfNeeded: number(fields, 2) ?? 0))
    }

    private static func number(_ fields: [ArraySlice<UInt8>], _ index: Int) -> Int? {
        guard fields.indices.contains(index), !fields[index].isEmpty, fields[index].count <= 18 else { return nil }
        var number = 0
        for byte in fields[index] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }

    private static func decimal(_ fields: [ArraySlice<UInt8>], _ index: Int) -> Double? {
        guard fields.indices.contains(index), fields[index].count <= 24 else { return nil }
        return Double(String(decoding: fields[index], as: UTF8.self)).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }

    static func escaped(_ entry: String) -> String {
        var bytes: [UInt8] = []
        for byte in entry.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += [byte, byte]
            case UInt8(ascii: "\n"): bytes += Array(#"\n"#.utf8)
            case UInt8(ascii: "\r"): bytes += Array(#"\r"#.utf8)
            case UInt8(ascii: "\t"): bytes += Array(#"\t"#.utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ line: ArraySlice<UInt8>) -> String? {
        guard line.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\\") }) else {
            return String(validating: line, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in line where byte != 0 {
            if isEscaped {
                bytes.append(meaning(ofEscape: byte))
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func meaning(ofEscape byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "r"): UInt8(ascii: "\r")
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        default: byte
        }
    }
}
