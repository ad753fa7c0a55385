/// How many columns of a terminal text takes, as Unicode's East Asian Width (UAX #11) and emoji data have it.
package enum CharacterWidth {
    /// 0 for combining marks, 2 for wide characters and for a control character (`^A`).
    package static func of(_ scalar: Unicode.Scalar) -> Int {
        let code = scalar.value
        if code < 0x20 || code == 0x7F { return 2 }
        if code < 0x300 { return 1 }
        if isCombining(scalar) { return 0 }
        return wide.contains { $0.contains(code) } || scalar.properties.isEmojiPresentation ? 2 : 1
    }

    static func of(_ character: Character) -> Int { character.unicodeScalars.reduce(0) { $0 + of($1) } }

    package static func of(_ text: some StringProtocol) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }

    private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        // The vowels and final consonants of Hangul join the syllable before them.
        default: (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FB).contains(scalar.value)
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
