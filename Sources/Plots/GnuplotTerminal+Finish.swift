extension GnuplotTerminal {
    /// What gnuplot wrote, with its terminals' rough edges taken off.
    func finish(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .svg: Array(GnuplotTerminal.tidySVG(String(decoding: bytes, as: UTF8.self)).utf8)
        case .text: GnuplotTerminal.trimLines(bytes)
        case .png, .pdf, .sixel: bytes
        }
    }

    private static func tidySVG(_ text: String) -> String {
        // gnuplot puts the weight into the name of the font, where browsers do not look for it.
        let weighted = text.split(separator: "font-family=\"\(font):Bold\"", omittingEmptySubsequences: false)
            .joined(separator: "font-family=\"\(font)\" font-weight=\"bold\"")
        // The first group is empty and has the last colour of the process's previous picture: the same figure would
        // give other bytes.
        let opening = "<g fill=\"none\" color=\"#FFFFFF\" stroke=\""
        let parts = weighted.split(separator: opening, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let end = parts[1].firstIndex(of: "\"") else { return weighted }
        return parts[0] + opening + "currentColor" + parts[1][end...]
    }

    /// Without form feeds, blanks at the ends of lines, and empty lines at the end.
    private static func trimLines(_ bytes: [UInt8]) -> [UInt8] {
        var lines = bytes.filter { $0 != 12 }.split(separator: 10, omittingEmptySubsequences: false).map { line in
            Array(line[..<((line.lastIndex { $0 != 32 }).map { $0 + 1 } ?? line.startIndex)])
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.flatMap { $0 + [10] }
    }
}
