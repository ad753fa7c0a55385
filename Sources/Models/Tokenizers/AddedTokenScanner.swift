/// Finds added tokens in text: the leftmost, and among those that start at the same place the longest. The tokens are
/// sorted by their bytes, so that it hardly matters how many there are.
struct AddedTokenScanner: Sendable {
    enum Part {
        case text(Range<Int>)
        case token(Int32)
    }

    private struct Candidate: Sendable {
        let bytes: [UInt8]
        let token: AddedToken
    }

    private let candidates: [Candidate]
    /// The candidates that start with a byte.
    private var ranges = [Range<Int>](repeating: 0..<0, count: 256)
    var isEmpty: Bool { candidates.isEmpty }

    init(_ tokens: [AddedToken]) {
        candidates = tokens.filter { !$0.content.isEmpty }
            .map { Candidate(bytes: Array($0.content.utf8), token: $0) }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        for (index, candidate) in candidates.enumerated() {
            let first = Int(candidate.bytes[0])
            ranges[first] = (ranges[first].isEmpty ? index : ranges[first].lowerBound)..<index + 1
        }
    }

    /// Calls `body` with the parts of a text in turn; empty parts are left out.
    /// - Parameter parsingSpecialTokens: whether special tokens count, or only the others.
    func forEachPart(
        of text: UnsafeBufferPointer<UInt8>, parsingSpecialTokens: Bool, _ body: (Part) throws -> Void
    ) rethrows {
        var start = 0
        var offset = 0
        while let next = candidate(in: text, from: offset) {
            offset = next
            guard let (token, length) = match(in: text, at: offset, parsingSpecialTokens: parsingSpecialTokens) else {
                offset += 1
                continue
            }
            var before = offset
            offset += length
            if token.stripsLeft { before = startOfWhitespace(in: text, before: before, limit: start) }
            if token.stripsRight { offset = endOfWhitespace(in: text, from: offset) }
            if start < before { try body(.text(start..<before)) }
            try body(.token(token.id))
            start = offset
        }
        if start < text.count { try body(.text(start..<text.count)) }
    }

    /// The next place where a token may start.
    private func candidate(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        if isEmpty { return nil }
        return ranges.withUnsafeBufferPointer { ranges in
            var offset = start
            while offset < text.count, ranges[Int(text[offset])].isEmpty { offset += 1 }
            return offset < text.count ? offset : nil
        }
    }

    private func match(
        in text: UnsafeBufferPointer<UInt8>, at offset: Int, parsingSpecialTokens: Bool
    ) -> (token: AddedToken, length: Int)? {
        var best: (token: AddedToken, length: Int)?
        // These candidates have `length` bytes in common with the text, the shorter ones first.
        var range = ranges[Int(text[offset])], length = 1
        while !range.isEmpty {
            while let first = range.first, candidates[first].bytes.count == length {
                let token = candidates[first].token
                range = first + 1..<range.upperBound
                let counts =
                    (parsingSpecialTokens || !token.isSpecial)
                    && (!token.isSingleWord || standsAlone(offset..<offset + length, in: text))
                if counts, best?.length != length { best = (token, length) }
            }
            guard offset + length < text.count else { break }
            let byte = text[offset + length]
            range = place(in: range) { $0.bytes[length] >= byte }..<place(in: range) { $0.bytes[length] > byte }
            length += 1
        }
        return best
    }

    /// The first candidate of a range for which a condition holds that holds for all behind it too; else the end.
    private func place(in range: Range<Int>, _ holds: (Candidate) -> Bool) -> Int {
        var low = range.lowerBound, high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if holds(candidates[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func standsAlone(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        func isWord(_ scalar: Unicode.Scalar?) -> Bool {
            guard let scalar else { return false }
            let characterClass = CharacterClass(scalar)
            return scalar == "_" || characterClass == .letter || characterClass == .number
        }
        return !isWord(text.scalar(before: range.lowerBound)) && !isWord(text.scalar(at: range.upperBound))
    }

    private func startOfWhitespace(in text: UnsafeBufferPointer<UInt8>, before end: Int, limit: Int) -> Int {
        var place = end
        while place > limit, let scalar = text.scalar(before: place), scalar.properties.isWhitespace {
            place -= UTF8.width(scalar)
        }
        return place
    }

    private func endOfWhitespace(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        while let scalar = text.scalar(at: place), scalar.properties.isWhitespace { place += UTF8.width(scalar) }
        return place
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The character of valid UTF-8 that begins at a place; nil at the end.
    func scalar(at place: Int) -> Unicode.Scalar? {
        guard place < count else { return nil }
        let first = UInt32(self[place])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard place + length <= count else { return nil }
        var value = length == 1 ? first : first & (0x7F >> UInt32(length))
        for offset in 1..<Swift.max(length, 1) { value = value << 6 | UInt32(self[place + offset]) & 0x3F }
        return Unicode.Scalar(value)
    }

    /// The character that ends before a place; nil at the beginning.
    func scalar(before place: Int) -> Unicode.Scalar? {
        var start = place - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return start < 0 ? nil : scalar(at: start)
    }
}
