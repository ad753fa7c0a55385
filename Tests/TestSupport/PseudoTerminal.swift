/// A program behind a pseudo-terminal: keys in, screen out.
import Glibc

public final class PseudoTerminal {
    public let processIdentifier: pid_t
    private let controller: Int32
    private var status: Int32?
    /// Everything that the program has written so far.
    public private(set) var transcript = ""
    /// What a terminal of this size shows after it.
    public private(set) var screen: TerminalScreen
    /// Bytes of a character that has not come whole.
    private var undecoded: [UInt8] = []
    private var searchStart = 0
    private var bytes: [UInt8] = []

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Starts `program` as the leader of a session whose terminal this is.
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], columns: Int = 80,
        rows: Int = 24
    ) throws {
        screen = TerminalScreen(columns: columns, rows: rows)
        // posix_openpt and its relatives are hidden from Swift; these are the requests behind them.
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        guard controller >= 0, ioctl(controller, 0x4004_5431 /* TIOCSPTLCK */, &unlocked) == 0,
            ioctl(controller, 0x8004_5430 /* TIOCGPTN */, &number) == 0
        else { throw Failure(description: "no pseudo-terminal: \(String(cString: strerror(errno)))") }
        let path = "/dev/pts/\(number)"
        // The size is set on the terminal's side, which must be open for it to hold.
        let terminal = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
        defer { close(terminal) }
        processIdentifier = try Self.spawn(program, arguments, environment, terminal: path)
    }

    deinit {
        if status == nil {
            kill(processIdentifier, SIGKILL)
            var ignored: Int32 = 0
            waitpid(processIdentifier, &ignored, 0)
        }
        close(controller)
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String], terminal: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, 0x80 /* POSIX_SPAWN_SETSID */)
        var identifier = pid_t()
        let code = withCStrings([program] + arguments) { argv in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                posix_spawn(&identifier, program, &actions, &attributes, argv, variables)
            }
        }
        guard code == 0 else {
            throw Failure(description: "cannot start \(program): \(String(cString: strerror(code)))")
        }
        return identifier
    }

    private static func withCStrings<R>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }

    /// Presses keys.
    public func send(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = bytes.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
    }

    /// Changes the size of the window.
    public func resize(columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
    }

    /// Waits until `text` has come after what was waited for before.
    /// - Throws: `Failure` with the transcript when it does not come within `seconds`, or the program ends first.
    public func expect(_ text: String, within seconds: Double = 20) throws {
        let wanted = Array(text.utf8)
        let deadline = Self.now() + seconds
        while true {
            if let end = Self.find(wanted, in: bytes, from: searchStart) {
                searchStart = end
                return
            }
            guard Self.now() < deadline, readSome(until: deadline) else {
                throw Failure(description: "`\(text)` did not come; so far: \(String(reflecting: transcript))")
            }
        }
    }

    /// The exit status, or 128 + the signal that ended the program.
    public func waitForExit(within seconds: Double = 20) throws -> Int {
        let deadline = Self.now() + seconds
        while Self.now() < deadline {
            var code: Int32 = 0
            if waitpid(processIdentifier, &code, WNOHANG) == processIdentifier {
                while readSome(until: Self.now() + 0.05) {}
                status = code
                return code & 0x7f == 0 ? Int(code >> 8 & 0xff) : 128 + Int(code & 0x7f)
            }
            if !readSome(until: Self.now() + 0.02) { usleep(5000) }
        }
        throw Failure(description: "the program did not end; so far: \(String(reflecting: transcript))")
    }

    /// Reads what is there, waiting until `deadline`; false when nothing came or the program has closed its side.
    private func readSome(until deadline: Double) -> Bool {
        var source = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
        let wait = Int32(max(0, min(1000, (deadline - Self.now()) * 1000)))
        guard poll(&source, 1, wait) >= 0 else { return errno == EINTR }
        guard source.revents != 0 else { return Self.now() < deadline }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(controller, &buffer, buffer.count)
        guard count > 0 else { return false }
        bytes += buffer.prefix(count)
        transcript = String(decoding: bytes, as: UTF8.self)
        show(buffer.prefix(count))
        return true
    }

    /// Characters and escape sequences may come in pieces.
    private func show(_ new: ArraySlice<UInt8>) {
        undecoded += new
        var end = undecoded.count
        while end > 0, undecoded.count - end < 4, String(validating: undecoded[..<end], as: UTF8.self) == nil {
            end -= 1
        }
        if let escape = undecoded[..<end].lastIndex(of: 0x1B),
            !undecoded[escape..<end].dropFirst(2).contains(where: { $0 >= 0x40 })
        {
            end = escape
        }
        screen.write(String(decoding: undecoded[..<end], as: UTF8.self))
        undecoded.removeFirst(end)
    }

    /// Waits until the screen, with what has scrolled off it, shows `text`; trailing spaces of rows do not count.
    /// - Throws: `Failure` with the screen when that does not come within `seconds`, or the program ends first.
    public func expectScreen(_ text: String, within seconds: Double = 20) throws {
        let deadline = Self.now() + seconds
        while !screen.text.contains(text) {
            guard Self.now() < deadline, readSome(until: deadline) else {
                throw Failure(description: "the screen does not show `\(text)`:\n\(screen.text)")
            }
        }
        searchStart = bytes.count
    }

    /// Waits until the cursor stands at a place, both counted from 0.
    public func expectCursor(row: Int, column: Int, within seconds: Double = 20) throws {
        let deadline = Self.now() + seconds
        while screen.row != row || screen.column != column {
            guard Self.now() < deadline, readSome(until: deadline) else {
                let place = "row \(screen.row), column \(screen.column)"
                throw Failure(description: "the cursor is in \(place), not \(row), \(column):\n\(screen.text)")
            }
        }
    }

    /// The settings of the terminal, as `stty -a` shows them.
    public var settings: [UInt32] {
        var state = termios()
        _ = tcgetattr(controller, &state)
        return [state.c_iflag, state.c_oflag, state.c_cflag, state.c_lflag]
    }

    private static func find(_ wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard !wanted.isEmpty, bytes.count >= start + wanted.count else { return nil }
        for position in start...(bytes.count - wanted.count)
        where bytes[position..<position + wanted.count].elementsEqual(wanted) {
            return position + wanted.count
        }
        return nil
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
