// Looking at values where they lie, without taking part in their ownership: whoever asks holds the place's value.
extension UnsafeMutablePointer where Pointee == Value {
    /// What stands in a value's last byte when it is an object. `Machine` checks it once.
    static var objectTag: UInt8 { 3 }

    @inline(__always)
    var tag: UInt8 { UnsafeRawPointer(self).load(fromByteOffset: 8, as: UInt8.self) }

    @inline(__always)
    var holdsObject: Bool { tag == Self.objectTag }

    /// The object; only where there is one.
    @inline(__always)
    func reference<T: Object>(as type: T.Type) -> Unmanaged<T> {
        Unmanaged.fromOpaque(UnsafeRawPointer(self).load(as: UnsafeRawPointer.self))
    }

    /// The object if it is of that kind, which must be the class's.
    @inline(__always)
    func reference<T: Object>(_ kind: ObjectKind, as type: T.Type) -> Unmanaged<T>? {
        guard holdsObject else { return nil }
        guard reference(as: Object.self)._withUnsafeGuaranteedRef({ $0.kind }) == kind else { return nil }
        return reference(as: type)
    }

    /// Whether a variable has no value yet.
    @inline(__always)
    var isUnbound: Bool {
        holdsObject && reference(as: Object.self)._withUnsafeGuaranteedRef { $0.kind } == .unbound
    }
}
