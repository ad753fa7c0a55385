import Interruption
import JSON
import Language

/// Builds a script's values from JSON. Objects that lie equally deep mostly have the same names in the same order:
/// while one agrees with the last of its depth it gets that one's names, which all records of a file then share.
struct ValueBuilder: JSONBuilder {
    struct Shape {
        let names: [String]
        /// A record with these names, never shown to the script.
        let template: RecordObject

        init(_ record: RecordObject) {
            names = record.keys
            template = RecordObject(names.map { ($0, .null) })
        }
    }

    struct Members {
        /// What the object agrees with so far; then the values are here.
        var shape: Shape?
        var values: [Value] = []
        /// The object where it agrees with nothing.
        var record: RecordObject?

        /// The record of what is there, which may be less than the shape has.
        func whole() -> RecordObject { record ?? RecordObject(Array(zip(shape?.names ?? [], values))) }
    }

    /// The last object at each depth.
    private var shapes: [Shape?] = []
    /// Larger objects are tables of their own, each with other names.
    private static let mostNames = 100

    static func null() -> Value { .null }
    static func bool(_ value: Bool) -> Value { .bool(value) }
    static func int(_ value: Int) -> Value { .int(value) }
    static func largeInteger(_ rounded: Double) -> Value? { nil }
    static func double(_ value: Double) -> Value { .float(value) }
    static func string(_ value: String) -> Value { .string(value) }
    static func array(_ elements: [Value]) -> Value { .list(elements) }
    static func abandon(_ elements: [Value]) { Interruption.leave(elements) }
    static var shouldStop: Bool { Interruption.isRequested }

    func members(nesting: Int) -> Members {
        guard nesting < shapes.count, let shape = shapes[nesting] else { return Members(record: RecordObject()) }
        var members = Members(shape: shape)
        members.values.reserveCapacity(shape.names.count)
        return members
    }

    func add(_ value: Value, named name: String, to members: inout Members) -> Bool {
        if let names = members.shape?.names {
            if members.values.count < names.count, names[members.values.count] == name {
                members.values.append(value)
                return true
            }
            members.record = members.whole()
            members.shape = nil
        }
        guard let record = members.record, record[name] == nil else { return false }
        record[name] = value
        return true
    }

    mutating func object(_ members: Members, nesting: Int) -> Value {
        if let shape = members.shape, members.values.count == shape.names.count {
            return .object(RecordObject(namesOf: shape.template, members.values))
        }
        let record = members.whole()
        if record.count <= ValueBuilder.mostNames {
            while shapes.count <= nesting { shapes.append(nil) }
            shapes[nesting] = Shape(record)
        }
        return .object(record)
    }
}
