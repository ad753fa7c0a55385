import Interruption
import Language

/// Whole text files.
public enum TextFile {
    /// - Throws: `RuntimeError` naming the path and the reason, and the line of a byte that is not UTF-8.
    static func read(_ path: String) throws -> String { try value(of: path).text }

    /// The same as a value of a script's.
    static func value(of path: String) throws -> StringObject {
        let file = try FileReader(path)
        let bytes = try file.readAll(
            limit: Limits.stringBytes,
            RuntimeError("\(path) is larger than a string can be: \(Limits.stringBytes >> 20) MiB", code: "E231"))
        return try string(bytes, path)
    }

    /// - Throws: `RuntimeError` naming the path and the reason; then the file is as it was.
    public static func write(_ text: String, to path: String) throws { try write(StringObject(text), to: path) }

    static func write(_ text: StringObject, to path: String) throws {
        let file = try FileWriter(path)
        try text.withBytes { try file.append($0) }
        try file.commit()
    }

    /// Put together from pieces, so that Ctrl-C need not wait for a large one.
    private static func string(_ bytes: UnsafeRawBufferPointer, _ path: String) throws -> StringObject {
        try StringObject(byteCount: bytes.count) { place in
            var start = 0
            while start < bytes.count {
                try Interruption.check()
                var end = min(start + pieceSize, bytes.count)
                // Not within a character.
                while end < bytes.count, end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
                let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<max(end, start + 1)])
                guard String(validating: piece.bindMemory(to: UInt8.self), as: UTF8.self) != nil else {
                    let lines = piece.split(separator: 0x0A, omittingEmptySubsequences: false)
                    let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
                    let line = bytes[..<start].count { $0 == 0x0A } + bad + 1
                    throw RuntimeError("\(path):\(line): this is not UTF-8 text", code: "E300")
                }
                UnsafeMutableRawPointer(place + start).copyMemory(from: piece.baseAddress!, byteCount: piece.count)
                start += piece.count
            }
        }
    }

    private static let pieceSize = 1 << 20
}
