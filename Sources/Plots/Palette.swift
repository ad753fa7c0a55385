/// Styles in the order in which series take them: the colours of Okabe and Ito ("Color universal design", 2008), which
/// people with any colour vision can tell apart, each with a marker and a dash of its own. Their yellow is left out:
/// thin lines of it vanish on white.
public enum Palette {
    public static let styles: [SeriesStyle] = [
        SeriesStyle(colour: blue, marker: .circle),
        SeriesStyle(colour: vermilion, marker: .square, dash: .long),
        SeriesStyle(colour: green, marker: .triangle, dash: .dashDot),
        SeriesStyle(colour: purple, marker: .diamond, dash: .short),
        SeriesStyle(colour: orange, marker: .downTriangle),
        SeriesStyle(colour: sky, marker: .openCircle, dash: .long),
        SeriesStyle(colour: ink, marker: .openSquare, dash: .short),
    ]

    static let blue = SeriesStyle.Colour(0x0072B2)
    static let vermilion = SeriesStyle.Colour(0xD55E00)
    static let green = SeriesStyle.Colour(0x009E73)
    static let purple = SeriesStyle.Colour(0xCC79A7)
    static let orange = SeriesStyle.Colour(0xE69F00)
    static let sky = SeriesStyle.Colour(0x56B4E9)
    static let ink = SeriesStyle.Colour(0x444444)

    /// The style of the `index`th series; after the last it starts again with other markers.
    public static func style(_ index: Int) -> SeriesStyle {
        var style = styles[index % styles.count]
        let round = index / styles.count
        if round > 0 {
            let markers = SeriesStyle.Marker.allCases
            style.marker = markers[(index + 3 * round) % markers.count]
        }
        return style
    }

    /// Styles for arms of a study. The arms that every study has keep their look from one figure to the next, whichever
    /// of them are shown; other names take what is left, in order.
    public static func styles(forArms names: [String]) -> [SeriesStyle] {
        let known: [String: SeriesStyle] = [
            "bridge": styles[0], "rlvr": styles[1], "pmatch": styles[2], "p-match": styles[2],
            "base": SeriesStyle(colour: ink, marker: .openCircle, dash: .short),
        ]
        let taken = names.compactMap { known[$0.lowercased()] }
        var next = 0
        return names.map { name in
            if let style = known[name.lowercased()] { return style }
            while taken.contains(style(next)) { next += 1 }
            defer { next += 1 }
            return style(next)
        }
    }
}

extension Palette {
    /// The viridis palette: even steps in lightness, in colour and in grey.
    static let viridisStops: [UInt32] = [
        0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725,
    ]

    /// - Parameter share: 0 is dark, 1 is bright.
    static func viridis(_ share: Double) -> SeriesStyle.Colour {
        let place = min(max(share, 0), 1) * Double(viridisStops.count - 1)
        return SeriesStyle.Colour(viridisStops[Int(place.rounded())])
    }
}
