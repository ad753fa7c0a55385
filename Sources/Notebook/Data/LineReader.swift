import Glibc
import Language

/// The lines of a file, one at a time, whatever the file's size.
final class LineReader {
    private let file: FileReader
    /// The number of the line that was read last, from 1.
    private(set) var number = 0
    private var length = 0

    init(_ path: String) throws {
        file = try FileReader(path)
        try file.skipByteOrderMark()
    }

    /// The next line without its end, which is a line feed with or without a carriage return; nil behind the last one.
    /// Valid until the next call.
    func next() throws -> UnsafeRawBufferPointer? {
        file.advance(length)
        length = 0
        var searched = 0
        while true {
            let window = file.window
            if searched < window.count,
                let found = memchr(window.baseAddress! + searched, 0x0A, window.count - searched)
            {
                let end = UnsafeRawPointer(found) - window.baseAddress!
                length = end + 1
                return line(window, end)
            }
            if file.isAtEnd {
                guard !window.isEmpty else { return nil }
                length = window.count
                return line(window, window.count)
            }
            searched = window.count
            try file.readMore(limit: FileReader.longestRecord) { self.tooLong }
        }
    }

    private func line(_ window: UnsafeRawBufferPointer, _ end: Int) -> UnsafeRawBufferPointer {
        number += 1
        let hasReturn = end > 0 && window[end - 1] == 0x0D
        return UnsafeRawBufferPointer(rebasing: window[..<(hasReturn ? end - 1 : end)])
    }

    private var tooLong: RuntimeError {
        RuntimeError(
            "\(file.path):\(number + 1): the line is longer than \(FileReader.longestRecord >> 20) MiB", code: "E300")
    }
}
