extension StringProtocol {
    /// The columns the text takes on a terminal: two for what East Asian scripts and emoji are made of.
    var columns: Int {
        if utf8.count == count { return count }
        return reduce(0) { $0 + $1.columns }
    }

    /// As much of the beginning as takes no more than some columns.
    func prefix(columns room: Int) -> SubSequence {
        var used = 0
        return prefix { character in
            used += character.columns
            return used <= room
        }
    }
}

extension String {
    /// Blanks before or behind, up to a number of columns.
    func padded(to width: Int, onLeft: Bool) -> String {
        let blanks = String(repeating: " ", count: Swift.max(0, width - columns))
        return onLeft ? blanks + self : self + blanks
    }
}

extension Character {
    /// The blocks that Unicode's East Asian Width calls wide.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
        0x1F900...0x1FAFF, 0x20000...0x3FFFD,
    ]

    var columns: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if first.value < 0x300 { return 1 }
        let takesNone: Set<Unicode.GeneralCategory> = [.nonspacingMark, .enclosingMark, .format]
        if takesNone.contains(first.properties.generalCategory) { return 0 }
        if unicodeScalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation { return 2 }
        return Character.wide.contains { $0.contains(first.value) } ? 2 : 1
    }
}
