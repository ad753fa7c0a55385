/// The two streams that a session writes to, and the one live line that progress keeps at the bottom of a terminal.
///
/// Whoever prints while a progress line is shown goes through here, so that the line is taken off first and text and
/// bar never share a row.
import Glibc

public final class Console {
    /// What a stream is capable of.
    public struct Stream {
        /// Whether somebody looks at it: a terminal that can be redrawn.
        public var isTerminal: Bool
        /// Whether colour is wanted.
        public var hasColour: Bool
        public var write: (String) -> Void
        /// Columns, asked for each time because windows change.
        public var columns: () -> Int
        public var rows: () -> Int
        /// Whether characters beyond ASCII are shown.
        public var hasUnicode: Bool
        /// The window's size in pixels where the terminal shows sixel graphics; nil elsewhere.
        public var pixels: () -> (width: Int, height: Int)?

        public init(
            isTerminal: Bool = false, hasColour: Bool = false, hasUnicode: Bool = true,
            columns: @escaping () -> Int = { 80 }, rows: @escaping () -> Int = { 24 },
            pixels: @escaping () -> (width: Int, height: Int)? = { nil },
            write: @escaping (String) -> Void
        ) {
            self.isTerminal = isTerminal
            self.hasColour = hasColour
            self.hasUnicode = hasUnicode
            self.columns = columns
            self.rows = rows
            self.pixels = pixels
            self.write = write
        }
    }

    public let output: Stream
    public let error: Stream
    /// Told everything that is printed and reported, for a log.
    public var listener: ((String) -> Void)?
    /// Keeps what is printed as well, while a cell of a notebook runs.
    public var recorder: OutputRecorder?
    private var liveLine = ""

    public init(output: Stream, error: Stream) {
        self.output = output
        self.error = error
    }

    /// Whether what was written last to the output ended its line.
    public private(set) var isAtLineStart = true

    /// Writes text to standard output as it is.
    public func print(_ text: String) {
        guard !text.isEmpty else { return }
        clearLiveLine()
        listener?(text)
        recorder?.print(text)
        output.write(text)
        isAtLineStart = text.utf8.last == UInt8(ascii: "\n")
    }

    /// Writes text to standard error as it is, on a line of its own.
    public func report(_ text: String) {
        guard !text.isEmpty else { return }
        clearLiveLine()
        if output.isTerminal && error.isTerminal { endLine() }
        listener?(text)
        error.write(text)
    }

    /// Ends a line that was begun on the output.
    public func endLine() {
        if !isAtLineStart { print("\n") }
    }

    /// Shows `line` in place of the live line before it. Only on a terminal.
    public func showLive(_ line: String) {
        guard error.isTerminal, line != liveLine else { return }
        if liveLine.isEmpty && output.isTerminal { endLine() }
        error.write("\r" + line + "\u{1B}[K")
        liveLine = line
    }

    /// Takes the live line off the screen.
    public func clearLiveLine() {
        guard !liveLine.isEmpty else { return }
        liveLine = ""
        error.write("\r\u{1B}[K")
    }
}

extension Console {
    /// The console of this process. Standard output that nobody reads any more ends the process as SIGPIPE would.
    public static func standard(environment: (String) -> String? = Console.environment) -> Console {
        let terminal = environment("TERM") ?? ""
        let encoding = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).first { !$0.isEmpty } ?? ""
        let hasUnicode = encoding.uppercased().contains("UTF")
        let wantsColour = (environment("NO_COLOR") ?? "").isEmpty && terminal != "dumb"
        return Console(
            output: stream(1, terminal: terminal, wantsColour: wantsColour, hasUnicode: hasUnicode),
            error: stream(2, terminal: terminal, wantsColour: wantsColour, hasUnicode: hasUnicode))
    }

    /// A variable of the environment.
    public static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func stream(_ descriptor: Int32, terminal: String, wantsColour: Bool, hasUnicode: Bool) -> Stream {
        let isTerminal = isatty(descriptor) == 1
        return Stream(
            isTerminal: isTerminal && !terminal.isEmpty && terminal != "dumb",
            hasColour: isTerminal && wantsColour && !terminal.isEmpty,
            hasUnicode: hasUnicode,
            columns: { Self.size(descriptor).columns },
            rows: { Self.size(descriptor).rows },
            pixels: { TerminalGraphics.shared.pixels(of: descriptor) },
            write: { Self.write($0, to: descriptor) })
    }

    private static func size(_ descriptor: Int32) -> (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return (80, 24) }
        return (size.ws_col > 0 ? Int(size.ws_col) : 80, size.ws_row > 0 ? Int(size.ws_row) : 24)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        let failure = text.withUTF8 { writeAll($0, to: descriptor) }
        guard let failure, descriptor == 1 else { return }
        if failure == EPIPE {
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        let message = Array("error: cannot write to standard output: \(String(cString: strerror(failure)))\n".utf8)
        _ = message.withUnsafeBufferPointer { writeAll($0, to: 2) }
        exit(1)
    }

    /// Writes every byte; gives the error number where that fails.
    private static func writeAll(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32? {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
