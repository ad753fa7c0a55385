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
        return try value(bytes, name: path, whole: "text")
    }

    /// Begins to read a file of one value a line; lines without one are passed over.
    static func lines(_ path: String) throws -> () throws -> Value? {
        let lines = try LineReader(path)
        return {
            while let line = try lines.next() {
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
                return try value(line, name: path, whole: "line", firstLine: lines.number)
            }
            return nil
        }
    }

    private static func value(
        _ bytes: UnsafeRawBufferPointer, name: String, whole: String, firstLine: Int = 1
    ) throws -> Value {
        do throws(JSONError) {
            var reader = JSONReader<ValueBuilder>(bytes, whole: whole)
            return try reader.document()
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

    static func append(_ value: Value, to path: String) throws {
        try FileWriter.append(line: try line(value, root: "record"), to: path)
    }

    private static func line(_ value: Value, root: String) throws -> [UInt8] {
        var writer = ValueWriter(text: JSONText(), root: root)
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

/// Builds a script's values from JSON.
enum ValueBuilder: JSONBuilder {
    static func null() -> Value { .null }
    static func bool(_ value: Bool) -> Value { .bool(value) }
    static func int(_ value: Int) -> Value { .int(value) }
    static func largeInteger(_ rounded: Double) -> Value? { nil }
    static func double(_ value: Double) -> Value { .float(value) }
    static func string(_ value: String) -> Value { .string(value) }
    static func array(_ elements: [Value]) -> Value { .list(elements) }
    static func members() -> RecordObject { RecordObject() }
    static func add(_ value: Value, named name: String, to members: inout RecordObject) -> Bool {
        guard members[name] == nil else { return false }
        members[name] = value
        return true
    }
    static func object(_ members: RecordObject) -> Value { .object(members) }
    static var shouldStop: Bool { Interruption.isRequested }
}

/// Writes a script's values as JSON; whatever can be gone through becomes an array.
struct ValueWriter {
    var text: JSONText
    /// What the outermost value is called in errors.
    let root: String
    /// Takes what was written so far, where a document is large.
    var flush: ((inout JSONText) throws -> Void)?
    private static let pieceSize = 1 << 16

    /// What JSON has no form for, and where: `.loss`, `[3]`, ... outermost last.
    private struct Unwritable: Error {
        var steps: [String] = []
        let reason: String
    }

    init(text: JSONText, root: String, flush: ((inout JSONText) throws -> Void)? = nil) {
        (self.text, self.root, self.flush) = (text, root, flush)
    }

    /// - Throws: `RuntimeError` that names the path to what JSON has no form for: a function, NaN, a model.
    mutating func write(_ value: Value) throws {
        do {
            try write(value, nesting: 0)
        } catch let problem as Unwritable {
            throw RuntimeError("\(root)\(problem.steps.reversed().joined()) \(problem.reason)", code: "E302")
        }
    }

    private mutating func write(_ value: Value, nesting: Int) throws {
        guard nesting <= JSONValue.nestingLimit else {
            throw RuntimeError(
                "\(root) is nested more than \(JSONValue.nestingLimit) deep, or holds itself: JSON cannot be written",
                code: "E302")
        }
        switch value {
        case .null: text.null()
        case .bool(let bool): text.bool(bool)
        case .int(let int): text.int(int)
        case .float(let double):
            guard double.isFinite else {
                throw Unwritable(reason: "is \(Printer.repr(value)), and JSON has no form for it")
            }
            text.double(double)
        case .object(let string as StringObject): text.string(string.text)
        case .object(let record as RecordObject): try write(record, nesting: nesting)
        case .object(let object):
            guard let next = try value.stream() else {
                throw Unwritable(reason: "is a \(object.typeName), and JSON has no form for it")
            }
            try write(next, nesting: nesting)
        }
        if text.bytes.count >= ValueWriter.pieceSize { try flush?(&text) }
    }

    private mutating func write(_ record: RecordObject, nesting: Int) throws {
        text.open("{")
        for (name, value) in record.pairs {
            text.name(name)
            do { try write(value, nesting: nesting + 1) } catch var problem as Unwritable {
                problem.steps.append(ValueWriter.isName(name) ? ".\(name)" : "[\(Printer.repr(.string(name)))]")
                throw problem
            }
        }
        text.close("}")
    }

    private mutating func write(_ next: () throws -> Value?, nesting: Int) throws {
        text.open("[")
        var index = 0
        while let element = try next() {
            text.next()
            do { try write(element, nesting: nesting + 1) } catch var problem as Unwritable {
                problem.steps.append("[\(index)]")
                throw problem
            }
            index += 1
        }
        text.close("]")
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.first, first.isLetter || first == "_" else { return false }
        return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
}
