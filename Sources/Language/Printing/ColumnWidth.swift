// How many columns of a terminal text takes, as Unicode's East Asian Width (UAX #11) and emoji data have it. What a
// reader sees as one character is measured as a whole: flags and families of emoji are several scalars in two columns.

extension StringProtocol {
    package var columns: Int {
        if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return utf8.count }
        return reduce(0) { $0 + $1.columns }
    }

    /// As much of the beginning as takes no more than some columns.
    package func prefix(columns room: Int) -> SubSequence {
        var used = 0
        return prefix { character in
            used += character.columns
            return used <= room
        }
    }
}

extension String {
    /// Blanks before or behind, up to a number of columns.
    package func padded(to width: Int, onLeft: Bool = false) -> String {
        let blanks = String(repeating: " ", count: Swift.max(0, width - columns))
        return onLeft ? blanks + self : self + blanks
    }
}

extension Character {
    /// Two for what is wide, for emoji, and for a control character (`^A`).
    package var columns: Int {
        let scalars = unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.dropFirst().isEmpty { return first.columns }
        if scalars.contains(where: { $0 == "\u{FE0F}" || $0.properties.isEmojiPresentation }) { return 2 }
        return scalars.reduce(0) { $0 + $1.columns }
    }
}

extension Unicode.Scalar {
    fileprivate var columns: Int {
        if value < 0x20 || value == 0x7F { return 2 }
        if value < 0x300 { return 1 }
        if isCombining { return 0 }
        return Self.wide.contains { $0.contains(value) } || properties.isEmojiPresentation ? 2 : 1
    }

    private var isCombining: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        // The vowels and final consonants of Hangul join the syllable before them.
        default: (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value)
        }
    }

    /// Blocks of East Asian Width W and F, with the unassigned places between them.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18CFF, 0x18D00...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265,
        0x1F947...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
