import Interruption
import JSON
import Language

/// JSON and JSON lines, in and out.
enum JSONFile {
    /// Bytes of a document; a longer one belongs into lines, which are read one at a time.
    private static let longestDocument = 2 << 30

    /// The value that a file holds.
    /// - Throws: `RuntimeError` with line and column.
    static func read(_ path: String) throws -> Value {
        let file = try FileReader(path)
        try file.skipByteOrderMark()
        let bytes = try file.readAll(
            limit: longestDocument,
            RuntimeError(
                "\(path) is larger than \(longestDocument >> 30) GiB", code: "E300",
                suggestion: "write one value a line, and read it with `stream_jsonl`"))
        var builder = ValueBuilder()
        return try value(bytes, &builder, name: path, whole: "text")
    }

    /// Begins to read a file of one value a line; lines without one are passed over.
    static func lines(_ path: String) throws -> () throws -> Value? {
        let lines = try LineReader(path)
        var builder = ValueBuilder()
        return {
            while let line = try lines.next() {
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
                return try value(line, &builder, name: path, whole: "line", firstLine: lines.number)
            }
            return nil
        }
    }

    private static func value(
        _ bytes: UnsafeRawBufferPointer, _ builder: inout ValueBuilder, name: String, whole: String, firstLine: Int = 1
    ) throws -> Value {
        do throws(JSONError) {
            var reader = JSONReader(bytes, builder, whole: whole)
            let value = try reader.document()
            builder = reader.builder
            return value
        } catch {
            try Interruption.check()
            let place = "\(name):\(error.line + firstLine - 1):\(error.column)"
            throw RuntimeError("\(place): not JSON: \(error.reason)", code: "E301")
        }
    }

    static func write(_ value: Value, to path: String) throws {
        let file = try FileWriter(path)
        var writer = ValueWriter(text: JSONText(indented: true), root: "value") { text in
            try hand(over: &text, to: file)
        }
        try writer.write(value)
        writer.text.bytes.append(UInt8(ascii: "\n"))
        try hand(over: &writer.text, to: file)
        try file.commit()
    }

    /// One line for each element that `next` gives.
    static func writeLines(_ next: () throws -> Value?, to path: String) throws {
        let file = try FileWriter(path)
        var number = 0
        while let value = try next() {
            file.bytes += try line(value, root: "rows[\(number)]")
            file.bytes.append(UInt8(ascii: "\n"))
            try Interruption.check()
            try file.flushIfLarge()
            number += 1
        }
        try file.commit()
    }

    /// One line for each value, as `writeLines` writes them.
    static func text(ofLines values: [Value]) throws -> String {
        let lines = try values.enumerated().map { try line($1, root: "rows[\($0)]") + [UInt8(ascii: "\n")] }
        return String(decoding: lines.joined(), as: UTF8.self)
    }

    static func append(_ value: Value, to path: String) throws {
        try FileWriter.append(line: try line(value, root: "record"), to: path)
    }

    /// A line as a whole, so that half a one is never written.
    private static func line(_ value: Value, root: String) throws -> [UInt8] {
        var writer = ValueWriter(text: JSONText(), root: root) { text in
            try Interruption.check()
            guard text.bytes.count <= FileReader.longestRecord else {
                throw RuntimeError(
                    "\(root) would be a line longer than \(FileReader.longestRecord >> 20) MiB", code: "E300",
                    suggestion: "write it as several lines")
            }
        }
        try writer.write(value)
        return writer.text.bytes
    }

    private static func hand(over text: inout JSONText, to file: FileWriter) throws {
        file.bytes += text.bytes
        text.bytes.removeAll(keepingCapacity: true)
        try Interruption.check()
        try file.flushIfLarge()
    }
}
