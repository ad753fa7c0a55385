import JSON
import Language

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
