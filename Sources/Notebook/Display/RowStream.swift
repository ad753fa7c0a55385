import Models

/// Shows the rows of a group while they are written. One row simply flows; several have a line each, which on a terminal are
/// redrawn in place with the end of their text, and elsewhere are written when their row is done.
final class RowStream {
    /// Seconds between two redrawings.
    private static let interval = 0.05

    private let console: Console
    private var decoders: [StreamingDecoder]
    private var texts: [String]
    private var isDone: [Bool]
    private var linesShown = 0
    private var nextTime = 0.0

    init(console: Console, tokenizer: any Tokenizer, width: Int) {
        self.console = console
        decoders = Array(repeating: StreamingDecoder(tokenizer), count: max(width, 1))
        texts = Array(repeating: "", count: max(width, 1))
        isDone = Array(repeating: false, count: max(width, 1))
    }

    func show(_ event: TokenEvent) {
        var piece = event.isStop ? "" : decoders[event.row].append(event.token)
        if event.isLast { piece += decoders[event.row].finish() }
        texts[event.row] += piece
        isDone[event.row] = event.isLast
        if texts.count == 1 {
            console.print(piece)
        } else if console.output.isTerminal {
            let now = ProgressReporter.monotonicSeconds()
            guard now >= nextTime else { return }
            nextTime = now + Self.interval
            redraw()
        } else if event.isLast {
            console.print(line(event.row, columns: .max) + "\n")
        }
    }

    /// Leaves the last state on the screen.
    func end() {
        if texts.count == 1 {
            console.endLine()
        } else if console.output.isTerminal {
            redraw()
        } else {
            for row in texts.indices where !isDone[row] && !texts[row].isEmpty { console.print(line(row, columns: .max) + "\n") }
        }
    }

    private func redraw() {
        let columns = console.output.columns() - 1
        let up = linesShown > 0 ? "\u{1B}[\(linesShown)A\r" : ""
        console.print(up + texts.indices.map { line($0, columns: columns) + "\u{1B}[K\n" }.joined())
        linesShown = texts.count
    }

    /// `3  the end of the text`, no wider than the terminal.
    private func line(_ row: Int, columns: Int) -> String {
        let head = String(row + 1) + (isDone[row] ? ". " : "  ")
        let text = texts[row].replacing("\n", with: " ⏎ ")
        let room = columns - head.count
        // Wide characters take two columns: count those outside Latin as such, so that no line wraps.
        var used = 0
        let tail = text.reversed().prefix { character in
            used += character.unicodeScalars.first.map { $0.value >= 0x1100 } == true ? 2 : 1
            return used <= room
        }
        return head + String(tail.reversed())
    }
}
