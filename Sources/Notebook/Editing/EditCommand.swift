/// What a key does.
package enum EditCommand: Equatable {
    /// Enter: runs what is whole, otherwise begins a new line.
    case enter
    case newLine, closeBracket(Character), complete
    case left, right, wordLeft, wordRight, lineStart, lineEnd, textStart, textEnd, up, down
    /// Earlier and later entries of the history, whatever the line.
    case older, newer, search
    case deleteBack, deleteForward, deleteOrLeave, deleteWordBack, deleteWordForward
    case cutToLineEnd, cutToLineStart, paste, undo, swap
    case clearScreen, editOutside
    /// A key without a meaning.
    case none

    /// - Parameter key: one character, `ESC` and what belongs to it, or `Ctrl-X` and the key after it.
    package init(key: String) {
        if let command = Self.table[key] {
            self = command
        } else if let character = key.first, key.count == 1, ")]}".contains(character) {
            self = .closeBracket(character)
        } else if key == "\u{1B}OM" {
            self = .enter  // of the number pad
        } else if key.hasPrefix("\u{1B}[[") {
            self = .none  // a function key of the Linux console
        } else if key.hasPrefix("\u{1B}O"), key.count > 3 {
            self = Self.sequence("1;" + key.dropFirst(2))  // `ESC O 5 D`: the modifier alone
        } else if key.hasPrefix("\u{1B}[") || key.hasPrefix("\u{1B}O") {
            self = Self.sequence(key.dropFirst(2))
        } else {
            self = .none
        }
    }

    private static let table: [String: EditCommand] = [
        "\r": .enter, "\n": .enter, "\u{1B}\r": .newLine, "\u{1B}\n": .newLine, "\t": .complete,
        "\u{1}": .lineStart, "\u{5}": .lineEnd, "\u{2}": .left, "\u{6}": .right,
        "\u{1B}b": .wordLeft, "\u{1B}f": .wordRight, "\u{1B}<": .textStart, "\u{1B}>": .textEnd,
        "\u{10}": .older, "\u{E}": .newer, "\u{1B}p": .older, "\u{1B}n": .newer, "\u{12}": .search,
        "\u{7F}": .deleteBack, "\u{8}": .deleteBack, "\u{4}": .deleteOrLeave,
        "\u{17}": .deleteWordBack, "\u{1B}\u{7F}": .deleteWordBack, "\u{1B}\u{8}": .deleteWordBack,
        "\u{1B}d": .deleteWordForward, "\u{B}": .cutToLineEnd, "\u{15}": .cutToLineStart, "\u{19}": .paste,
        "\u{1F}": .undo, "\u{18}\u{15}": .undo, "\u{14}": .swap,
        "\u{C}": .clearScreen, "\u{18}\u{5}": .editOutside,
    ]

    /// `ESC [ parameters final` or `ESC O final`, from behind the second character. Modifiers are written `;2` (Shift)
    /// to `;8`; some terminals send Enter with a modifier as `13;2u` or `27;2;13~`.
    private static func sequence(_ text: Substring) -> EditCommand {
        let parameters = text.dropLast().split(separator: ";", omittingEmptySubsequences: false)
        let modifier = parameters.count > 1 ? parameters[1] : "1"
        let byWord = modifier != "1" && modifier != "2"
        switch text.last {
        case "A": return .up
        case "B": return .down
        case "C": return byWord ? .wordRight : .right
        case "D": return byWord ? .wordLeft : .left
        case "H": return byWord ? .textStart : .lineStart
        case "F": return byWord ? .textEnd : .lineEnd
        case "u" where parameters.first == "13": return .newLine
        case "~": return tilde(parameters, byWord)
        default: return .none
        }
    }

    private static func tilde(_ parameters: [Substring], _ byWord: Bool) -> EditCommand {
        switch parameters.first {
        case "1", "7": return byWord ? .textStart : .lineStart
        case "4", "8": return byWord ? .textEnd : .lineEnd
        case "3": return byWord ? .deleteWordForward : .deleteForward
        case "5": return .older
        case "6": return .newer
        case "27" where parameters.last == "13": return .newLine
        default: return .none
        }
    }
}
