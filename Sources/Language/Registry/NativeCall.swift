import Interruption

/// One call of a native function, arguments checked against the parameters' types. Valid only while the body runs.
public struct NativeCall {
    public let interpreter: Interpreter
    let object: NativeFunctionObject
    public var function: NativeFunction { object.function }
    /// What a method was called on; `.null` for a function.
    public let receiver: Value
    /// In the parameters' order; unbound where not given.
    let arguments: UnsafeMutablePointer<Value>

    /// The method's receiver as the class it must be.
    public func receiver<T: Object>(as type: T.Type) throws -> T {
        guard let object = receiver.object as? T else {
            throw RuntimeError("`\(function.name)` was called on a \(receiver.typeName)", code: "E203")
        }
        return object
    }

    /// Whether the call gave this argument, by position or by name (nil does not count where it means "not given").
    public func wasGiven(_ name: String) -> Bool {
        let given = arguments[index(name)]
        return !given.isUnbound && !(given.isNull && function.parameters[index(name)].acceptsNull)
    }

    /// The argument, else the default, else nil.
    public func value(_ name: String) -> Value { argument(index(name)) }

    public func bool(_ name: String) throws -> Bool {
        if case .bool(let bool) = value(name) { return bool }
        throw mismatch(name, "Bool")
    }

    public func int(_ name: String) throws -> Int {
        if case .int(let int) = value(name) { return int }
        throw mismatch(name, "Int")
    }

    /// An Int counts as a Float.
    public func float(_ name: String) throws -> Double {
        guard let double = value(name).asDouble else { throw mismatch(name, "Float") }
        return double
    }

    public func string(_ name: String) throws -> String {
        guard let string = value(name).asString else { throw mismatch(name, "String") }
        return string
    }

    /// The string itself, for functions that look at its bytes.
    package func text(_ name: String) throws -> StringObject {
        guard let string = value(name).stringObject else { throw mismatch(name, "String") }
        return string
    }

    public func list(_ name: String) throws -> ListObject {
        guard let list = value(name).asList else { throw mismatch(name, "List") }
        return list
    }

    public func record(_ name: String) throws -> RecordObject {
        guard let record = value(name).asRecord else { throw mismatch(name, "Record") }
        return record
    }

    public func object<T: Object>(_ name: String, as type: T.Type) throws -> T {
        guard let object = value(name).object as? T else { throw mismatch(name, "\(T.self)") }
        return object
    }

    /// The elements of a list, a range, a string, a record's keys, or a native object that has some.
    public func elements(_ name: String) throws -> [Value] {
        guard let elements = try value(name).iterated() else { throw mismatch(name, "List or Range") }
        return elements
    }

    /// The same elements one at a time, so that those of `Rows` are never held together.
    public func forEach(_ name: String, _ body: (Value) throws -> Void) throws {
        guard let next = try value(name).stream() else { throw mismatch(name, "List or Range") }
        while let element = try next() {
            try Interruption.check()
            try body(element)
        }
    }

    public func optionalInt(_ name: String) throws -> Int? { value(name).isNull ? nil : try int(name) }
    /// A number of things, of which there is at least one.
    public func optionalCount(_ name: String) throws -> Int? {
        guard let count = try optionalInt(name) else { return nil }
        guard count >= 1 else { throw RuntimeError("\(name) is \(count), but must be 1 or more", code: "E203") }
        return count
    }
    public func optionalFloat(_ name: String) throws -> Double? { value(name).isNull ? nil : try float(name) }
    public func optionalString(_ name: String) throws -> String? { value(name).isNull ? nil : try string(name) }
    public func optionalList(_ name: String) throws -> ListObject? { value(name).isNull ? nil : try list(name) }

    /// Calls a script's or the library's function.
    public func call(_ function: Value, _ arguments: [Value]) throws -> Value {
        try Interruption.check()
        return try interpreter.call(function, arguments)
    }

    /// The argument at a parameter's position, else the default, else nil.
    func argument(_ position: Int) -> Value {
        let given = arguments[position]
        return given.isUnbound ? object.function.parameters[position].defaultValue ?? .null : given
    }

    private func index(_ name: String) -> Int {
        for index in object.names.indices where object.names[index] == name { return index }
        fatalError("`\(function.name)` has no parameter `\(name)`: its record and its body disagree")
    }

    private func mismatch(_ name: String, _ expected: String) -> RuntimeError {
        RuntimeError.argument(name, of: function.name, expected: expected, given: value(name))
    }
}

extension RuntimeError {
    /// "`width` of `sample` must be Int, not String "8""
    public static func argument(_ name: String, of function: String, expected: String, given: Value) -> RuntimeError {
        RuntimeError("`\(name)` of `\(function)` must be \(expected), not \(Printer.withType(given))", code: "E203")
    }
}
