/// Text that was written for a terminal, as it would stand there in the end.
enum TerminalText {
    /// Without colours and other escape sequences, with carriage returns, backspaces and the cursor's moves carried
    /// out.
    static func plain(_ text: String) -> String {
        let needsWork = text.utf8.contains {
            $0 < 32 && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\t") || $0 == 127
        }
        guard needsWork || text.unicodeScalars.contains(where: { (0x80..<0xA0).contains($0.value) }) else {
            return text
        }
        var screen = Screen()
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\u{1B}", "\u{9B}": screen.perform(sequence(after: scalar, in: &rest))
            default: screen.write(scalar)
            }
        }
        return screen.text
    }

    private struct Sequence {
        var final: Unicode.Scalar?
        var parameter: Int
    }

    /// Reads the rest of an escape sequence: `[`, parameters and a letter; or a command up to its end.
    private static func sequence(after escape: Unicode.Scalar, in rest: inout Substring.UnicodeScalarView) -> Sequence {
        let nothing = Sequence(final: nil, parameter: 0)
        guard escape == "\u{9B}" || rest.first == "[" else {
            let isCommand = rest.first == "]" || rest.first == "P" || rest.first == "_"
            if !rest.isEmpty { rest.removeFirst() }
            guard isCommand else { return nothing }
            while let scalar = rest.popFirst(), scalar != "\u{7}", scalar != "\u{9C}" {
                if scalar == "\u{1B}" {
                    if rest.first == "\\" { rest.removeFirst() }
                    break
                }
            }
            return nothing
        }
        if escape != "\u{9B}" { rest.removeFirst() }
        var digits = ""
        while let scalar = rest.first, (0x20..<0x40).contains(scalar.value) {
            digits.unicodeScalars.append(scalar)
            rest.removeFirst()
        }
        let final = rest.popFirst()
        return Sequence(final: final, parameter: Int(digits) ?? 1)
    }

    /// Lines of characters and a cursor.
    private struct Screen {
        private var lines: [[Unicode.Scalar]] = [[]]
        private var row = 0
        private var column = 0

        var text: String {
            lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
        }

        mutating func write(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "\n":
                row += 1
                column = 0
                if row == lines.count { lines.append([]) }
            case "\r": column = 0
            case "\u{8}": column = max(0, column - 1)
            case "\t": put(scalar)
            default:
                guard scalar.value >= 32, scalar.value != 127, !(0x80..<0xA0).contains(scalar.value) else { return }
                put(scalar)
            }
        }

        private mutating func put(_ scalar: Unicode.Scalar) {
            if column < lines[row].count {
                lines[row][column] = scalar
            } else {
                lines[row] += Array(repeating: " ", count: column - lines[row].count) + [scalar]
            }
            column += 1
        }

        mutating func perform(_ sequence: Sequence) {
            switch sequence.final {
            case "A": row = max(0, row - max(1, min(sequence.parameter, row)))
            case "K": lines[row].removeLast(max(0, lines[row].count - column))
            default: break
            }
        }
    }
}
