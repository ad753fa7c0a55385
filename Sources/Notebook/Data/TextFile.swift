import Language

/// Whole text files.
enum TextFile {
    /// - Throws: `RuntimeError` naming the path and the reason, and the line of a byte that is not UTF-8.
    static func read(_ path: String) throws -> String {
        let file = try FileReader(path)
        let bytes = try file.readAll(
            limit: Limits.stringBytes,
            RuntimeError("\(path) is larger than a string can be: \(Limits.stringBytes >> 20) MiB", code: "E231"))
        return try string(bytes) { line in RuntimeError("\(path):\(line): this is not UTF-8 text", code: "E300") }
    }

    /// - Throws: `RuntimeError` naming the path and the reason; then the file is as it was.
    static func write(_ text: String, to path: String) throws {
        let file = try FileWriter(path)
        file.bytes = Array(text.utf8)
        try file.commit()
    }

    /// - Parameter failure: gets the line, counted from 1, of the first byte that is not UTF-8.
    static func string(_ bytes: UnsafeRawBufferPointer, _ failure: (Int) -> RuntimeError) throws -> String {
        if let text = String(validating: bytes.bindMemory(to: UInt8.self), as: UTF8.self) { return text }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        throw failure((lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1)
    }
}
