import Glibc
import Synchronization

/// Whether the terminal shows sixel graphics. It is asked once, by the "device attributes" request that all terminals
/// know (DEC VT100 and later; attribute 4 is sixel), when the first figure is shown.
final class TerminalGraphics: Sendable {
    static let shared = TerminalGraphics()

    /// Milliseconds that the answer may take.
    private static let patience: Int32 = 300
    private let hasSixel = Mutex<Bool?>(nil)

    /// The window's size in pixels; nil where the terminal shows no pixels.
    func pixels(of descriptor: Int32) -> (width: Int, height: Int)? {
        guard isatty(STDIN_FILENO) == 1, isatty(descriptor) == 1, sixelIsShown(on: descriptor) else { return nil }
        var size = winsize()
        let known = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_xpixel > 100 && size.ws_ypixel > 100
        return known ? (Int(size.ws_xpixel), Int(size.ws_ypixel)) : (720, 480)
    }

    private func sixelIsShown(on descriptor: Int32) -> Bool {
        hasSixel.withLock { known in
            if let known { return known }
            // What is typed ahead must not be taken for the answer: then the question waits for the next figure.
            guard !Self.hasInput(within: 0) else { return false }
            let answer = Self.ask(descriptor)
            let attributes = answer.drop { $0 != "?" }.dropFirst().prefix { $0 != "c" }.split(separator: ";")
            known = attributes.contains("4")
            return known ?? false
        }
    }

    /// `ESC [ ? 62 ; 4 ; 22 c` of a terminal with sixel graphics; empty where none came.
    private static func ask(_ descriptor: Int32) -> String {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return "" }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else { return "" }
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        let question = Array("\u{1B}[c".utf8)
        guard write(descriptor, question, question.count) == question.count else { return "" }
        var answer = ""
        while !answer.hasSuffix("c"), answer.utf8.count < 100, hasInput(within: patience) {
            var byte: UInt8 = 0
            guard read(STDIN_FILENO, &byte, 1) == 1 else { break }
            answer.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return answer
    }

    private static func hasInput(within milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, milliseconds) > 0
    }
}
