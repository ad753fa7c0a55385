/// How a series looks. Colour, marker and dash all tell series apart, so that a print in grey stays readable.
public struct SeriesStyle: Equatable, Sendable {
    /// A colour as 0xRRGGBB.
    public struct Colour: Equatable, Sendable {
        public var rgb: UInt32

        public init(_ rgb: UInt32) { self.rgb = rgb & 0xFFFFFF }

        /// The colour mixed with white; `amount` 0 leaves it, 1 makes it white.
        public func lightened(_ amount: Double) -> Colour {
            let share = min(max(amount, 0), 1)
            let parts = [16, 8, 0].map { shift -> UInt32 in
                let part = Double((rgb >> UInt32(shift)) & 0xFF)
                return UInt32((part + (255 - part) * share).rounded()) << UInt32(shift)
            }
            return Colour(parts.reduce(0, |))
        }

        /// `#rrggbb`.
        public var hexadecimal: String {
            let digits = String(rgb, radix: 16)
            return "#" + String(repeating: "0", count: 6 - digits.count) + digits
        }
    }

    public enum Marker: Equatable, Sendable, CaseIterable {
        case circle, square, triangle, diamond, downTriangle, openCircle, openSquare, openDiamond
    }

    public enum Dash: Equatable, Sendable {
        case solid, long, short, dashDot
    }

    /// `faint` is for raw values behind a smoothed line, `strong` for what the eye should follow.
    public enum Weight: Equatable, Sendable {
        case faint, normal, strong
    }

    public var colour: Colour
    /// nil draws no marker on a line.
    public var marker: Marker?
    public var dash: Dash
    public var weight: Weight

    public init(colour: Colour, marker: Marker? = nil, dash: Dash = .solid, weight: Weight = .normal) {
        self.colour = colour
        self.marker = marker
        self.dash = dash
        self.weight = weight
    }

    /// The same look in another weight; faint lines are solid and have no markers.
    public func with(weight: Weight) -> SeriesStyle {
        var style = self
        style.weight = weight
        if weight == .faint {
            style.marker = nil
            style.dash = .solid
        }
        return style
    }
}
