import CGnuplot
import Glibc
import Interruption

/// One running gnuplot: takes commands, tells whether they went well.
final class GnuplotProcess {
    private let handle: OpaquePointer
    private var requests = 0

    /// - Throws: `PlotError.gnuplotMissing`, naming the package to install.
    init(executable: String) throws(PlotError) {
        var error: Int32 = 0
        guard let handle = cgnuplot_open(executable, &error) else {
            throw .gnuplotMissing(
                "cannot start `\(executable)` to draw the figure (\(GnuplotProcess.reason(error))): "
                    + "install it, for example with `apt-get install gnuplot-nox`; "
                    + "until then a figure can be saved as a .gp script")
        }
        self.handle = handle
    }

    deinit { cgnuplot_close(handle) }

    /// The process's number in the system.
    var number: Int32 { cgnuplot_process(handle) }

    /// Runs commands and waits until they are done. After an error the state of the process is unknown: drop it.
    /// - Throws: `PlotError.gnuplotFailed` with gnuplot's own message.
    func run(_ commands: String, timeout seconds: Int) throws(PlotError) {
        requests += 1
        let tag = "BRIDGE-ANSWER-\(requests)"
        let question = """
            print '\(tag) ', GPVAL_ERRNO
            if (GPVAL_ERRNO != 0) print GPVAL_ERRMSG
            print '\(tag) END'

            """
        try send("reset session\nset print '-'\nreset errors\n" + commands + question)
        let words = try answer(after: tag, until: "\(tag) END", milliseconds: seconds * 1000)
        if let words { throw .gnuplotFailed("gnuplot could not draw the figure: \(words)") }
    }

    /// Reads the answer to `run`; nil if all went well, else gnuplot's message.
    private func answer(after tag: String, until end: String, milliseconds: Int) throws(PlotError) -> String? {
        var lines: [String] = []
        var status: String?
        while true {
            let line = try readLine(milliseconds: milliseconds)
            if line == end { break }
            if status == nil {
                if line.hasPrefix(tag) { status = String(line.dropFirst(tag.count).filter { !$0.isWhitespace }) }
            } else {
                lines.append(line)
            }
        }
        if status == "0" { return nil }
        let words = lines.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.isEmpty ? "error \(status ?? "unknown")" : words
    }

    private func send(_ text: String) throws(PlotError) {
        let bytes = Array(text.utf8).map(CChar.init(bitPattern:))
        for start in stride(from: 0, to: bytes.count, by: GnuplotProcess.pieceSize) {
            try checkInterruption()
            let piece = bytes[start..<min(start + GnuplotProcess.pieceSize, bytes.count)]
            let result = piece.withUnsafeBufferPointer { cgnuplot_send_text(handle, $0.baseAddress, $0.count) }
            if result != Int32(CGNUPLOT_OK) { throw .gnuplotFailed(GnuplotProcess.stopped) }
        }
    }

    /// Bytes sent at once; gnuplot takes them in a few milliseconds.
    private static let pieceSize = 16_384

    /// Ends the process if somebody asked to stop: gnuplot itself hears nothing of that, and may draw for a minute.
    private func checkInterruption() throws(PlotError) {
        guard Interruption.isRequested else { return }
        cgnuplot_kill(handle)
        throw .interrupted
    }

    private func readLine(milliseconds: Int) throws(PlotError) -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        for _ in 0...(milliseconds / GnuplotProcess.patience) {
            let length = cgnuplot_read_line(handle, &buffer, buffer.count, Int32(GnuplotProcess.patience))
            if length >= 0 {
                return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            if length != Int(CGNUPLOT_TIMEOUT) { throw .gnuplotFailed(GnuplotProcess.stopped) }
            try checkInterruption()
        }
        throw .gnuplotFailed(
            "gnuplot gave no answer within \(milliseconds / 1000) s and was stopped: draw fewer points")
    }

    /// Milliseconds of waiting between two looks at whether somebody asked to stop.
    private static let patience = 10

    static let stopped = "gnuplot stopped before the figure was done; the next figure starts it anew"

    private static func reason(_ error: Int32) -> String {
        guard let text = strerror(error) else { return "error \(error)" }
        return String(cString: text)
    }
}
