/// A function of the library as a value, with the receiver if it was taken from one (`f = model.generate`).
public final class NativeFunctionObject: Object {
    public let function: NativeFunction
    public let receiver: Value?
    let variadicIndex: Int?
    /// The parameters' names.
    let names: [String]
    let body: (NativeCall) throws -> Value
    let quick: NativeFunction.Quick?
    /// For each parameter what it takes, as a set of `ParameterType.Kinds`: a quick look before the thorough one.
    let accepted: [UInt16]
    /// How many arguments a call must give by position if it gives none by name.
    let required: Int

    public init(_ function: NativeFunction, receiver: Value? = nil) {
        self.function = function
        self.receiver = receiver
        variadicIndex = function.parameters.firstIndex(where: \.isVariadic)
        names = function.parameters.map(\.name)
        body = function.body
        quick = receiver == nil ? function.quick : nil
        accepted = function.parameters.map(\.acceptedKinds)
        required = (function.parameters.lastIndex { !$0.isOptional } ?? -1) + 1
        super.init(kind: .nativeFunction)
    }

    /// Whether the arguments are surely of the parameters' types.
    @inline(__always)
    func accepts(_ arguments: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
        for index in 0..<count where accepted[index] & ParameterType.kind(of: arguments + index) == 0 { return false }
        return true
    }

    public override var typeName: String { "Function" }
}

/// A set of named values: a part of the library such as `model`, or an imported file.
public final class NamespaceObject: Object {
    public let name: String
    private var ownMembers: [String: Value] = [:]
    /// Set for an imported file: its names.
    let module: Module?

    public init(name: String) {
        self.name = name
        module = nil
        super.init(kind: .namespace)
    }

    init(module: Module) {
        name = module.name
        self.module = module
        super.init(kind: .namespace)
    }

    public override var typeName: String { "Namespace" }

    public func define(_ name: String, _ value: Value) { ownMembers[name] = value }

    public func member(_ name: String) -> Value? { module?.value(named: name) ?? ownMembers[name] }

    public var memberNames: [String] { ((module?.boundNames ?? []) + ownMembers.keys).sorted() }
}
