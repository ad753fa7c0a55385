/// A range of UTF-8 offsets in a source text, end excluded. Every token and node has one: they are small.
public struct SourceSpan: Hashable, Sendable {
    private var first: UInt32
    private var last: UInt32

    public var start: Int {
        get { Int(first) }
        set { first = UInt32(clamping: newValue) }
    }
    public var end: Int {
        get { Int(last) }
        set { last = UInt32(clamping: newValue) }
    }

    public init(_ start: Int, _ end: Int) {
        first = UInt32(clamping: start)
        last = UInt32(clamping: end)
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
    /// The white space that each line begins with, in bytes.
    private let indentations: [Int]

    public init(name: String, text: String, path: String? = nil, firstLine: Int = 1) {
        self.name = name
        self.text = text
        self.path = path
        self.firstLine = firstLine
        bytes = Array(text.utf8)
        (lineStarts, indentations) = Source.lines(of: bytes)
    }

    private static func lines(of bytes: [UInt8]) -> (starts: [Int], indentations: [Int]) {
        var starts = [0]
        var indentations: [Int] = []
        var indentation = 0
        var isIndentation = true
        for (offset, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                starts.append(offset + 1)
                indentations.append(indentation)
                (indentation, isIndentation) = (0, true)
            } else if isIndentation {
                if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { indentation += 1 } else { isIndentation = false }
            }
        }
        return (starts, indentations + [indentation])
    }

    /// The number of the line of an offset. The column takes a walk through the line, the number does not.
    public func lineNumber(of offset: Int) -> Int { lineIndex(of: offset) + firstLine }

    public func position(of offset: Int) -> SourcePosition {
        let line = lineIndex(of: offset)
        let prefix = bytes[lineStarts[line]..<min(max(offset, lineStarts[line]), bytes.count)]
        // In ASCII, which is counted fastest, every byte is a character.
        let isPlain = prefix.allSatisfy { $0 < 128 && $0 != UInt8(ascii: "\r") }
        let count = isPlain ? prefix.count : String(decoding: prefix, as: UTF8.self).count
        return SourcePosition(line: line + firstLine, column: count + 1)
    }

    /// Where an offset stands among the bytes of its line.
    func offsetInLine(of offset: Int) -> Int { offset - lineStarts[lineIndex(of: offset)] }

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
    func indentation(at offset: Int) -> Int { indentations[lineIndex(of: offset)] }

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
