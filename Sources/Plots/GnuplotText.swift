/// Text and numbers in gnuplot's spelling. Everything that a user named goes through `quoted`: between single quotes
/// gnuplot knows neither backticks nor macros nor escapes, only the quote itself and the end of the line.
enum GnuplotText {
    /// A single-quoted string; line breaks and other control characters become spaces.
    /// A quote at the start, or after another, gets a space before it.
    static func quoted(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            // gnuplot 5.4 misreads a doubled quote right after another or at the start: a space keeps them apart.
            case "'": result += result.unicodeScalars.last == "'" ? " ''" : "''"
            case _ where isControl(scalar): result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }

    /// A quoted label of a tick, in which gnuplot would take % for the start of a number format.
    static func quotedTick(_ text: String) -> String {
        quoted(text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))
    }

    /// A number, shortest form that reads back the same; NaN, which gnuplot leaves out, for what is not finite.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "NaN" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return "\(value)"
    }

    /// A share of the canvas, to four places.
    static func share(_ value: Double) -> String { number((value * 10_000).rounded() / 10_000) }

    /// The text in ASCII, `?` for what has no place there.
    static func ascii(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isASCII ? $0 : replacement(for: $0) }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func replacement(for scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "·", "×": "*"
        case "–", "—", "−": "-"
        case "’", "‘": "'"
        default: "?"
        }
    }
}
