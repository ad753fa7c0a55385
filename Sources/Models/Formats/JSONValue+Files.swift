import JSON

extension JSONValue {
    /// - Parameter source: what messages call the document, such as its path.
    /// - Throws: `ModelError` that names the place where the document stops being JSON.
    package init(parsing bytes: UnsafeRawBufferPointer, source: String) throws {
        do {
            try self.init(parsing: bytes)
        } catch {
            throw ModelError.damaged(
                source, "it is not JSON at line \(error.line), column \(error.column): \(error.reason)")
        }
    }

    /// - Throws: `ModelError` when the file cannot be read or is not JSON.
    package init(path: String) throws {
        let file = try MappedFile(path: path)
        self = try file.withBytes(in: 0..<file.byteCount) { try JSONValue(parsing: $0, source: path) }
    }
}
