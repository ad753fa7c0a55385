/// A range of UTF-8 offsets in a source text, end excluded.
public struct SourceSpan: Hashable, Sendable {
    public var start: Int
    public var end: Int

    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }

    /// The smallest span that holds both.
    public func joined(with other: SourceSpan) -> SourceSpan {
        SourceSpan(min(start, other.start), max(end, other.end))
    }
}

/// A line and a column, both counted from 1 (the line from the source's first line); the column counts characters,
/// not bytes.
public struct SourcePosition: Hashable, Sendable {
    public var line: Int
    public var column: Int
}

/// A named text: a file, a cell or a line typed at the prompt.
public final class Source: Sendable {
    /// What a diagnostic shows: a path, or something like `cell 3`.
    public let name: String
    public let text: String
    /// The file's path if the text came from a file; imports are looked for beside it.
    public let path: String?
    /// The number of the text's first line: more than 1 where it is a piece of a file.
    public let firstLine: Int
    let bytes: [UInt8]
    private let lineStarts: [Int]

    public init(name: String, text: String, path: String? = nil, firstLine: Int = 1) {
        self.name = name
        self.text = text
        self.path = path
        self.firstLine = firstLine
        bytes = Array(text.utf8)
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        lineStarts = starts
    }

    public func position(of offset: Int) -> SourcePosition {
        let line = lineIndex(of: offset)
        let prefix = bytes[lineStarts[line]..<min(max(offset, lineStarts[line]), bytes.count)]
        return SourcePosition(line: line + firstLine, column: String(decoding: prefix, as: UTF8.self).count + 1)
    }

    /// The text of a line (counted from `firstLine`), without its newline.
    public func line(_ position: Int) -> String {
        let number = position - firstLine + 1
        guard number >= 1, number <= lineStarts.count else { return "" }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The white space before a line's first character, in bytes; the line is the one of an offset.
    func indentation(at offset: Int) -> Int {
        let start = lineStarts[lineIndex(of: offset)]
        var end = start
        while end < bytes.count, bytes[end] == UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "\t") { end += 1 }
        return end - start
    }

    /// The text a span covers.
    public func text(of span: SourceSpan) -> String {
        let start = max(0, min(span.start, bytes.count))
        return String(decoding: bytes[start..<max(start, min(span.end, bytes.count))], as: UTF8.self)
    }

    private func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
