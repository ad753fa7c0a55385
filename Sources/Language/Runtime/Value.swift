/// Anything a script can hold. Sixteen bytes with its padding, and one class payload, so that the virtual machine's
/// stack is a plain array of them. Objects have reference semantics, as in Python.
public enum Value {
    case null
    case bool(Bool)
    /// 64 bits; overflow is an error.
    case int(Int)
    case float(Double)
    case object(Object)
}

extension Value {
    public static func string(_ text: String) -> Value { .object(StringObject(text)) }
    public static func list(_ elements: [Value]) -> Value { .object(ListObject(elements)) }
    public static func record(_ fields: KeyValuePairs<String, Value>) -> Value {
        .object(RecordObject(fields.map { ($0.key, $0.value) }))
    }

    public var object: Object? {
        if case .object(let object) = self { return object }
        return nil
    }

    public var asString: String? { stringObject?.text }

    var stringObject: StringObject? {
        guard case .object(let object) = self, object.kind == .string else { return nil }
        return unsafeDowncast(object, to: StringObject.self)
    }

    public var asList: ListObject? {
        guard case .object(let object) = self, object.kind == .list else { return nil }
        return unsafeDowncast(object, to: ListObject.self)
    }

    public var asRecord: RecordObject? {
        guard case .object(let object) = self, object.kind == .record else { return nil }
        return unsafeDowncast(object, to: RecordObject.self)
    }
    public var asInt: Int? {
        if case .int(let int) = self { return int }
        return nil
    }

    /// A Float, or an Int as one.
    public var asDouble: Double? {
        switch self {
        case .float(let double): double
        case .int(let int): Double(int)
        default: nil
        }
    }

    public var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// `Nil`, `Bool`, `Int`, `Float`, `String`, `List`, `Record`, `Range`, `Function` or the native object's own name.
    public var typeName: String {
        switch self {
        case .null: "Nil"
        case .bool: "Bool"
        case .int: "Int"
        case .float: "Float"
        case .object(let object): object.typeName
        }
    }

    /// The type in a sentence: `an Int`, `a String`, `nil`.
    public var typeInWords: String {
        if isNull { return "nil" }
        let name = typeName
        return (name.first.map { "AEIO".contains($0) } ?? false ? "an " : "a ") + name
    }
}
