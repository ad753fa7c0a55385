import JSON
import Language

extension Value {
    /// The one value that a text in JSON holds.
    /// - Parameters:
    ///   - name: the file's name, for errors.
    ///   - firstLine: the number of the text's first line in that file.
    /// - Throws: `RuntimeError` with line and column.
    static func readingJSON(_ text: String, name: String, firstLine: Int = 1) throws -> Value {
        do {
            return Value(try JSONValue(parsing: text))
        } catch let error as JSONError {
            let place = "\(name):\(error.line + firstLine - 1):\(error.column)"
            throw RuntimeError("\(place): not JSON: \(error.reason)", code: "E301")
        }
    }

    private init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .int(int)
        case .double(let double): self = .float(double)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map { Value($0) })
        case .object(let members): self = .object(RecordObject(members.map { ($0.key, Value($0.value)) }))
        }
    }

    /// The value as JSON; whatever can be gone through becomes a list.
    /// - Throws: `RuntimeError` for a value that JSON has no form for: a function, NaN, a model.
    func json() throws -> JSONValue { try json(nesting: 0) }

    private func json(nesting: Int) throws -> JSONValue {
        guard nesting <= JSONValue.nestingLimit else {
            throw RuntimeError(
                "nested more than \(JSONValue.nestingLimit) deep, or holds itself: JSON cannot be written", code: "E302"
            )
        }
        switch self {
        case .null: return .null
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .int(int)
        case .float(let double):
            guard double.isFinite else { throw RuntimeError("JSON has no \(double)", code: "E302") }
            return .double(double)
        case .object(let string as StringObject): return .string(string.text)
        case .object(let record as RecordObject):
            let members = try record.pairs.map { ($0.0, try $0.1.json(nesting: nesting + 1)) }
            return .object(JSONObject(uniqueKeysWithValues: members))
        case .object(let object):
            guard let elements = try iterated() else {
                throw RuntimeError("JSON has no form for a \(object.typeName)", code: "E302")
            }
            return .array(try elements.map { try $0.json(nesting: nesting + 1) })
        }
    }
}
