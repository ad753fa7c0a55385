/// Says which class an object is, so that the virtual machine need not ask the runtime.
enum ObjectKind: UInt8 {
    case string, list, record, range, function, nativeFunction, namespace, native, cell, iterator, unbound
}

/// What `Value.object` holds.
open class Object {
    final let kind: ObjectKind
    /// Whether it may be part of a cycle; see `CycleCollector`.
    final var isSuspect = false
    /// Its number, from 1, among the objects that the collector looks at; 0 for all others.
    final var place: UInt32 = 0

    init(kind: ObjectKind) { self.kind = kind }

    /// The type's name as scripts see it.
    open var typeName: String { "Object" }
}

/// Stands in a variable's place while it has no value, and in an argument's place when it was not given.
final class UnboundObject: Object {
    init() { super.init(kind: .unbound) }
    nonisolated(unsafe) static let shared = UnboundObject()
}

extension Value {
    static var unbound: Value { .object(UnboundObject.shared) }

    var isUnbound: Bool {
        if case .object(let object) = self { return object.kind == .unbound }
        return false
    }
}
