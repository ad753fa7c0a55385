/// A field that every value of a native type has, such as `x.shape`.
public struct TypeField: Sendable {
    public let name: String
    /// As `NativeFunction.returns`: `List`, `Tensor`; `Nil or Tensor` where it may be missing.
    public let type: String

    public init(_ name: String, _ type: String) {
        self.name = name
        self.type = type
    }
}
