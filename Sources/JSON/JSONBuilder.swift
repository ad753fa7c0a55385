/// Makes values of some type from the parts of a document as they are read, so that a program's own values need no
/// detour over `JSONValue`.
@usableFromInline
package protocol JSONBuilder {
    associatedtype Value
    associatedtype Members

    static func null() -> Value
    static func bool(_ value: Bool) -> Value
    static func int(_ value: Int) -> Value
    /// A whole number beyond 64 bits, rounded; nil where that is an error.
    static func largeInteger(_ rounded: Double) -> Value?
    static func double(_ value: Double) -> Value
    static func string(_ value: String) -> Value
    static func array(_ elements: [Value]) -> Value
    /// Gets the elements of an array that is not read to its end because of an error.
    static func abandon(_ elements: [Value])
    /// Begins an object; the outermost array or object has nesting 1.
    func members(nesting: Int) -> Members
    /// - Returns: false where the name is there already.
    func add(_ value: Value, named name: String, to members: inout Members) -> Bool
    mutating func object(_ members: Members, nesting: Int) -> Value
    /// Whether to give up: asked at each array and object.
    static var shouldStop: Bool { get }
}

/// Builds `JSONValue`s. Whole numbers beyond 64 bits become the nearest double: configurations hold such numbers, and
/// mean "very large" by them.
struct JSONValueBuilder: JSONBuilder {
    static func null() -> JSONValue { .null }
    static func bool(_ value: Bool) -> JSONValue { .bool(value) }
    static func int(_ value: Int) -> JSONValue { .int(value) }
    static func largeInteger(_ rounded: Double) -> JSONValue? { .double(rounded) }
    static func double(_ value: Double) -> JSONValue { .double(value) }
    static func string(_ value: String) -> JSONValue { .string(value) }
    static func array(_ elements: [JSONValue]) -> JSONValue { .array(elements) }
    static func abandon(_ elements: [JSONValue]) {}
    func members(nesting: Int) -> JSONObject { [:] }
    func add(_ value: JSONValue, named name: String, to members: inout JSONObject) -> Bool {
        members.updateValue(value, forKey: name) == nil
    }
    func object(_ members: JSONObject, nesting: Int) -> JSONValue { .object(members) }
    static var shouldStop: Bool { false }
}
