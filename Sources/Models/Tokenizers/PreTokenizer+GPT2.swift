extension PieceScanner {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    @inline(__always)
    mutating func forEachGPT2Piece(_ body: (Range<Int>) throws -> Void) rethrows {
        while offset < end {
            let start = offset
            offset = endOfGPT2Piece()
            try body(start..<offset)
        }
    }

    @inline(__always)
    private func endOfGPT2Piece() -> Int {
        let contraction = contraction(at: offset, ignoringCase: false)
        if contraction > 0 { return offset + contraction }
        // One space may lead a run.
        let start = bytes[offset] == UInt8(ascii: " ") && offset + 1 < end ? offset + 1 : offset
        let first = character(at: start)
        return first.class.isWhitespace
            ? endOfWhitespace(from: offset) : endOfRun(first.class, from: start + first.length)
    }

    /// Numbers (`\p{N}`) one character at a time; what is between them as GPT-2 would cut it if it stood alone.
    @inline(__always)
    mutating func forEachSmolLM2Piece(end textEnd: Int, _ body: (Range<Int>) throws -> Void) rethrows {
        while offset < textEnd {
            end = textEnd
            let first = character(at: offset)
            if first.class == .number {
                try body(offset..<offset + first.length)
                offset += first.length
                continue
            }
            end = startOfNumber(from: offset + first.length)
            try forEachGPT2Piece(body)
        }
    }

    /// The place of the first number from a place on, or the end.
    @inline(__always)
    private func startOfNumber(from start: Int) -> Int {
        var place = start
        while place < end {
            let next = character(at: place)
            if next.class == .number { break }
            place += next.length
        }
        return place
    }
}
