extension PieceScanner {
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}|
    /// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    @inline(__always)
    mutating func forEachLlama3Piece(digits: Int, _ body: (Range<Int>) throws -> Void) rethrows {
        while offset < end {
            let start = offset
            offset = endOfLlama3Piece(digits: digits)
            try body(start..<offset)
        }
    }

    @inline(__always)
    private func endOfLlama3Piece(digits: Int) -> Int {
        let contraction = contraction(at: offset, ignoringCase: true)
        if contraction > 0 { return offset + contraction }
        let first = character(at: offset)
        let second = offset + first.length
        switch first.class {
        case .letter: return endOfRun(.letter, from: second)
        case .number: return endOfNumber(from: second, limit: digits - 1)
        case .lineBreak: return endOfLineBreaks()
        case .space, .other:
            // One character that is no line break may lead a word.
            if second < end {
                let next = character(at: second)
                if next.class == .letter { return endOfRun(.letter, from: second + next.length) }
                if next.class == .other, first.class == .other || bytes[offset] == UInt8(ascii: " ") {
                    return endOfRun(.lineBreak, from: endOfRun(.other, from: second))
                }
            }
            return first.class == .other ? endOfRun(.lineBreak, from: second) : endOfLineBreaks()
        }
    }

    @inline(__always)
    private func endOfNumber(from start: Int, limit: Int) -> Int {
        var place = start
        for _ in 0..<limit {
            guard place < end else { break }
            let next = character(at: place)
            guard next.class == .number else { break }
            place += next.length
        }
        return place
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: white space up to its last line break, if it has one.
    @inline(__always)
    private func endOfLineBreaks() -> Int {
        var place = offset
        var lastBreak = offset
        while place < end {
            let next = character(at: place)
            guard next.class.isWhitespace else { break }
            place += next.length
            if next.class == .lineBreak { lastBreak = place }
        }
        return lastBreak > offset ? lastBreak : endOfWhitespace(from: offset)
    }
}
